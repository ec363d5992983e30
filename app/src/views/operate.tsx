/** For who runs a keeper: whether it lives, what it asks, what it did, what it costs, and what it warned of. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Fault, Gain, Notice, Pairs, Waiting, fixed, percent, shortened, span } from "../parts/basic.tsx";
import { dateOf } from "../protocol/series.ts";

import { Causes } from "./causes.tsx";
import { type Figures, type Keeper, askKeeper, openMarkouts } from "../state/figures.ts";
import type { Shown } from "./index.tsx";

const EVERY = 2_000;
const WEI = 1e18;
const SHOWN = 25;

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
    const look = async (): Promise<void> => {
      try {
        const found = await askKeeper();
        if (!ended) [setKeeper(found), setError(null)];
      } catch (fault) {
        if (!ended) setError(fault);
      }
      if (!ended) setTimeout(look, EVERY);
    };
    void look();
    return () => {
      ended = true;
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

function Health({ keeper, head }: { keeper: Keeper; head: number }) {
  const { figures, health, ready } = keeper;
  const behind = head - figures.one("tandem_block_height");
  const isWell = health === "ok" && ready === "ok";
  return (
    <section class="card" aria-label="Heartbeat">
      <h2>Heartbeat</h2>
      <Notice kind={isWell ? "good" : "bad"}>
        <p>{isWell ? "It lives, and has what it needs." : `${health === "ok" ? "It lives" : health}; ${ready}`}</p>
      </Notice>
      <Pairs
        label="Heartbeat's figures"
        rows={[
          ["last good cycle", `${span(figures.one("tandem_since_success_seconds"))} ago`],
          ["block it saw", `${fixed(figures.one("tandem_block_height"), 0)}${behind > 2 ? `, ${behind} behind` : ""}`],
          [
            "cycles, failed",
            `${fixed(figures.one("tandem_cycle_seconds_count"), 0)}, ${fixed(figures.one("tandem_cycles_failed_total"), 0)}`,
          ],
          ["half of cycles take at most", `${fixed(figures.quantile("tandem_cycle_seconds", 0.5), 2)} s`],
          ["99 of 100 take at most", `${fixed(figures.quantile("tandem_cycle_seconds", 0.99), 2)} s`],
          ["left undone in the last plan", fixed(figures.one("tandem_notes"), 0)],
        ]}
      />
    </section>
  );
}

function Money({ figures }: { figures: Figures }) {
  const paid = figures.sum("tandem_paid_wei_total") / WEI;
  return (
    <section class="card" aria-label="Gas">
      <h2>Gas</h2>
      <Pairs
        label="Gas figures"
        rows={[
          ["account holds", `${fixed(figures.one("tandem_account_balance_eth"), 4)} ETH`],
          ["paid since it began", `${fixed(paid, 6)} ETH`],
          ["gas used", fixed(figures.sum("tandem_gas_used_total"), 0)],
          ["one act that can wait may cost", `${fixed(figures.one("tandem_action_cap_eth"), 4)} ETH`],
          ["signed and in no block yet", fixed(figures.one("tandem_open_transactions"), 0)],
        ]}
      />
      <h3>By what it was for</h3>
      <Pairs
        label="Gas by kind"
        rows={figures
          .of("tandem_paid_wei_total")
          .filter(({ value }) => value > 0)
          .map(({ labels, value }) => [labels["kind"] ?? "", `${fixed(value / WEI, 6)} ETH`])}
      />
    </section>
  );
}

/** What traders' fills left to LPs, the hedge in its band, and the venue. */
function Flow({ figures }: { figures: Figures }) {
  const venue = figures.of("tandem_venue_basis")[0]?.labels["venue"] ?? "";
  const { fills, mean } = openMarkouts(figures);
  return (
    <section class="card" aria-label="Hedge and flow">
      <h2>Hedge and flow</h2>
      <Pairs
        label="Flow figures"
        rows={[
          ["residual", fixed(figures.one("tandem_residual_asset"), 4)],
          ["hard band", `± ${fixed(figures.one("tandem_hard_band_asset"), 4)}`],
          ["margin lacking", `${fixed(figures.one("tandem_margin_lacking_usd"))} USD`],
          [
            "surface",
            `${span(figures.one("tandem_surface_age_seconds"))} of ${span(figures.one("tandem_surface_age_limit_seconds"))}`,
          ],
          ["venue", venue ? shortened(venue) : "–"],
          ["its price over the index", percent(figures.one("tandem_venue_basis"), 3)],
          ["our position pays a day", percent(figures.one("tandem_venue_funding_day"), 4)],
          ["its depth", `${fixed(figures.one("tandem_venue_depth_usd"), 0)} USD`],
          ["opens seen again after an hour", fixed(fills, 0)],
          [
            "LPs keep of one, on average",
            fills > 0 ? <Gain amount={mean} text={`${fixed(mean)} USD`} /> : "too few opens",
          ],
          [
            "half-spread, and what fills advise",
            `${percent(figures.one("tandem_half_spread"), 2)}, ${percent(figures.one("tandem_half_spread_advised"), 2)}`,
          ],
        ]}
      />
    </section>
  );
}

function Nodes({ figures, head }: { figures: Figures; head: number }) {
  const nodes = figures.of("tandem_node_up");
  const figure = (name: string, node: string): number =>
    figures.of(name).find(({ labels }) => labels["node"] === node)?.value ?? NaN;
  return (
    <section class="card wide" aria-label="Nodes">
      <h2>Nodes</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Nodes, one a line">
        <table class="stacked">
          <thead>
            <tr>
              <th class="text" scope="col">
                node
              </th>
              <th scope="col">answers</th>
              <th scope="col">block</th>
              <th scope="col">behind</th>
              <th scope="col">a request takes</th>
              <th scope="col">fails</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map(({ labels, value }) => {
              const node = labels["node"] ?? "";
              const height = figure("tandem_node_block_height", node);
              return (
                <tr key={node}>
                  <td class="text code">{node}</td>
                  <td data-label="answers" class={value ? "gain" : "loss"}>
                    {value ? "yes" : "no"}
                  </td>
                  <td class="number" data-label="block">
                    {fixed(height, 0)}
                  </td>
                  <td class="number" data-label="behind">
                    {fixed(Math.max(head - height, 0), 0)}
                  </td>
                  <td class="number" data-label="a request takes">
                    {fixed(figure("tandem_node_latency_seconds", node) * 1_000, 1)} ms
                  </td>
                  <td class="number" data-label="fails">
                    {percent(figure("tandem_node_error_share", node))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const BESIDES = new Set(["time", "level", "event"]);

function Warnings({ keeper }: { keeper: Keeper }) {
  return (
    <section class="card wide" aria-label="Warnings">
      <h2>Warnings</h2>
      {keeper.warnings.length === 0 && <p>None since it began.</p>}
      <ul class="lines">
        {keeper.warnings.slice(0, SHOWN).map((each, i) => (
          <li key={i}>
            <span class="code number">{each.time ?? ""}</span> <strong>{String(each.event ?? "")}</strong>{" "}
            <span class="about">
              {Object.entries(each)
                .filter(([name, value]) => !BESIDES.has(name) && value !== null)
                .map(([name, value]) => `${name} ${String(value)}`)
                .join(", ")}
            </span>
          </li>
        ))}
      </ul>
      <p class="about">
        What each means and what to do is in the operators' guide. Who is not looking is told by{" "}
        <code>tandem alerts</code>.
      </p>
    </section>
  );
}

function Acts({ keeper }: { keeper: Keeper }) {
  return (
    <section class="card wide" aria-label="Journal">
      <h2>Journal</h2>
      {keeper.acts.length === 0 && <p>Nothing it did is in a block yet.</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label="The journal, one act a line">
        <table class="stacked">
          <thead>
            <tr>
              <th class="text" scope="col">
                act
              </th>
              <th class="text" scope="col">
                became
              </th>
              <th scope="col">block</th>
              <th scope="col">nonce</th>
              <th scope="col">gas</th>
              <th scope="col">ETH</th>
              <th class="text" scope="col">
                hash
              </th>
              <th class="text" scope="col">
                why
              </th>
            </tr>
          </thead>
          <tbody>
            {keeper.acts.slice(0, SHOWN).map((act) => (
              <tr key={act.id}>
                <td class="text">
                  {act.id} {act.kind}
                </td>
                <td class={`text ${act.state === "mined" ? "" : "loss"}`}>{act.state}</td>
                <td class="number" data-label="block">
                  {act.block.toLocaleString("en-US")}
                </td>
                <td class="number" data-label="nonce">
                  {act.nonce ?? ""}
                </td>
                <td class="number" data-label="gas">
                  {act.gas_used?.toLocaleString("en-US") ?? ""}
                </td>
                <td class="number" data-label="ETH">
                  {act.paid === null ? "" : fixed(act.paid / WEI, 6)}
                </td>
                <td class="text code">{act.hash ? shortened(act.hash) : ""}</td>
                <td class="text">{act.note ? `${dated(act.reason)} (${act.note})` : dated(act.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="about">
        <code>tandem journal</code> has all of it, with filters.
      </p>
    </section>
  );
}

/** A keeper says of an expiry when it is, in seconds. */
const dated = (reason: string): string =>
  reason.replace(/\bexpiry (\d{10})\b/, (_, at: string) => `expiry ${dateOf(Number(at))}`);
