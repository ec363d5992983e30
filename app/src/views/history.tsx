/** What happened in this market: read from its logs or out of an index, newest first. */

import { useMemo, useState } from "preact/hooks";

import { useAccount } from "../parts/account.tsx";
import { Dialog, Notice, Waiting } from "../parts/basic.tsx";
import { type Entry, KINDS, type Kind, Places, entriesOf, folded } from "../protocol/happenings.ts";
import { type Controls, type Past, useHistory } from "../state/history.ts";
import { WIDTH } from "../state/index-sample.ts";
import { MOST } from "../state/past.ts";
import { csvOf } from "./history-csv.ts";
import { Pictures } from "./history-pictures.tsx";
import { KIND_NAMES, Rows } from "./history-rows.tsx";
import type { Shown } from "./index.tsx";
import { NodeForm } from "./opening.tsx";

/** Lines at first, and with each "more". */
const LINES = 100;

export function History({ market, state, index }: Shown) {
  const [named, setNamed] = useState(index ?? "");
  const [isAsking, setAsking] = useState(false);
  const [past, controls] = useHistory(market, state.head, named);
  const places = useMemo(() => new Places(market.deployment), [market]);
  const entries = useMemo(() => entriesOf(past?.rows ?? [], places), [past?.rows, places]);
  const asset = market.deployment.asset;
  return (
    <div class="history">
      <section class="card" aria-label="Where this is read">
        <Source {...{ past, named, controls }} node={market.source} onName={() => setAsking(true)} />
      </section>
      {isAsking && <Naming named={named} onName={setNamed} onClose={() => setAsking(false)} />}
      {past ? (
        <>
          <Pictures entries={entries} asset={asset} />
          <List {...{ entries, asset }} isReading={past.isReading} />
        </>
      ) : (
        <Waiting lines={12} label="Reading what happened" />
      )}
    </div>
  );
}

/** Which index is asked, if any. */
function Naming(props: { named: string; onName: (url: string) => void; onClose: () => void }) {
  const { named, onName, onClose } = props;
  const name = (url: string): void => {
    onName(url);
    onClose();
  };
  return (
    <Dialog title="An index of this market" onClose={onClose}>
      <p>
        `tandem index` keeps a market's past in a database and answers for it. What it says is looked up in the chain by
        chance: single rows, and all logs of some stretches of blocks.
      </p>
      <NodeForm label="An index's address" act="Ask it" onNode={name} />
      {named && <button onClick={() => name("")}>Read the logs alone</button>}
    </Dialog>
  );
}

const count = (all: number): string => all.toLocaleString("en-US");

/** What is read through what, how far it is, and what is wrong with it. */
function Source(props: { past: Past | null; named: string; node: string; controls: Controls; onName: () => void }) {
  const { past, named, node, controls, onName } = props;
  if (!past) return <Waiting lines={2} label="Looking for what was read before" />;
  const host = named ? new URL(named).host : "";
  const isWhole = past.high > 0 && past.low <= past.first;
  return (
    <>
      <p class="source-said">
        {past.by === "index" ? `From the index at ${host}` : `From the logs, through ${node}`}:{" "}
        <span class="number">{count(past.rows.length)}</span> events
        {past.high > 0 && ` of blocks ${count(Math.max(past.low, past.first))} to ${count(past.high)}`}.{" "}
        {isWhole
          ? "That is all since the market began."
          : past.isFull
            ? `A browser holds ${count(MOST)}; older ones are an index's.`
            : ""}
        {past.by === "index" && <Believed past={past} />}
      </p>
      {!isWhole && past.by === "logs" && !past.isFull && <Reading {...{ past, controls }} />}
      <Troubles {...{ past, host }} />
      <button class="plain" onClick={onName}>
        {named ? "Another index, or none" : "Ask an index"}
      </button>
    </>
  );
}

/** How far an index was found to say what the chain does. */
function Believed({ past: { checked, compared } }: { past: Past }) {
  const [agree, all] = compared;
  return (
    <>
      {checked > 0 && ` Looked up in the chain by chance, and there: ${count(checked)}.`}
      {all > 0 &&
        ` Compared with the logs, nothing left out: ${count(agree)} of ${count(all)} stretches of up to ${count(WIDTH)} blocks.`}
    </>
  );
}

/** How far logs are read, and the way to read on or to stop. */
function Reading({ past, controls }: { past: Past; controls: Controls }) {
  const whole = past.high - past.first + 1;
  const read = past.high ? Math.max(past.high - Math.max(past.low, past.first) + 1, 0) : 0;
  return (
    <p class="reading">
      <progress max={Math.max(whole, 1)} value={read} aria-label="Blocks read" />{" "}
      {past.isReading ? (
        <button onClick={controls.stop}>Stop reading</button>
      ) : (
        <button onClick={controls.go}>Read further back</button>
      )}
    </p>
  );
}

/** What is wrong with what is read, and with whom it is read from. */
function Troubles({ past, host }: { past: Past; host: string }) {
  return (
    <>
      {past.isLying && (
        <Notice kind="bad">
          <p>
            The index at {host} does not say what the chain does: {past.trouble}.
          </p>
          <p class="next">It is not asked again. What stands here is read from the logs.</p>
        </Notice>
      )}
      {past.trouble && !past.isLying && (
        <Notice kind="warn">
          <p>
            The index at {host} {past.trouble}. What stands here is read from the logs.
          </p>
        </Notice>
      )}
      {past.lost && (
        <Notice kind="warn">
          <p>
            The chain replaced blocks after {count(past.lost.after)}: {count(past.lost.rows)} events that were on them
            are gone from here.
          </p>
        </Notice>
      )}
      {past.fault && (
        <Notice kind="bad">
          <p>It could not be read further: {past.fault}.</p>
          <p class="next">It is asked again by itself. What was read before stands.</p>
        </Notice>
      )}
    </>
  );
}

/** What is looked for: "" is any; who: an account, or how it begins. */
interface Wish {
  readonly kind: Kind | "";
  readonly who: string;
}

function List({ entries, asset, isReading }: { entries: readonly Entry[]; asset: string; isReading: boolean }) {
  const [wish, setWish] = useState<Wish>({ kind: "", who: "" });
  const [shown, setShown] = useState(LINES);
  const { kind } = wish;
  const account = wish.who.trim().toLowerCase();
  const chosen = useMemo(
    () =>
      entries.filter(
        (entry) =>
          (!kind || entry.kind === kind) && (!account || entry.people.some((each) => each.startsWith(account))),
      ),
    [entries, kind, account],
  );
  const lines = folded(chosen);
  return (
    <section class="card wide" aria-label="What happened">
      <h2>What happened</h2>
      <div class="filters">
        <Filters {...{ wish, setWish, account }} />
        <button
          disabled={!chosen.length}
          onClick={() => save(csvOf(chosen, asset), `tandem-${asset.toLowerCase()}.csv`)}
        >
          Download as CSV
        </button>
      </div>
      {lines.length ? (
        <Rows lines={lines.slice(0, shown)} asset={asset} />
      ) : (
        <p>{isReading ? "Nothing like that yet in what was read." : "Nothing like that happened in what was read."}</p>
      )}
      {lines.length > shown && (
        <button onClick={() => setShown(shown + LINES)}>Show more ({lines.length - shown} left)</button>
      )}
    </section>
  );
}

/** account: who is looked for, as people are compared. */
function Filters({ wish, setWish, account }: { wish: Wish; setWish: (wish: Wish) => void; account: string }) {
  const { wallet } = useAccount();
  const mine = wallet?.account.toLowerCase();
  return (
    <>
      <label>
        Kind{" "}
        <select
          value={wish.kind}
          onChange={(event) => setWish({ ...wish, kind: event.currentTarget.value as Kind | "" })}
        >
          <option value="">all</option>
          {KINDS.map((each) => (
            <option key={each} value={each}>
              {KIND_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Account{" "}
        <input
          value={wish.who}
          placeholder="0x…"
          spellcheck={false}
          onInput={(event) => setWish({ ...wish, who: event.currentTarget.value })}
        />
      </label>
      {mine && (
        <button aria-pressed={account === mine} onClick={() => setWish({ ...wish, who: account === mine ? "" : mine })}>
          Mine
        </button>
      )}
    </>
  );
}

function save(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
