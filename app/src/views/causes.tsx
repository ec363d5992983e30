/** What was earned, by cause: of the whole market, and of an account's stake. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Address } from "viem";

import { CAUSES, ENTRIES } from "../abi/causes.ts";
import type { History } from "../chain/history.ts";
import type { Head } from "../chain/reader.ts";
import { NAMES, type Terms, inCents } from "../model/attribution.ts";
import { Fault, Gain, Notice, Pairs, Waiting, clock, fixed } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { DAY, HOUR } from "../protocol/units.ts";
import { Holder, type Mine } from "../state/earned.ts";
import { type Earned, Earnings } from "../state/earnings.ts";
import { beat, useFollowed } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { PastLost } from "../state/marks.ts";
import { TooLong } from "../state/steps.ts";

const MINUTE = 60;
const SPANS = { hour: HOUR, day: DAY, week: 7 * DAY } as const;
type Span = keyof typeof SPANS | "deposit";
const SPAN_NAMES: Readonly<Record<Span, string>> = {
  hour: "the last hour",
  day: "the last day",
  week: "the last week",
  deposit: "since the first deposit",
};

/** Of each market one, whichever view asks: what one has read the other knows. */
const READ = new WeakMap<Market, Earnings>();

function earningsOf(market: Market): Earnings {
  const found = READ.get(market) ?? new Earnings(market);
  READ.set(market, found);
  return found;
}

/** Whose part is told beside the whole; history: of its deposits, claims and transfers. */
export interface Owner {
  readonly account: Address;
  readonly history: History;
}

interface Props {
  readonly market: Market;
  readonly state: State;
  readonly owner?: Owner;
}

/** Where a span begins: at a full minute, so that it moves once a minute and not with each block; or just before the
 * account's first share. */
function beginOf(
  span: Span,
  head: Head,
  holder: Holder | null,
): { readonly time: number } | { readonly block: number } {
  if (span === "deposit") return { block: (holder?.first ?? head.number) - 1 };
  return { time: Math.floor((head.timestamp - SPANS[span]) / MINUTE) * MINUTE };
}

export function Causes({ market, state, owner }: Props) {
  const [span, setSpan] = useState<Span>("day");
  const { head } = state;
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const isShown = useRef(true);
  useEffect(() => () => void (isShown.current = false), []);
  const look = async () => {
    const holder = owner ? new Holder(market, owner.account, await owner.history.upTo(market.reader, head)) : null;
    const told = (done: number, all: number): void => void (isShown.current && setProgress({ done, all }));
    return earningsOf(market).read(head, beginOf(span, head, holder), holder, told);
  };
  const { value: earned, error } = useFollowed(span, beat(market, head), look);
  return (
    <>
      <div class="tabs" role="group" aria-label="Over which time">
        {(Object.keys(SPAN_NAMES) as Span[])
          .filter((each) => each !== "deposit" || owner)
          .map((each) => (
            <button key={each} aria-pressed={each === span} onClick={() => [setSpan(each), setProgress(null)]}>
              {SPAN_NAMES[each]}
            </button>
          ))}
      </div>
      {error ? <Trouble error={error} /> : null}
      {earned ? (
        <Table earned={earned} isMine={owner !== undefined} source={market.source} />
      ) : error ? null : (
        <Reading progress={progress} />
      )}
    </>
  );
}

function Reading({ progress }: { progress: { done: number; all: number } | null }) {
  const { done, all } = progress ?? { done: 0, all: 1 };
  return (
    <>
      <p class="reading">
        <progress max={all} value={done} aria-label="States read" />{" "}
        {progress ? `${done} of ${all} states of the past` : "looking for what happened"}
      </p>
      <Waiting lines={12} label="Reading what was earned" />
    </>
  );
}

/** Why nothing (new) comes, and what to do. */
function Trouble({ error }: { error: unknown }) {
  if (error instanceof PastLost) {
    return (
      <Notice kind="warn">
        <p>
          What was earned cannot be split by cause: {error.message}. It needs what the market was at the ends of blocks
          that are past, and this node keeps the newest alone.
        </p>
        <p class="next">Choose a shorter time, or read the chain through a node that keeps all states (an archive).</p>
      </Notice>
    );
  }
  if (error instanceof TooLong) {
    return (
      <Notice kind="warn">
        <p>It is not read here: {error.message}.</p>
        <p class="next">
          Choose a shorter time; <code>tandem report</code> reads any.
        </p>
      </Notice>
    );
  }
  return <Fault error={error} />;
}

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly mine: number | null;
  readonly all: number | null;
}

const worded = (name: string): string => name.replaceAll("_", " ");

function rowsOf(all: Terms, mine: Part | null): Row[] {
  const rows = NAMES.map((name): Row => ({
    name: worded(name),
    meaning: CAUSES[name],
    mine: mine?.terms[name] ?? null,
    all: all[name],
  }));
  if (!mine) return rows;
  const own = "What your own deposits and exits at the Vault's high and low NAV cost you beside the middle.";
  return [
    ...rows,
    { name: "entries", meaning: ENTRIES, mine: mine.entries, all: null },
    { name: "own way in and out", meaning: own, mine: mine.own, all: null },
  ];
}

interface Part {
  readonly terms: Terms;
  readonly entries: number;
  readonly own: number;
  readonly total: number;
}

/** In whole cents that add up. */
function partOf(m: Mine): Part {
  const cents = (usd: number): number => Math.round(usd * 100);
  const [entries, own] = [cents(m.entries), cents(m.own)];
  const total = cents(m.last) - cents(m.first) - cents(m.put) + cents(m.out) - cents(m.given);
  const terms = inCents(m.terms, total - entries - own);
  return { terms, entries: entries / 100, own: own / 100, total: total / 100 };
}

function Money({ usd }: { usd: number | null }) {
  if (usd === null) return <></>;
  return <Gain amount={Math.round(usd * 100)} text={`${usd > 0.004 ? "+" : ""}${fixed(usd)}`} />;
}

/** A cause and its money, and under it what it is. */
function Line({ row, isMine }: { row: Row; isMine: boolean }) {
  return (
    <>
      <tr>
        <th scope="row" class="text">
          {row.name}
        </th>
        {isMine && (
          <td>
            <Money usd={row.mine} />
          </td>
        )}
        <td>
          <Money usd={row.all} />
        </td>
      </tr>
      <tr class="meaning">
        <td class="text about" colSpan={isMine ? 3 : 2}>
          {row.meaning}
        </td>
      </tr>
    </>
  );
}

function Table({ earned, isMine, source }: { earned: Earned; isMine: boolean; source: string }) {
  const { first, last, nav, lpFlows } = earned;
  const mine = isMine && earned.mine ? partOf(earned.mine) : null;
  const count = (n: number): string => n.toLocaleString("en-US");
  const meaning = `Of ${isMine ? "your stake and of " : ""}all NAV, deposits and exits apart.`;
  const change: Row = { name: "change", meaning, mine: mine?.total ?? null, all: earned.total };
  return (
    <>
      <table class="causes" aria-label={isMine ? "Your part by cause" : "Earned by cause"}>
        <thead>
          <tr>
            <th scope="col" class="text">
              cause
            </th>
            {isMine && <th scope="col">you, USD</th>}
            <th scope="col">all LPs, USD</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(earned.terms, mine).map((row) => (
            <Line key={row.name} {...{ row, isMine }} />
          ))}
        </tbody>
        <tfoot>
          <Line row={change} isMine={isMine} />
        </tfoot>
      </table>
      {isMine && earned.mine ? <Stakes mine={earned.mine} /> : null}
      {!isMine && (
        <Pairs
          label="NAV of the span"
          rows={[
            [<Term word="NAV" />, `${fixed(nav[0])} to ${fixed(nav[1])} USD`],
            ["deposits less exits", `${fixed(lpFlows)} USD`],
            ["trades", count(earned.trades)],
          ]}
        />
      )}
      <p class="about span-said">
        From {clock(first.time)}, block {count(first.block)}, to {clock(last.time)}, block {count(last.block)}.
      </p>
      <p class="about">
        The page works it out itself, from logs and from the state at the ends of {count(earned.steps + 1)} blocks, read
        through {source}. <code>tandem report</code> says the same of the same time, to the cent. NAV here is in the
        middle, not at the low that a share is paid at.
        {earned.isLate && " It begins later than that: before, the contracts did not say how the market stood."}
        {earned.unread > 0 &&
          ` The state of ${count(earned.unread)} blocks was not to be had: what happened there is told with the next.`}
      </p>
    </>
  );
}

function Stakes({ mine }: { mine: Mine }) {
  return (
    <>
      <Pairs
        label="Your stake in the span"
        rows={[
          ["your stake, at NAV", `${fixed(mine.first)} to ${fixed(mine.last)} USD`],
          ["put in", `${fixed(mine.put)} USD`],
          ["set aside for you or paid", `${fixed(mine.out)} USD`],
          ["moved by transfers", `${fixed(mine.given)} USD`],
        ]}
      />
      <p class="about">
        Your part of each step is the share of the Vault that you held when it began. Steps end wherever anybody comes
        or leaves, so a deposit earns from its own block on, and shares that wait to leave earn until they are
        processed.
      </p>
    </>
  );
}
