/** What one expiry owes: exact in integers where money is meant, in doubles where the model is (tandem/model/payoff.py). */

import { most } from "../protocol/units.ts";
import { leg } from "./mark.ts";
import { type Smile, forward } from "./smile.ts";

/** nodes: whole USD and the change of slope there, 1e-6 of the asset, rising; forward: 1e-6 of the asset; cash: token
 * units. */
export interface Book {
  readonly nodes: readonly (readonly [bigint, bigint])[];
  readonly forward: bigint;
  readonly cash: bigint;
}

/** An expiry as the Lens lists it. */
interface Listed {
  readonly forward: bigint;
  readonly cash: bigint;
  readonly strikes: readonly bigint[];
  readonly sizes: readonly bigint[];
}

/** Expiries of which something is open, the earliest first. */
export const openOf = <E extends { readonly expiry: bigint; readonly units: bigint }>(all: readonly E[]): E[] =>
  all.filter((e) => e.units > 0n).sort((a, b) => (a.expiry < b.expiry ? -1 : 1));

/** Nodes of no size pay nothing and are left out. */
export function bookOf(e: Listed): Book {
  const nodes = e.strikes.map((strike, i) => [strike, e.sizes[i] ?? 0n] as const).filter(([, size]) => size !== 0n);
  return { nodes: nodes.sort(([a], [b]) => (a < b ? -1 : 1)), forward: e.forward, cash: e.cash };
}

/** What is owed at a settlement price, token units; both as so many times what they are, the price in whole USD. */
export function payoff(book: Book, price: bigint, times = 1n): bigint {
  const grown = book.nodes.reduce((sum, [strike, size]) => sum + size * most(price - strike * times, 0n), 0n);
  return book.cash * times + book.forward * price + grown;
}

/** The most that can be owed, token units, and at which price; null where it grows without end. */
export function maximum(book: Book): { readonly amount: bigint; readonly price: bigint } | null {
  const end = book.nodes.reduce((slope, [, size]) => slope + size, book.forward);
  if (end > 0n) return null;
  const corners = [0n, ...book.nodes.map(([strike]) => strike)];
  const worst = corners.reduce((best, price) => (payoff(book, price) > payoff(book, best) ? price : best), 0n);
  return { amount: most(payoff(book, worst), 0n), price: worst };
}

/** delta: of the asset; gamma: of the asset per USD; vega: USD per 1.00 of volatility; size: of all nodes together. */
export interface Exposure {
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly size: number;
}

const UNIT = 1e6;

/** Greeks of what is owed, as Risk sums them: node by node, with the smile's move. tau: years. */
export function exposure(book: Book, smile: Smile, spot: number, tau: number): Exposure {
  const ahead = Number(book.forward) / UNIT;
  const start = { delta: (ahead * forward(smile, spot, tau)) / spot, gamma: 0, vega: 0, size: Math.abs(ahead) };
  return book.nodes.reduce((sum, [strike, units]) => {
    const [per, size] = [leg(false, Number(strike), smile, spot, tau), Number(units) / UNIT];
    return {
      delta: sum.delta + size * per.delta,
      gamma: sum.gamma + size * per.gamma,
      vega: sum.vega + size * per.vega,
      size: sum.size + Math.abs(size),
    };
  }, start);
}

export const together = (all: readonly Exposure[]): Exposure =>
  all.reduce(
    (a, b) => ({ delta: a.delta + b.delta, gamma: a.gamma + b.gamma, vega: a.vega + b.vega, size: a.size + b.size }),
    { delta: 0, gamma: 0, vega: 0, size: 0 },
  );
