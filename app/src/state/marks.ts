/** The market's states at the ends of blocks, each read once: by the block's hash it never changes. */

import type { Hex } from "viem";

import { type Known, hashOf } from "../chain/logs.ts";
import { NoContract, NodeDown, type Reader, Refused } from "../chain/reader.ts";
import type { Moment, Owed } from "../model/attribution.ts";
import { type Smile, unpackSmile } from "../model/smile.ts";
import { usdOf, wadOf } from "../protocol/units.ts";
import { keep, remembered } from "./history-cache.ts";
import { type Market, keyOf } from "./market.ts";

/** A state as a browser keeps it. surface: as it was signed last. */
export interface Mark extends Omit<Moment, "surface"> {
  readonly block: number;
  readonly hash: Hex;
  readonly surface: readonly (readonly [number, Smile])[];
}

/** The node has no state of a past block. */
export class PastLost extends Error {}

/** Blocks that are asked together: three questions each. */
const TOGETHER = 25;
/** States that a browser keeps of one market, the newest. */
const MOST = 2_000;
/** So many new ones are worth writing down. */
const WORTH = 20;
const VERSION = 1;
/** A node that has enough of questions for now. */
const LIMITED = -32_005;

/** What a node said of a block: its state; null where the contracts refused, or were not there yet; "lost" where it keeps none. */
type Answer = Mark | null | "lost";

export class Marks {
  readonly #market: Market;
  readonly #key: string;
  #known = new Map<number, Mark>();
  #unwritten = 0;

  constructor(market: Market) {
    this.#market = market;
    this.#key = keyOf(market, "states");
  }

  /** What this browser read before. */
  async remember(): Promise<void> {
    const found = (await remembered(this.#key)) as { version?: unknown; marks?: unknown } | null;
    if (found?.version !== VERSION || !Array.isArray(found.marks) || !found.marks.every(isMark)) return;
    this.#known = new Map(found.marks.map((mark) => [mark.block, mark]));
  }

  known(block: number): Mark | null {
    return this.#known.get(block) ?? null;
  }

  get all(): Iterable<Mark> {
    return this.#known.values();
  }

  /** Drops what is on blocks that are the chain's no more. */
  async stand(): Promise<void> {
    const newest = [...this.#known.values()].sort((a, b) => b.block - a.block);
    for (const mark of newest) {
      if ((await hashOf(this.#market.reader, mark.block)) === mark.hash) return;
      this.#known.delete(mark.block);
    }
  }

  /** The states of these blocks, without those that were not to be had. Throws PastLost where the first is none that the
   * node keeps, NodeDown. told: how many are read. */
  async read(blocks: readonly Known[], told: (done: number) => void): Promise<Mark[]> {
    const found = new Map<number, Mark>();
    // the oldest by itself: where a node has forgotten that, nothing else is asked
    for (let from = 0; from < blocks.length; from += from ? TOGETHER : 1) {
      const asked = blocks.slice(from, from ? from + TOGETHER : 1);
      const answers = await Promise.all(asked.map((block) => this.#at(block)));
      if (!from && answers[0] === "lost") throw new PastLost(`the node has no state of block ${asked[0]!.number}`);
      for (const mark of answers) if (mark && mark !== "lost") found.set(mark.block, mark);
      told(from + asked.length);
    }
    return [...found.values()];
  }

  async #at(block: Known): Promise<Answer> {
    const before = this.#known.get(block.number);
    if (before?.hash === block.hash) return before;
    return markAt(this.#market, block);
  }

  /** Keeps those that are asked for again: not the one at the head, which the next block follows. */
  async keep(marks: readonly Mark[]): Promise<void> {
    for (const mark of marks) {
      if (this.#known.has(mark.block)) continue;
      this.#known.set(mark.block, mark);
      this.#unwritten += 1;
    }
    if (this.#unwritten < WORTH) return;
    this.#unwritten = 0;
    const newest = [...this.#known.values()].sort((a, b) => b.block - a.block).slice(0, MOST);
    this.#known = new Map(newest.map((mark) => [mark.block, mark]));
    await keep(this.#key, { version: VERSION, marks: newest });
  }
}

/** Throws NodeDown where nobody answers. */
async function markAt({ reader, on }: Market, { number, hash }: Known): Promise<Answer> {
  const head = { number, hash, timestamp: 0 };
  try {
    const [seen, slices, supply] = await Promise.all([
      reader.read(on.lens, "snapshot", [], head),
      reader.read(on.surface, "slices", [], head),
      reader.read(on.vault, "totalSupply", [], head),
    ]);
    if (!seen.account_known) return null;
    return {
      block: number,
      hash,
      time: Number(seen.timestamp),
      spot: wadOf(seen.spot),
      position: wadOf(seen.position),
      cash: usdOf(seen.funds.cash - seen.funds.exits - seen.claims),
      equity: wadOf(seen.account.equity),
      supply: wadOf(supply),
      book: seen.expiries.map(owedBy).filter(({ calls, forward, cash }) => calls.length || forward || cash),
      surface: slices.map((each) => [Number(each.expiry), unpackSmile(each.last)] as const),
    };
  } catch (error) {
    if (error instanceof Refused || error instanceof NoContract) return null;
    if (error instanceof NodeDown && (await isForgotten(reader, error))) return "lost";
    throw error;
  }
}

interface Listed {
  readonly expiry: bigint;
  readonly forward: bigint;
  readonly cash: bigint;
  readonly strikes: readonly bigint[];
  readonly sizes: readonly bigint[];
}

const owedBy = (e: Listed): Owed => ({
  expiry: Number(e.expiry),
  cash: usdOf(e.cash),
  forward: usdOf(e.forward),
  calls: e.strikes.map((strike, i) => [Number(strike), usdOf(e.sizes[i] ?? 0n)] as const).filter(([, size]) => size),
});

/** Whether a node that answers refused this: then it keeps no state of that block. Throws NodeDown. */
async function isForgotten(reader: Reader, error: NodeDown): Promise<boolean> {
  let at = error.cause as { readonly code?: unknown; readonly cause?: unknown } | undefined;
  for (let depth = 0; at && depth < 6; depth += 1) {
    if (typeof at.code === "number" && at.code < 0 && at.code !== LIMITED) {
      await reader.head();
      return true;
    }
    at = at.cause as typeof at;
  }
  return false;
}

function isMark(found: unknown): found is Mark {
  const it = found as Mark | null;
  const counts = [it?.block, it?.time, it?.spot, it?.position, it?.cash, it?.equity, it?.supply];
  return (
    counts.every((count) => typeof count === "number" && Number.isFinite(count)) &&
    typeof it?.hash === "string" &&
    Array.isArray(it.book) &&
    Array.isArray(it.surface)
  );
}
