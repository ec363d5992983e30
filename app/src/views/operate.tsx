/** For who runs a keeper: whether it lives, what it asks, what it did, what it costs, and what it warned of. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Fault, Waiting } from "../parts/basic.tsx";

import { Causes } from "./causes.tsx";
import { type Keeper, askKeeper } from "../state/figures.ts";
import type { Shown } from "./index.tsx";
import { Flow, Health, Money } from "./operate/now.tsx";
import { Acts, Nodes, Warnings } from "./operate/past.tsx";

const EVERY = 2_000;

export function Operate({ hasMetrics, market, state }: Shown) {
  return (
    <div class="grid">
      <Beside {...{ hasMetrics, head: state.head.number }}>
        <section class="card wide causes-beside" aria-label="What the market earned">
          <h2>What the market earned, by cause</h2>
          <Causes {...{ market, state }} />
        </section>
      </Beside>
    </div>
  );
}

interface Around {
  readonly hasMetrics: boolean;
  readonly head: number;
  readonly children: ComponentChildren;
}

/** The keeper that this page stands beside, around what the chain alone says. */
function Beside({ hasMetrics, head, children }: Around) {
  const [keeper, setKeeper] = useState<Keeper | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!hasMetrics) return;
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const found = await askKeeper();
        if (!ended) [setKeeper(found), setError(null)];
      } catch (fault) {
        if (!ended) setError(fault);
      }
      if (!ended) timer = setTimeout(look, EVERY);
    };
    void look();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, [hasMetrics]);
  return (
    <>
      {!hasMetrics && <NoKeeper />}
      {hasMetrics && !keeper && !error && (
        <div class="wide">
          <Waiting lines={12} label="Asking the keeper" />
        </div>
      )}
      {error ? (
        <div class="wide">
          <Fault error={error} />
        </div>
      ) : null}
      {keeper && <Now {...{ keeper, head }} />}
      {children}
      {keeper && <Past {...{ keeper, head }} />}
    </>
  );
}

function NoKeeper() {
  return (
    <section class="card wide">
      <h2>No keeper is shown here</h2>
      <p>A keeper's figures are for its operator. Beside one, on its machine:</p>
      <p class="code">TANDEM_METRICS__PORT=9000 tandem run</p>
      <p class="code">tandem ui --keeper http://127.0.0.1:9000</p>
    </section>
  );
}

function Now({ keeper, head }: { keeper: Keeper; head: number }) {
  return (
    <>
      <Health {...{ keeper, head }} />
      <Money figures={keeper.figures} />
      <Flow figures={keeper.figures} />
    </>
  );
}

function Past({ keeper, head }: { keeper: Keeper; head: number }) {
  return (
    <>
      <Nodes {...{ figures: keeper.figures, head }} />
      <Warnings keeper={keeper} />
      <Acts keeper={keeper} />
    </>
  );
}
