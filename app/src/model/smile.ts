/** A slice of the surface: raw SVI in annualised variance, as the chain stores it (tandem/model/svi.py). */

import { SLICE_WORD } from "../abi/words.ts";

/** a, b 1/year; rho; m, s log-moneyness; basis per year; stickiness 0 moneyness, 1 strike. */
export interface Smile {
  readonly a: number;
  readonly b: number;
  readonly rho: number;
  readonly m: number;
  readonly s: number;
  readonly basis: number;
  readonly stickiness: number;
}

const NAMES = Object.keys(SLICE_WORD) as (keyof Smile)[];

export function unpackSmile(word: bigint): Smile {
  const read = NAMES.map((name) => {
    const { low, width, signed, scale } = SLICE_WORD[name];
    const bits = word >> BigInt(low);
    const steps = signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
    return [name, Number(steps) / scale] as const;
  });
  return Object.fromEntries(read) as unknown as Smile;
}

/** Annualised variance at log-moneyness k. */
export function variance(smile: Smile, k: number): number {
  const x = k - smile.m;
  return smile.a + smile.b * (smile.rho * x + Math.hypot(x, smile.s));
}

export const vol = (smile: Smile, k: number): number => Math.sqrt(variance(smile, k));

/** dσ/dk. */
export function volSlope(smile: Smile, k: number): number {
  const x = k - smile.m;
  return (smile.b * (smile.rho + x / Math.hypot(x, smile.s))) / (2 * vol(smile, k));
}

export const forward = (smile: Smile, spot: number, tau: number): number => spot * Math.exp(smile.basis * tau);
