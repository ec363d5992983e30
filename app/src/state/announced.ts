import { VALIDITY } from "../abi/constants.ts";

/** From when on what is announced may be taken up: not while LPs wait. Null where nothing is, or it has lapsed. */
export function opensAt(readyAt: number, held: number, now: number): number | null {
  const opens = Math.max(readyAt, held);
  return readyAt && Math.max(opens, now) <= readyAt + VALIDITY ? opens : null;
}
