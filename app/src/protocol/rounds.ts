/** Which oracle round settles an expiry: found here, proved on chain (oracles/ChainlinkSpot.vy).
 *
 * The first round at or after the expiry, in the newest phase that was alive at it; should that phase have fallen
 * silent, round 1 of the next one, with the silent phase's last round as evidence. Where the feed has no such round
 * for three days: the second feed's, then the price that the owner proposed (tandem/protocol/rounds.py is its twin). */

import type { Address } from "viem";

import {
  HINT_SHIFT,
  MOST_GAPS,
  MOST_PHASES,
  NUMBER_MASK,
  PHASE_SHIFT,
  PROPOSAL,
  SECOND_FEED,
} from "../abi/constants.ts";
import type { Contracts } from "../chain/contracts.ts";
import { type Head, type Reader, Refused, orRefused } from "../chain/reader.ts";

/** What `Market.settle(expiry, …)` takes, and the price that it proves, WAD USD. */
export interface Proof {
  readonly round: bigint;
  readonly price: bigint;
}

/** Null while there is none. Throws NodeDown. */
export async function settlementRound(
  reader: Reader,
  on: Contracts,
  expiry: number,
  head: Head,
): Promise<Proof | null> {
  const tried = async (candidates: AsyncIterable<bigint>): Promise<Proof | null> => {
    for await (const round of candidates) {
      const price = await orRefused(reader.read(on.spot, "settlement_price", [BigInt(expiry), round], head));
      if (!(price instanceof Refused)) return { round, price };
    }
    return null;
  };
  return tried(candidates(reader, on, expiry, head));
}

async function* candidates(reader: Reader, on: Contracts, expiry: number, head: Head): AsyncGenerator<bigint> {
  yield* rounds(new Feed(reader, on, on.feed.address, head), expiry);
  const patience = await reader.read(on.spot, "PATIENCE", [], head);
  if (head.timestamp < expiry + Number(patience)) return;
  const second = await reader.read(on.spot, "SECOND", [], head);
  if (BigInt(second) !== 0n) {
    for await (const round of rounds(new Feed(reader, on, second, head), expiry)) yield SECOND_FEED | round;
  }
  yield PROPOSAL;
}

/** The first round at or after the expiry and, should it not count, those after it; for a phase that has none those of
 * the next, with its last round as evidence. */
async function* rounds(feed: Feed, expiry: number): AsyncGenerator<bigint> {
  const latest = await feed.latest();
  if (!latest || latest.time < expiry) return;
  const found = await search(feed, expiry, latest.id >> PHASE_SHIFT, latest.id & NUMBER_MASK);
  if (!found) return;
  const { phase, first, last } = found;
  for (let gap = 0n; gap < MOST_GAPS; gap += 1n) {
    yield first <= last
      ? (phase << PHASE_SHIFT) | (first + gap)
      : ((((phase + 1n) << PHASE_SHIFT) | 1n) + gap) | (last << HINT_SHIFT);
  }
}

/** The newest phase alive at the expiry, its first round at or after it, and its last; the first is beyond the last
 * where there is none. */
async function search(feed: Feed, expiry: number, current: bigint, number: bigint) {
  for (let phase = current; phase > 0n && phase > current - MOST_PHASES; phase -= 1n) {
    let low = phase === current ? await oldest(feed, phase, number) : 1n;
    const opening = await feed.time(phase, low);
    if (opening === null || (opening >= expiry && phase > 1n)) continue;
    const last = phase === current ? number : await lastOf(feed, phase);
    let high = last + 1n;
    while (low < high) {
      const middle = (low + high) / 2n;
      const time = await feed.time(phase, middle);
      if (time !== null && time < expiry) low = middle + 1n;
      else high = middle;
    }
    return { phase, first: low, last };
  }
  return null;
}

/** The first round of a phase that the feed still knows: some keep their latest rounds alone, and their first. */
async function oldest(feed: Feed, phase: bigint, last: bigint): Promise<bigint> {
  if (last < 3n || (await feed.time(phase, 2n)) !== null) return 1n;
  let [unknown, known] = [2n, last];
  while (known - unknown > 1n) {
    const middle = (unknown + known) / 2n;
    if ((await feed.time(phase, middle)) === null) unknown = middle;
    else known = middle;
  }
  return known;
}

/** The last round of a phase that is over. */
async function lastOf(feed: Feed, phase: bigint): Promise<bigint> {
  let high = 1n;
  while ((await feed.time(phase, high)) !== null) high *= 2n;
  let low = high / 2n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if ((await feed.time(phase, middle)) === null) high = middle;
    else low = middle;
  }
  return low;
}

/** A feed at one block. */
class Feed {
  readonly #reader: Reader;
  readonly #at: Contracts["feed"];
  readonly #head: Head;

  constructor(reader: Reader, on: Contracts, address: Address, head: Head) {
    this.#reader = reader;
    this.#at = { ...on.feed, address };
    this.#head = head;
  }

  async latest(): Promise<{ id: bigint; time: number } | null> {
    const answer = await orRefused(this.#reader.read(this.#at, "latestRoundData", [], this.#head));
    return answer instanceof Refused ? null : { id: answer[0], time: Number(answer[3]) };
  }

  /** When a round was answered, seconds; null where there is none: feeds answer zeros, or revert. */
  async time(phase: bigint, number: bigint): Promise<number | null> {
    const id = (phase << PHASE_SHIFT) | number;
    const answer = await orRefused(this.#reader.read(this.#at, "getRoundData", [id], this.#head));
    return answer instanceof Refused ? null : Number(answer[3]) || null;
  }
}
