/** What an instant jump costs the book, by the model: sold strikes at a higher volatility, bought ones at a lower
 * (tandem/model/jumps.py). */

import { BOUGHT_VOL, SOLD_VOL } from "../abi/constants.ts";
import { call } from "./black.ts";
import type { Book } from "./book.ts";
import { type Smile, forward, vol } from "./smile.ts";

const UNIT = 1e6;

/** What is owed, USD. jump: a share of spot; volatilities are as they are without one. tau: years. */
function owed(book: Book, smile: Smile, spot: number, tau: number, jump: number, isShocked: boolean): number {
  const before = forward(smile, spot, tau);
  const after = before * (1 + jump);
  const ahead = (Number(book.forward) / UNIT) * after + Number(book.cash) / UNIT;
  return book.nodes.reduce((sum, [strike, units]) => {
    const factor = isShocked ? (units > 0n ? SOLD_VOL : BOUGHT_VOL) : 1;
    const width = vol(smile, Math.log(Number(strike) / before)) * Math.sqrt(tau) * factor;
    return sum + (Number(units) / UNIT) * call(after, Number(strike), width)[0];
  }, ahead);
}

/** How much more is owed after a jump, USD. */
export const jumpLoss = (book: Book, smile: Smile, spot: number, tau: number, jump: number): number =>
  owed(book, smile, spot, tau, jump, true) - owed(book, smile, spot, tau, 0, false);
