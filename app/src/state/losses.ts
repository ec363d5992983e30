/** What LPs can lose, by the chain's own figures: jumps, floor, reserve, margin (tandem/client/gate.py, limits.py). */

import { JUMPS } from "../abi/constants.ts";
import { bookOf, payoff } from "../model/book.ts";
import { gainsOf } from "../model/gate.ts";
import { isVenueDown } from "../protocol/terms.ts";
import { WAD, least, most, usdOf, wadOf } from "../protocol/units.ts";
import type { State } from "./market.ts";

/** USD. book: what an instant jump costs the options at the most; all: with what the hedge gains. */
export interface Jump {
  readonly move: number;
  readonly book: number;
  readonly all: number;
}

/** Null where the book was never marked. */
export function jumps({ snapshot }: State): Jump[] | null {
  const { mark, losses } = snapshot.gate;
  if (!mark.time) return null;
  const gains = gainsOf(mark, snapshot.position, snapshot.spot);
  return JUMPS.map((percent, i) => {
    const book = losses[i] ?? 0n;
    return { move: Number(percent) / 100, book: wadOf(book), all: wadOf(book - gains[i]!) };
  });
}

/** Token units. reserve: what opens leave free, beside what LPs who wait are owed. */
export interface Means {
  readonly nav: bigint;
  readonly cash: bigint;
  readonly owed: bigint;
  readonly floor: bigint;
  readonly reserve: bigint;
  readonly queued: bigint;
}

/** Cash that is neither an LP's who left nor a holder's who was settled. */
const free = ({ funds, claims }: State["snapshot"]): bigint => funds.cash - funds.exits - claims;

export function means({ snapshot, terms }: State): Means {
  const { funds, maxima, floor } = snapshot;
  return {
    nav: funds.nav,
    cash: free(snapshot),
    owed: maxima,
    floor,
    reserve: least((funds.nav * BigInt(terms.reserve)) / 10_000n, maxima),
    queued: funds.queued,
  };
}

/** Margin at the venues, the worse of its two valuations, WAD USD; null where one of several does not say what its
 * account is worth. */
export const marginOf = ({ snapshot }: State): bigint | null =>
  snapshot.account_known ? snapshot.account.equity_low : null;

export const NOBODY_SAYS = "not known: a venue does not say";

/** USD that LPs are left with, should every expiry settle at a price: cash less what is owed, and the hedge there. It gains
 * no more than its venue can pay, as in the gate, and loses no more than lies there and what the floor lets follow; where
 * nobody knows what lies there, it gains nothing; at a venue that was taken down it is worth nothing. */
export function leftAt({ snapshot, spot, terms }: State, price: number): number {
  const { mark } = snapshot.gate;
  const moved = wadOf(snapshot.position) * (price - spot);
  const paid = mark.time ? Math.min(moved, usdOf(mark.purse)) : moved;
  const gained = snapshot.account_known ? paid : Math.min(paid, 0);
  const worth = Math.max(wadOf(snapshot.account.equity) + gained, -usdOf(most(snapshot.floor, 0n)));
  const hedge = isVenueDown(terms) ? 0 : worth;
  const exact = BigInt(Math.round(price * Number(WAD)));
  const owed = snapshot.expiries.reduce((sum, each) => sum + payoff(bookOf(each), exact, WAD), 0n);
  return usdOf(free(snapshot)) - wadOf(owed) / 1e6 + hedge;
}
