/** Series: what an option pays, and the id that says so (layout as in contracts/lib/series.vy). */

import { WAD, least, most } from "./units.ts";

const MASK_40 = (1n << 40n) - 1n;
const MASK_64 = (1n << 64n) - 1n;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/** Strikes in whole USD; `other`: a call's cap, or a put's floor (0 for none); expiry: seconds. */
export interface Series {
  readonly expiry: number;
  readonly isPut: boolean;
  readonly strike: number;
  readonly other: number;
}

export function idOf(s: Series): bigint {
  const kind = s.isPut ? 1n << 168n : 0n;
  return BigInt(s.strike) | (BigInt(s.other) << 64n) | (BigInt(s.expiry) << 128n) | kind;
}

export function seriesOf(id: bigint): Series {
  return {
    expiry: Number((id >> 128n) & MASK_40),
    isPut: id >> 168n === 1n,
    strike: Number(id & MASK_64),
    other: Number((id >> 64n) & MASK_64),
  };
}

/** USD that 1 of the asset can pay, whatever the price: nobody has to be asked for it. */
export const mostOf = (s: Series): bigint => BigInt(Math.abs(s.strike - s.other));

/** As 27MAR26. */
export function dateOf(expiry: number): string {
  const day = new Date(expiry * 1_000);
  const month = MONTHS[day.getUTCMonth()];
  return `${String(day.getUTCDate()).padStart(2, "0")}${month}${String(day.getUTCFullYear() % 100).padStart(2, "0")}`;
}

export function nameOf(s: Series, asset: string): string {
  const tail = s.other ? `-${s.other}` : "";
  return `${asset}-${dateOf(s.expiry)}-${s.strike}${tail}-${s.isPut ? "P" : "C"}`;
}

/** USD per 1 of the asset at a settlement price. */
export function payoff(s: Series, price: number): number {
  if (s.isPut) return Math.max(s.strike - Math.max(price, s.other), 0);
  return Math.max(Math.min(price, s.other) - s.strike, 0);
}

/** Token units that a holding is paid at a settlement price (WAD), rounded down. */
export function paid(s: Series, units: bigint, settlement: bigint): bigint {
  const [strike, other] = [BigInt(s.strike) * WAD, BigInt(s.other) * WAD];
  const ahead = s.isPut ? strike - most(settlement, other) : least(settlement, other) - strike;
  return (units * most(ahead, 0n)) / WAD;
}

/** One strike of the menu: the call with the widest cap that may be opened, where the ladder has one. */
export interface MenuRow {
  readonly call: Series | null;
  readonly put: Series;
}

/** callCap: the widest cap, hundredths of the strike. */
export function menu(expiry: number, strikes: readonly number[], callCap: number): MenuRow[] {
  const ladder = [...strikes].sort((a, b) => a - b);
  return ladder.map((strike) => {
    const caps = ladder.filter((cap) => strike < cap && cap * 100 <= strike * callCap);
    const cap = caps.at(-1);
    return {
      call: cap === undefined ? null : { expiry, isPut: false, strike, other: cap },
      put: { expiry, isPut: true, strike, other: 0 },
    };
  });
}
