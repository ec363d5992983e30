/** A quote's total, part by part. */

import type { Quote } from "./deal.ts";

/** What each part adds to what a mint takes, or to what a close pays: token units. They come to the total, but for a close
 * that would pay less than nothing and pays nothing. */
export interface Parts {
  readonly mark: bigint;
  readonly spread: bigint;
  readonly fee: bigint;
  readonly charge: bigint;
  readonly carry: bigint;
  readonly hedge: bigint;
}

export function partsOf(quote: Quote): Parts {
  const sign = quote.wanted.isClose ? -1n : 1n;
  const { mark, spread, fee, charge, carry, hedgeCost } = quote;
  return {
    mark,
    spread: sign * spread,
    fee: sign * fee,
    charge: quote.wanted.isClose ? 0n : charge,
    carry: quote.wanted.isClose ? 0n : carry,
    hedge: sign * hedgeCost,
  };
}
