/** What was sent before this page was loaded, followed until a block has it or the visitor lets it go. */

import { useEffect, useRef, useState } from "preact/hooks";

import { type Receipt, follow } from "../chain/receipts.ts";
import { type Pending, forget, pendingOn } from "../chain/pending.ts";
import { Replaced } from "../chain/replaced.ts";
import type { Market } from "../state/market.ts";
import { Fault, Notice } from "./basic.tsx";

const LOADED = Date.now();
/** Milliseconds after which what this page sent itself is shown as well. */
const LONG = 180_000;

export function WaitingList({ market, onMined }: { market: Market; onMined: () => void }) {
  const isOurs = (each: Pending): boolean => each.since < LOADED || Date.now() - each.since > LONG;
  const shown = useRef(new Map<string, Pending>());
  for (const each of pendingOn(market.deployment.chainId).filter(isOurs)) shown.current.set(each.hash, each);
  const list = [...shown.current.values()];
  return (
    <>
      {list.map((pending) => (
        <Line key={pending.hash} {...{ market, pending, onMined }} />
      ))}
    </>
  );
}

/** What became of it, null while nobody knows. */
function useFate(market: Market, pending: Pending, onMined: () => void) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const [replaced, setReplaced] = useState<Replaced | null>(null);
  useEffect(() => {
    let ended = false;
    follow(market.reader, pending.hash, () => ended).then(
      (found) => {
        forget(pending.hash);
        if (ended) return;
        setReceipt(found);
        onMined();
      },
      (error: unknown) => {
        if (!(error instanceof Replaced)) return; // nobody waits for it here any more
        forget(pending.hash);
        if (!ended) setReplaced(error);
      },
    );
    return () => {
      ended = true;
    };
  }, [market, pending]);
  return { receipt, replaced };
}

function Line({ market, pending, onMined }: { market: Market; pending: Pending; onMined: () => void }) {
  const { receipt, replaced } = useFate(market, pending, onMined);
  const [isGone, setGone] = useState(false);
  if (isGone) return null;
  if (replaced) return <Fault error={replaced} isOnce />;
  const drop = (): void => {
    forget(pending.hash);
    setGone(true);
  };
  return (
    <Notice kind={receipt ? (receipt.ok ? "good" : "bad") : "warn"}>
      <p>
        {receipt
          ? `${receipt.ok ? "Done" : "Refused"} in block ${receipt.blockNumber}: ${pending.note}.`
          : `Sent before, and in no block yet: ${pending.note}.`}
      </p>
      <p class="code hash">{pending.hash}</p>
      <button onClick={drop}>{receipt ? "Good" : "I looked it up: stop waiting"}</button>
    </Notice>
  );
}
