/** What a visitor types of a trade, and what he has for it. */

import type { Address } from "viem";

import { LEAST_TRADE } from "../abi/constants.ts";
import type { Quote, Wanted } from "../protocol/deal.ts";
import { type Series, idOf } from "../protocol/series.ts";
import { InputError, parseAmount, units, usd } from "../protocol/units.ts";
import type { Market } from "./market.ts";
import { type Bounds, boundOf } from "./trade.ts";

export interface Form {
  readonly size: string;
  readonly slippage: string;
  readonly minutes: string;
  readonly byPermit: boolean;
}

/** What of it is typed. */
type Typed = "size" | "slippage" | "minutes";

export const EMPTY: Form = { size: "1", slippage: "1", minutes: "10", byPermit: false };

/** What is typed, as numbers; `fault` says which field is wrong. */
export function readForm(form: Form): { units: bigint; bounds: Bounds; fault: Partial<Record<Typed, string>> } {
  const fault: Partial<Record<Typed, string>> = {};
  const read = (name: Typed, places: number, what: string, low: bigint, high: bigint, range: string): bigint => {
    try {
      const amount = parseAmount(form[name], places, what);
      if (amount >= low && amount <= high) return amount;
      fault[name] = range;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fault[name] = error.message;
    }
    return low;
  };
  const size = read("size", 6, "Size", LEAST_TRADE, 10n ** 15n, "At least 0.01, in steps of 0.01");
  if (!fault.size && size % LEAST_TRADE !== 0n) fault.size = "In steps of 0.01";
  const slippage = read("slippage", 2, "Slippage", 0n, 5_000n, "Between 0 and 50 %");
  const minutes = read("minutes", 0, "Deadline", 1n, 1_440n, "Between 1 and 1,440 minutes");
  const bounds = { slippage: Number(slippage), lifetime: Number(minutes) * 60, byPermit: form.byPermit };
  return { units: size, bounds, fault };
}

/** One of its fields, as it is drawn. */
export const fieldOf =
  (form: Form, fault: Partial<Record<Typed, string>>, onForm: (form: Form) => void) =>
  (part: Typed): { value: string; fault: string; onInput: (text: string) => void } => ({
    value: form[part],
    fault: fault[part] ?? "",
    onInput: (text) => onForm({ ...form, [part]: text }),
  });

/** What an account has to trade with: units of the series, token units. */
export interface Holding {
  readonly options: bigint;
  readonly money: bigint;
}

export async function holdingOf(market: Market, account: Address, series: Series): Promise<Holding> {
  const { reader, on } = market;
  const [options, money] = await Promise.all([
    reader.read(on.option, "balanceOf", [account, idOf(series)], "latest"),
    reader.read(on.token, "balanceOf", [account], "latest"),
  ]);
  return { options, money };
}

/** What an account lacks for a trade, in words; "" for nothing. */
export function lackOf(holding: Holding, wanted: Wanted, quote: Quote | null, bounds: Bounds, asset: string): string {
  if (wanted.isClose) {
    if (holding.options < wanted.units) {
      return `You hold ${units(holding.options)} ${asset} of it: sell back at most that.`;
    }
    return quote?.total === 0n
      ? "It pays nothing now. Keep it: that costs nothing, and after expiry it is redeemed for what it is worth then."
      : "";
  }
  if (!quote) return "";
  const bound = boundOf(quote, bounds);
  return holding.money < bound ? `You have ${usd(holding.money)} USD, and this may take ${usd(bound)}.` : "";
}
