/** What the model says of one series on a posted slice: value and Greeks per 1 of the asset. */

import type { Series } from "../protocol/series.ts";
import { YEAR } from "../protocol/units.ts";
import { cdf, pdf } from "./normal.ts";
import { type Smile, forward, vol, volSlope } from "./smile.ts";

/** Seconds to expiry that Greeks use at least. */
export const LEAST_LIFE = 60;

/** value USD; delta dV/dS at fixed basis with the smile's move; gamma 1/USD; vega USD per 1.00 of volatility;
 * theta USD a day, at the price of now. */
export interface Mark {
  readonly value: number;
  readonly vol: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
}

const NONE: Mark = { value: 0, vol: 0, delta: 0, gamma: 0, vega: 0, theta: 0 };

/** One strike: a call or a put without a cap, per 1 of the asset. tau: years. */
export function leg(isPut: boolean, strike: number, smile: Smile, spot: number, tau: number): Mark {
  const f = forward(smile, spot, tau);
  const k = Math.log(strike / f);
  const sigma = vol(smile, k);
  const root = Math.sqrt(tau);
  const s = sigma * root;
  const d1 = -k / s + s / 2;
  const sign = isPut ? -1 : 1;
  const value = sign * (f * cdf(sign * d1) - strike * cdf(sign * (d1 - s)));
  const density = pdf(d1);
  const vega = f * density * root;
  const byForward = sign * cdf(sign * d1);
  const slope = volSlope(smile, k);
  const sticky = (vega * (smile.stickiness - 1) * slope) / spot;
  return {
    value: Math.max(value, 0),
    vol: sigma,
    delta: (byForward * f) / spot + sticky,
    gamma: (density / (f * s)) * (f / spot) ** 2,
    vega,
    // with the forward, which comes nearer to spot, and the smile, which is the forward's
    theta: ((-f * density * sigma) / (2 * root) + smile.basis * (vega * slope - byForward * f)) / 365,
  };
}

const less = (a: Mark, b: Mark): Mark => ({
  value: a.value - b.value,
  vol: a.vol,
  delta: a.delta - b.delta,
  gamma: a.gamma - b.gamma,
  vega: a.vega - b.vega,
  theta: a.theta - b.theta,
});

/** Both legs: a capped call is two calls, a floored put two puts. spot USD, time in seconds. */
export function mark(series: Series, smile: Smile, spot: number, time: number): Mark {
  const tau = Math.max(series.expiry - time, LEAST_LIFE) / YEAR;
  const first = leg(series.isPut, series.strike, smile, spot, tau);
  const second = series.other ? leg(series.isPut, series.other, smile, spot, tau) : NONE;
  const both = less(first, second);
  const range = series.isPut ? series.strike - series.other : series.other - series.strike;
  return { ...both, value: Math.min(Math.max(both.value, 0), range) };
}
