/** The protocol's parameters: words of sixteen 16-bit fields (contracts/lib/terms.vy). */

import { TERMS } from "../abi/terms.ts";

export type Term = keyof typeof TERMS;
export type Terms = Readonly<Record<Term, number>>;

const PLACES = 16;
const EIGHTHS = 8;

export function unpackTerms(words: readonly bigint[]): Terms {
  const names = Object.keys(TERMS) as Term[];
  const value = (name: Term): number => {
    const { index } = TERMS[name];
    const word = words[Math.floor(index / PLACES)] ?? 0n;
    return Number((word >> BigInt(16 * (index % PLACES))) & 0xffffn);
  };
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Terms;
}

const eighths = (terms: Terms): number => EIGHTHS + ((terms.flags >> 3) & 31);

/** The band that orders fill in, 1e-4: wider in a wild market. */
export const fillBand = (terms: Terms): number => Math.floor((terms.fill_band * eighths(terms)) / EIGHTHS);

/** The largest trade, 1e-4 of NAV: smaller in a wild market. */
export const maxTrade = (terms: Terms): number => Math.floor((terms.max_trade * EIGHTHS) / eighths(terms));

/** Opens are stopped, by a guardian or by the breaker. */
export const isPaused = (terms: Terms): boolean => (terms.flags & 0b1_0000_0101) !== 0;

/** A guardian took the hedge venue down, of several all of them. */
export const isVenueDown = (terms: Terms): boolean => (terms.flags & 0b10) !== 0;

/** What the breaker does now; a guardian's word stands beside it. */
export function breakerSays({ flags }: Terms): string {
  const byHand = flags & 1 ? "; paused by hand" : "";
  if (flags & 0b100) return `stopped opens and deposits${byHand}`;
  if (flags & 0b1_0000_0000) return `stopped opens: there is no next top-up of margin${byHand}`;
  return `quiet${byHand}`;
}
