/** A market's past out of a node's logs: from the newest block back, and on as blocks come; what a reorg took back goes. */

import { type Known, type Range, type Row, hashOf, inOrder, ranges } from "../chain/logs.ts";
import { NodeDown } from "../chain/reader.ts";
import { Places } from "../protocol/happenings.ts";
import { type Kept, VERSION, keep, kept } from "./history-cache.ts";
import { type Market, keyOf } from "./market.ts";

/** Events that a browser holds of one market; older ones are an index's. */
export const MOST = 5_000;
/** Blocks that are read again with each new one: a node that is behind answers a range with the part that it has. */
const AGAIN = 16;
/** Milliseconds for which a chain that is shorter than what was read is a node that is behind. */
const PATIENCE = 30_000;

/** What was taken out, and after which block. */
export interface Lost {
  readonly after: number;
  readonly rows: number;
}

export class Changed extends NodeDown {}

export class LogPast {
  readonly places: Places;
  rows: readonly Row[] = [];
  /** Blocks low to high were read; high is null before anything was. */
  low = 0;
  high: Known | null = null;
  lost: Lost | null = null;
  /** Who reads no more; what was read stays. */
  isCancelled = false;
  #isCut = false;
  #behindSince = 0;
  readonly #market: Market;
  readonly #key: string;

  /** places: what is read; name: under which it is kept, where it is not History's. */
  constructor(market: Market, places = new Places(market.deployment), name = "") {
    this.#market = market;
    this.places = places;
    this.#key = keyOf(market, name);
  }

  get first(): number {
    return this.#market.deployment.block;
  }

  get isWhole(): boolean {
    return this.high !== null && this.low <= this.first;
  }

  get isFull(): boolean {
    return this.#isCut || this.rows.length >= MOST;
  }

  /** Whether what was read is of the chain of this head, and reaches it. Throws NodeDown. */
  async isOf(head: Known): Promise<boolean> {
    if (!this.high || this.high.number <= head.number) return this.high?.hash === head.hash;
    return (await hashOf(this.#market.reader, this.high.number)) === this.high.hash;
  }

  /** What this browser read before. */
  async remember(): Promise<void> {
    const found = await kept(this.#key);
    if (found) [this.rows, this.low, this.high] = [found.rows, found.low, found.high];
  }

  /** Up to a head, then back to a block as far as there is room, until it is cancelled. told: after each range. Throws
   * NodeDown, Changed where the chain is another than when it began. */
  async read(head: Known, told: () => void, floor = this.first): Promise<void> {
    if (this.isCancelled || this.#isBehind(head)) return;
    await this.#stand();
    if (!this.high) [this.low, this.high] = [head.number + 1, head];
    const { reader } = this.#market;
    const before = this.high.number;
    const from = Math.max(before + 1 - AGAIN, this.low);
    for await (const range of ranges(reader, this.places.question, from, head.number, false)) {
      await this.#same(head);
      const hash = range.last === head.number ? head.hash : await hashOf(reader, range.last);
      if (!hash) throw new Changed("the chain changed while it was read");
      this.#join(range, this.low, range.last > before ? { number: range.last, hash } : this.high);
      told();
      if (this.isCancelled) return this.#save();
    }
    await this.#back(head, told, floor);
    await this.#save();
  }

  async #back(head: Known, told: () => void, floor: number): Promise<void> {
    if (this.isWhole || this.isFull || this.low <= floor) return;
    for await (const range of ranges(this.#market.reader, this.places.question, floor, this.low - 1, true)) {
      await this.#same(head);
      this.#join(range, range.first, this.high ?? head);
      told();
      if (this.isCancelled || this.isFull) return;
    }
  }

  #join(range: Range, low: number, high: Known): void {
    const held = this.rows.filter(({ block }) => block < range.first || block > range.last);
    const again = this.rows.filter(({ block }) => block >= range.first && block <= range.last);
    const once = new Map([...again, ...range.rows].map((row) => [`${row.block}-${row.index}`, row]));
    const rows = [...held, ...once.values()].sort(inOrder);
    [this.rows, this.low, this.high] = [rows, low, high];
    if (rows.length > MOST) {
      const oldest = rows[rows.length - MOST]!.block + 1; // a block is kept whole or not at all
      this.rows = rows.filter((row) => row.block >= oldest);
      this.low = oldest;
      this.#isCut = true;
    }
  }

  /** Whether the node has not come so far yet, as another behind the same address had; for a while that is believed. */
  #isBehind(head: Known): boolean {
    if (!this.high || head.number >= this.high.number) {
      this.#behindSince = 0;
      return false;
    }
    this.#behindSince ||= Date.now();
    return Date.now() - this.#behindSince < PATIENCE;
  }

  /** All of a range is of one chain where its head still stands after it. */
  async #same(head: Known): Promise<void> {
    if ((await hashOf(this.#market.reader, head.number)) !== head.hash) {
      throw new Changed("the chain changed while it was read");
    }
  }

  /** Takes out what was on blocks that are the chain's no more. */
  async #stand(): Promise<void> {
    const { reader } = this.#market;
    if (!this.high || (await hashOf(reader, this.high.number)) === this.high.hash) return;
    const marks = [...new Map(this.rows.map(({ block, hash }) => [block, { number: block, hash }])).values()];
    let [from, to] = [0, marks.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const mark = marks[middle]!;
      if ((await hashOf(reader, mark.number)) === mark.hash) from = middle + 1;
      else to = middle;
    }
    const agreed = from ? marks[from - 1]! : null;
    const left = agreed ? this.rows.filter((row) => row.block <= agreed.number) : [];
    this.lost = { after: agreed?.number ?? this.first, rows: this.rows.length - left.length };
    [this.rows, this.high] = [left, agreed];
    this.#isCut = false; // there may be room for older ones
    await this.#save();
  }

  async #save(): Promise<void> {
    if (this.high)
      await keep(this.#key, { version: VERSION, low: this.low, high: this.high, rows: this.rows } satisfies Kept);
  }
}
