/** A slice of the surface: raw SVI in annualised variance, as the chain stores it (tandem/model/svi.py). */

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

/** name, lowest bit, width, whether signed, steps that make 1. */
const LAYOUT: readonly (readonly [keyof Smile, bigint, number, boolean, number])[] = [
  ["a", 0n, 56, true, 1e15],
  ["b", 56n, 56, false, 1e15],
  ["rho", 112n, 32, true, 1e9],
  ["m", 144n, 40, true, 1e11],
  ["s", 184n, 40, false, 1e11],
  ["basis", 224n, 24, true, 1e6],
  ["stickiness", 248n, 8, false, 100],
];

export function unpackSmile(word: bigint): Smile {
  const read = LAYOUT.map(([name, low, width, signed, scale]) => {
    const bits = word >> low;
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
