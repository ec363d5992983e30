/** Amounts as the contracts count them, and as people read them. A bigint is always exact. */

export const WAD = 10n ** 18n;
export const TO_WAD = 10n ** 12n;
export const BPS = 10_000n;
/** Token units of one dollar, and of a cent. */
export const USD = 10n ** 6n;
export const CENT = USD / 100n;
export const DAY = 86_400;
export const HOUR = 3_600;
export const YEAR = 31_536_000;

export class InputError extends Error {}

/** What a person typed as a number of at most `places` decimals. Throws InputError that says what to type. */
export function parseAmount(text: string, places: number, what: string): bigint {
  const typed = text.trim();
  // a comma parts thousands and nothing else: where it is a decimal point 1,5 would become 15
  const isRight = !typed.includes(",") || /^\d{1,3}(?:,\d{3})+(?:\.|$)/.test(typed);
  const found = isRight ? /^(\d{1,20})(?:\.(\d*))?$/.exec(typed.replace(/,(?=\d{3}(?:,|\.|$))/g, "")) : null;
  if (!found) throw new InputError(`${what}: type a number, as 1 or 0.25`);
  const [, whole = "0", part = ""] = found;
  if (part.length > places) throw new InputError(`${what}: at most ${places} decimals`);
  return BigInt(whole) * 10n ** BigInt(places) + BigInt(part.padEnd(places, "0") || "0");
}

/** A bigint with `places` decimals as a double, for pictures and models only. */
export function number(amount: bigint, places: number): number {
  return Number(amount) / 10 ** places;
}

export const usdOf = (amount: bigint): number => number(amount, 6);
export const sizeOf = (amount: bigint): number => number(amount, 6);
export const wadOf = (amount: bigint): number => number(amount, 18);

/** Exact decimals of an amount, rounded towards nothing to `shown` places, thousands apart. */
export function decimals(amount: bigint, places: number, shown: number): string {
  const sign = amount < 0n ? "−" : "";
  const cut = (amount < 0n ? -amount : amount) / 10n ** BigInt(places - shown);
  const digits = cut.toString().padStart(shown + 1, "0");
  const whole = digits.slice(0, digits.length - shown).replace(/\B(?=(\d{3})+$)/g, ",");
  const zero = cut === 0n ? "" : sign;
  return shown ? `${zero}${whole}.${digits.slice(-shown)}` : `${zero}${whole}`;
}

/** As decimals, with as many places more as the amount has: what somebody signs, or holds, is nothing rounded. */
export function exactly(amount: bigint, places: number, shown: number): string {
  let rest = amount;
  let more = places;
  for (; more > shown && rest % 10n === 0n; more -= 1) rest /= 10n;
  return decimals(amount, places, more);
}

/** The end of the year 9999, past which no clock is written: seconds. */
export const LAST_MOMENT = 253_402_300_799;
/** A moment in full, its date too: what looks like minutes may be years. Past any clock it is the number as it was said. */
export const moment = (seconds: number | bigint): string =>
  seconds >= 0 && seconds <= LAST_MOMENT
    ? `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`
    : `second ${seconds}`;

export const abs = (a: bigint): bigint => (a < 0n ? -a : a);
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
/** Rounded towards plus infinity; b above 0. */
export const up = (a: bigint, b: bigint): bigint => (a > 0n ? (a - 1n) / b + 1n : a / b);

/** Token units as dollars, and WAD of whatever it is. */
export const usd = (amount: bigint, shown = 2): string => decimals(amount, 6, shown);
/** What somebody may take: of an allowance without a bound, all. */
export const allowed = (amount: bigint): string => (amount >= 1n << 128n ? "all" : usd(amount));
export const wad = (amount: bigint, shown = 4): string => decimals(amount, 18, shown);
/** Units as the asset, all of them: what came by a transfer may be of any size. */
export const units = (amount: bigint): string => exactly(amount, 6, 2);
/** As a sentence says it, and as what is signed does: to the last unit. */
export const inUsd = (amount: bigint): string => `${usd(amount)} USD`;
export const exactUsd = (amount: bigint): string => `${exactly(amount, 6, 2)} USD`;
