/** A figure that a contract says beside the same that the page computes by itself, and whether they agree. */

import type { Evidence } from "../chain/evidence.ts";
import { abs, decimals } from "../protocol/units.ts";

/** said: the contract's; found: the page's; apart: by how much they differ, "" where they do not, null where nothing
 * could be compared; how: what the page did; call: what gave the contract's figure. */
export interface Check {
  readonly name: string;
  readonly unit: string;
  readonly said: string;
  readonly found: string;
  readonly apart: string | null;
  readonly how: string;
  readonly call: Evidence;
}

export const agrees = (check: Check): boolean => check.apart === "";
export const differs = (check: Check): boolean => Boolean(check.apart);

export interface Told {
  readonly name: string;
  readonly unit: string;
  readonly how: string;
  readonly call: Evidence;
}

/** places: decimals of the amounts; shown: how many of them are. */
export function exact(told: Told, said: bigint, found: bigint | null, places: number, shown: number): Check {
  const text = (amount: bigint): string => decimals(amount, places, shown);
  const apart = found === null ? "without end" : said === found ? "" : decimals(abs(said - found), places, places);
  return { ...told, said: text(said), found: found === null ? "without end" : text(found), apart };
}

/** A figure beside which there is none. */
export const alone = (told: Told, said: bigint, places: number, shown: number): Check => ({
  ...told,
  said: decimals(said, places, shown),
  found: "–",
  apart: null,
});

/** What doubles and the chain's integers may be apart, as a share of the book's own size. */
export const NEAR = 1e-9;

export function near(told: Told, said: number, found: number, scale: number, shown: number): Check {
  const text = (value: number): string =>
    value.toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown }).replace("-", "−");
  const gap = Math.abs(said - found);
  const isNear = gap <= NEAR * Math.max(scale, 1e-3); // NaN is not
  return { ...told, said: text(said), found: text(found), apart: isNear ? "" : gap.toPrecision(3) };
}

/** USD, to the cent. */
export const dollars = (value: number): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace("-", "−");

/** A hash as its ends. */
export const ends = (hash: string): string => `${hash.slice(0, 10)}…${hash.slice(-6)}`;
