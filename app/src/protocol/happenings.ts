/** What happened in a market: its events decoded, and put together by transaction, a trade with its hedge. */

import { type Abi, type Address, type Hex, decodeEventLog } from "viem";

import { HAPPENINGS, KINDS } from "../abi/happenings.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Question, Row } from "../chain/logs.ts";

export { KINDS };
export type Kind = (typeof KINDS)[number];
export type Args = Readonly<Record<string, any>>;

/** An event that is read: of which contract, of which kind, and whom it names. */
export interface Known {
  readonly contract: string;
  readonly kind: Kind;
  readonly topic: Hex;
  readonly people: readonly string[];
  readonly event: { readonly name: string };
}

/** One event as it is read. people: whom it names, in small letters. */
export interface Part {
  readonly row: Row;
  readonly name: string;
  readonly kind: Kind;
  readonly args: Args;
  readonly people: readonly string[];
}

/** What one transaction did of one kind. parts: its events in order, the first the one that it is named by. */
export interface Entry {
  readonly key: string;
  readonly kind: Kind;
  readonly tx: Hex;
  readonly block: number;
  readonly time: number;
  readonly parts: readonly Part[];
  readonly people: readonly string[];
}

/** What a market's contracts say, and where. */
export class Places {
  readonly question: Question;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #parts = new WeakMap<Row, Part>();

  constructor(deployment: Deployment, events: readonly Known[] = HAPPENINGS) {
    const known = new Map<string, Known>();
    for (const each of events) {
      const at = deployment.contracts[each.contract]?.address.toLowerCase();
      if (at) known.set(`${at}${each.topic}`, each);
    }
    this.#known = known;
    this.question = {
      address: [...new Set([...known.keys()].map((key) => key.slice(0, 42) as Address))],
      topics: [[...new Set([...known.values()].map(({ topic }) => topic))]],
    };
  }

  /** null for what is none of the market's events, or cannot be read as one. */
  read(row: Row): Part | null {
    const before = this.#parts.get(row);
    if (before) return before;
    const part = this.#decode(row);
    if (part) this.#parts.set(row, part);
    return part;
  }

  #decode(row: Row): Part | null {
    const found = this.#known.get(`${row.address}${row.topics[0]}`);
    if (!found) return null;
    try {
      const said = decodeEventLog({
        abi: [found.event] as unknown as Abi,
        topics: row.topics as [Hex, ...Hex[]],
        data: row.data,
      });
      const args = said.args as unknown as Args;
      const people = found.people.map((name) => String(args[name]).toLowerCase());
      return { row, name: found.event.name, kind: found.kind, args, people };
    } catch {
      return null;
    }
  }
}

/** Newest first. rows: in any order. */
export function entriesOf(rows: readonly Row[], places: Places): Entry[] {
  const byTx = new Map<Hex, Part[]>();
  for (const row of rows) {
    const part = places.read(row);
    if (part) byTx.set(row.tx, [...(byTx.get(row.tx) ?? []), part]);
  }
  const entries = [...byTx.values()].flatMap((parts) => entriesIn(parts.sort((a, b) => a.row.index - b.row.index)));
  return entries.sort((a, b) => b.block - a.block || last(b) - last(a));
}

const last = (entry: Entry): number => entry.parts.at(-1)?.row.index ?? 0;

function entriesIn(parts: readonly Part[]): Entry[] {
  const people = [...new Set(parts.flatMap((part) => part.people))];
  const trades = parts.filter((part) => part.kind === "trade");
  const hedges = parts.filter((part) => part.name === "Hedged");
  const beside = parts.filter((part) => part.kind === "rebalance" && part.name !== "Hedged");
  const groups: Part[][] = [];
  if (trades.length) {
    // Each trade logs one hedge, and in the same order.
    const isPaired = hedges.length === trades.length;
    trades.forEach((trade, i) => {
      const own = isPaired ? hedges.slice(i, i + 1) : i ? [] : hedges;
      groups.push([trade, ...own, ...(i ? [] : beside)]);
    });
  } else if (hedges.length || beside.length) {
    groups.push([...hedges, ...beside]);
  }
  for (const kind of KINDS) {
    if (kind === "trade" || kind === "rebalance") continue;
    const own = parts.filter((part) => part.kind === kind);
    if (own.length) groups.push(own);
  }
  return groups.map((own): Entry => {
    const first = own[0]!;
    const { tx, block, time, index } = first.row;
    return { key: `${tx}-${index}`, kind: first.kind, tx, block, time, parts: own, people };
  });
}

/** Entries in a row that say the same again and again are one line. */
const FOLDED: ReadonlySet<Kind> = new Set<Kind>(["surface", "mark"]);

/** Lines as they are shown: an entry, or several of one kind that follow each other. */
export function folded(entries: readonly Entry[]): Entry[][] {
  const lines: Entry[][] = [];
  for (const entry of entries) {
    const line = lines.at(-1);
    if (line && FOLDED.has(entry.kind) && line[0]?.kind === entry.kind) line.push(entry);
    else lines.push([entry]);
  }
  return lines;
}
