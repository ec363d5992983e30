/** Where steps of an account of causes end, as keeper/report/session.py has it: where something happened, about once an
 * hour, at the end of each day, and at the end. */

import { type Known, hashOf } from "../chain/logs.ts";
import { type Head, NodeDown, type Reader } from "../chain/reader.ts";
import { DAY, HOUR } from "../protocol/units.ts";

/** The span has more in it than a browser should read. */
export class TooLong extends Error {}

export interface Moment {
  readonly block: number;
  readonly time: number;
}

/** When blocks were made, each asked once; whoever sees that the chain changed forgets them. */
export class Clock {
  readonly #reader: Reader;
  readonly #times = new Map<number, number>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  note(block: number, time: number): void {
    this.#times.set(block, time);
  }

  forget(): void {
    this.#times.clear();
  }

  async of(block: number): Promise<number> {
    const known = this.#times.get(block);
    if (known !== undefined) return known;
    const found = await this.#reader.block(BigInt(block));
    if (!found) throw new NodeDown(`the node has no block ${block}`);
    this.note(block, found.timestamp);
    return found.timestamp;
  }

  /** The first of these blocks that is not before the moment, `last` + 1 where all are. */
  async blockAt(moment: number, first: number, last: number): Promise<number> {
    for (const [block, time] of this.#times) {
      if (time < moment) first = Math.max(first, block + 1);
      else last = Math.min(last, block - 1);
    }
    while (first <= last) {
      const middle = Math.floor((first + last) / 2);
      if ((await this.of(middle)) < moment) first = middle + 1;
      else last = middle - 1;
    }
    return first;
  }
}

/** Blocks of a step in which nothing happens: the largest power of two that is no more than an hour. Spans that overlap
 * have the same, so that what was read of one is known in the other. */
function widthOf(first: Moment, last: Moment): number {
  const hour = Math.floor(((last.block - first.block) * HOUR) / Math.max(last.time - first.time, 1));
  return 2 ** (31 - Math.clz32(Math.max(hour, 1)));
}

/** The last block of each day inside the span. */
async function lastOfDays(clock: Clock, first: Moment, last: Moment): Promise<number[]> {
  const found: number[] = [];
  for (let day = (Math.floor(first.time / DAY) + 1) * DAY; day <= last.time; day += DAY) {
    found.push((await clock.blockAt(day, first.block, last.block)) - 1);
  }
  return found.filter((block) => first.block < block && block < last.block);
}

/** Blocks of the span at which steps end, apart from those with events. Throws TooLong for more than so many, whatever a
 * node says of its blocks. */
export async function gridOf(clock: Clock, first: Moment, last: Moment, most: number): Promise<number[]> {
  const width = widthOf(first, last);
  const [regular, days] = [(last.block - first.block) / width, (last.time - first.time) / DAY];
  if (!(Math.max(regular, days) <= most)) throw new TooLong(`that span has more than ${most} steps`);
  const found: number[] = [];
  for (let at = (Math.floor(first.block / width) + 1) * width; at < last.block; at += width) found.push(at);
  return [...found, ...(await lastOfDays(clock, first, last)), last.block];
}

/** These blocks with their hashes, in order, each once. known: hashes that need not be asked for. */
export async function hashed(
  reader: Reader,
  blocks: readonly number[],
  known: (block: number) => Known["hash"] | null,
): Promise<Known[]> {
  const once = [...new Set(blocks)].sort((a, b) => a - b);
  return Promise.all(
    once.map(async (number) => {
      const hash = known(number) ?? (await hashOf(reader, number));
      if (!hash) throw new NodeDown(`the node has no block ${number}`);
      return { number, hash };
    }),
  );
}

export const momentOf = (head: Head): Moment => ({ block: head.number, time: head.timestamp });
