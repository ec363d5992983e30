/** Several options that are bought one after the other, because together they do one thing. */

import { type Address, encodeFunctionData } from "viem";

import { After, NoSimulation, type Override, RefusedBefore, type Sent, funded } from "../chain/after.ts";
import type { Refused } from "../chain/reader.ts";
import type { Step } from "../chain/sending.ts";
import { type Quote, type Wanted, quotes } from "../protocol/deal.ts";
import { type Series, idOf } from "../protocol/series.ts";
import { type Market, type State, purse } from "./market.ts";
import { type Bounds, approving, minting, within } from "./trade.ts";

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

/** The series of a choice, in the order in which they are bought; none where one of its ends is not listed. */
export function legsOfChoice(state: State, { kind, expiry, low, high }: Choice): Series[] {
  const put: Series = { expiry, isPut: true, strike: low, other: 0 };
  if (kind === "put") return low ? [put] : [];
  if (kind === "spread") return low && high ? [{ expiry, isPut: false, strike: low, other: high }] : [];
  const rows = state.expiries.find((each) => each.expiry === expiry)?.rows ?? [];
  const call = rows.find((row) => row.call?.strike === high)?.call;
  return low && call ? [put, call] : [];
}

/** held: token units of the account, null without one. alone: why each leg was quoted as if there were no other; "" where
 * each was quoted after those before it. */
export interface Offered {
  readonly answers: readonly (Quote | Refused)[];
  readonly held: bigint | null;
  readonly alone: string;
}

/** Who trades in a simulation that nobody connected a wallet for. */
const SOMEBODY: Address = "0x1111111111111111111111111111111111111111";
/** More of the quote token than any trade takes, and no more than a token's own bounds bear. */
const PLENTY = 10n ** 21n;
const ANY = 2n ** 256n - 1n;

/** Each leg's quote, the second as it is after the first was carried out, or the chain's refusal. Throws NodeDown. */
export async function offered(
  market: Market,
  state: State,
  legs: readonly Series[],
  size: bigint,
  account: Address | null,
): Promise<Offered> {
  const wanted = legs.map((series) => ({ series, units: size, isClose: false }));
  const [answers, own] = await Promise.all([
    quotes(market.reader, market.on, wanted, state.head),
    account ? purse(market, account) : null,
  ]);
  const held = own && own.held;
  try {
    return { answers: await inTurn(market, state, wanted, answers, account, held ?? 0n), held, alone: "" };
  } catch (error) {
    if (!(error instanceof NoSimulation)) throw error;
    return { answers, held, alone: error.message };
  }
}

/** Quotes of later legs after the earlier ones, in place of those that stand alone. A leg that is refused ends it: what
 * comes after it is not bought. Throws NoSimulation, NodeDown. */
async function inTurn(
  market: Market,
  state: State,
  wanted: readonly Wanted[],
  alone: readonly (Quote | Refused)[],
  account: Address | null,
  held: bigint,
): Promise<(Quote | Refused)[]> {
  const { reader, on } = market;
  const found = [...alone];
  if (alone.length < 2 || !alone.every(isQuote)) return found;
  const who = account ?? SOMEBODY;
  const cost = alone.reduce((sum, quote) => sum + quote.total, 0n);
  const given: Override[] = held > 2n * cost ? [] : [await funded(reader, on.token, who, PLENTY)];
  const approve = encodeFunctionData({ abi: on.token.abi, functionName: "approve", args: [on.vault.address, ANY] });
  const sent: Sent[] = [{ from: who, to: on.token.address, data: approve }];
  for (const [i, one] of wanted.slice(0, -1).entries()) {
    const deadline = BigInt(state.head.timestamp + LATER);
    const args = [idOf(one.series), one.units, ANY, deadline, who] as const;
    const data = encodeFunctionData({ abi: on.market.abi, functionName: "mint", args });
    sent.push({ from: who, to: on.market.address, data });
    const [next] = await quotes(new After(reader, sent, given), on, [wanted[i + 1]!], state.head);
    if (next instanceof RefusedBefore) {
      // it is the refusal of a leg before: the first transaction is the allowance
      found[Math.max(next.place - 1, 0)] = next;
      return found;
    }
    found[i + 1] = next!;
    if (!isQuote(next!)) return found;
  }
  return found;
}

/** Seconds that an imagined trade is good for. */
const LATER = 3_600;

const isQuote = (answer: Quote | Refused): answer is Quote => "wanted" in answer;

/** One exact allowance for all of it, each leg, and the end of what is left of the allowance. deadline: seconds. */
export function bundleSteps(
  market: Market,
  account: Address,
  quotes: readonly Quote[],
  bounds: Bounds,
  deadline: number,
): Step[] {
  const mints = quotes.map((quote) => minting(market, account, quote, bounds, deadline));
  const bound = mints.reduce((sum, each) => sum + each.bound, 0n);
  return within(market, account, approving(market, bound), mints);
}
