/** A call by Black's formula of 1976, undiscounted. */

import { cdf } from "./normal.ts";

/** Value of a call, and its slope in the forward. forward, strike: USD; width: volatility times the root of the life. */
export function call(forward: number, strike: number, width: number): readonly [value: number, slope: number] {
  const d1 = Math.log(forward / strike) / width + width / 2;
  const slope = cdf(d1);
  return [forward * slope - strike * cdf(d1 - width), slope];
}
