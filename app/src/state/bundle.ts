/** Several options that are bought one after the other, because together they do one thing. */

import type { Address } from "viem";

import type { Step } from "../chain/sending.ts";
import type { Quote } from "../protocol/deal.ts";
import { type Series, idOf } from "../protocol/series.ts";
import { type Market, type State, purse } from "./market.ts";
import { type Bounds, approving, boundOf, stepsOf } from "./trade.ts";

export type Kind = "put" | "spread" | "strangle";

/** What is chosen: strikes in whole USD. low: of the put, or where the spread begins; high: of the call, or its cap. */
export interface Choice {
  readonly kind: Kind;
  readonly expiry: number;
  readonly low: number;
  readonly high: number;
}

/** The strikes that a choice may take for its low and its high end; empty for an end that it has not. */
export function endsOf(state: State, kind: Kind, expiry: number, low: number): { lows: number[]; highs: number[] } {
  const rows = state.expiries.find((each) => each.expiry === expiry)?.rows ?? [];
  const all = rows.map(({ put }) => put.strike);
  if (kind === "put") return { lows: all, highs: [] };
  if (kind === "strangle")
    return { lows: all, highs: rows.flatMap(({ call }) => (call && call.strike >= low ? [call.strike] : [])) };
  const lows = rows.flatMap(({ call }) => (call ? [call.strike] : []));
  return { lows, highs: all.filter((cap) => cap > low && cap * 100 <= low * state.terms.call_cap) };
}

/** The nearest of some strikes to a price; 0 where there are none. */
export const nearest = (strikes: readonly number[], price: number): number =>
  strikes.reduce(
    (best, strike) => (Math.abs(strike - price) < Math.abs(best - price) ? strike : best),
    strikes[0] ?? 0,
  );

/** The series of a choice, in the order in which they are bought. */
export function legsOfChoice(state: State, { kind, expiry, low, high }: Choice): Series[] {
  const put: Series = { expiry, isPut: true, strike: low, other: 0 };
  if (kind === "put") return [put];
  if (kind === "spread") return [{ expiry, isPut: false, strike: low, other: high }];
  const rows = state.expiries.find((each) => each.expiry === expiry)?.rows ?? [];
  const call = rows.find((row) => row.call?.strike === high)?.call;
  return call ? [put, call] : [put];
}

/** One exact allowance for all of it, each leg, and the end of what is left of the allowance. A leg that the account
 * got by a first try is not bought again. deadline: seconds. Throws NodeDown. */
export async function bundleSteps(
  market: Market,
  account: Address,
  quotes: readonly Quote[],
  bounds: Bounds,
  deadline: number,
): Promise<Step[]> {
  const { on, reader } = market;
  const bound = quotes.reduce((sum, quote) => sum + boundOf(quote, bounds), 0n);
  const held = (quote: Quote): Promise<bigint> =>
    reader.read(on.option, "balanceOf", [account, idOf(quote.wanted.series)], "latest");
  const before = await Promise.all(quotes.map(held));
  const isLacking = async (i: number): Promise<boolean> =>
    (await held(quotes[i]!)) < before[i]! + quotes[i]!.wanted.units;
  const lacks = async (): Promise<bigint> => {
    const open = await Promise.all(quotes.map((_, i) => isLacking(i)));
    return quotes.reduce((sum, quote, i) => sum + (open[i] ? boundOf(quote, bounds) : 0n), 0n);
  };
  const alone = await Promise.all(quotes.map((quote) => stepsOf(market, account, quote, bounds, deadline)));
  const mints = alone.map((steps, i): Step => {
    const mint = steps.find(({ name }) => name === "mint")!;
    return { ...mint, isNeeded: () => isLacking(i) };
  });
  const allowed = async (): Promise<bigint> => (await purse(market, account)).allowed;
  return [
    { ...approving(market, bound), isNeeded: async () => (await allowed()) < (await lacks()) },
    ...mints,
    ...(alone[0] ?? []).slice(-1),
  ];
}
