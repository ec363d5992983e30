/** The jump gate from its two words, exactly: what each jump costs the book, and the worst with the hedge
 * (contracts/lib/gate_word.vy, losses.vy). */

import { DRIFT, JUMPS } from "../abi/constants.ts";
import { TO_WAD, WAD, abs, least, most } from "../protocol/units.ts";

const FIELD = 59n;
const BIAS = 1n << 30n;
const LANE = 32n;
const CENT = 10_000n;

const part = (word: bigint, low: bigint, width: bigint): bigint => (word >> low) & ((1n << width) - 1n);

/** What the book loses by each jump as it is remembered, WAD USD, to a step of 0.58 USD. */
export function lossesOf(book: bigint): bigint[] {
  return JUMPS.map((_, i) => (part(book, LANE * BigInt(i), LANE) - BIAS) << FIELD);
}

/** The largest loss of book and hedge together, WAD USD, rounded up to a step. spot: WAD; position: WAD. */
export function worstOf(book: bigint, mark: bigint, position: bigint, spot: bigint): bigint {
  // a mark holds while spot is within a fiftieth: what the position may have won there lies there too
  const won = (((abs(position) * spot) / WAD) * 2n) / DRIFT;
  const lies = part(mark, 80n, 40n) * CENT * TO_WAD + won;
  const purse = part(mark, 40n, 40n) * CENT * TO_WAD;
  const percent = (position * spot) / (100n * WAD);
  const gain = (jump: bigint): bigint => least(most((percent * jump) >> FIELD, -(lies >> FIELD) - 1n), purse >> FIELD);
  const steps = JUMPS.map((jump, i) => part(book, LANE * BigInt(i), LANE) - gain(jump));
  return (steps.reduce(most) - BIAS + 1n) << FIELD;
}

/** The worst loss that an open may leave, WAD USD. nav: token units. */
export const limitOf = (mark: bigint, nav: bigint): bigint => (nav * TO_WAD * part(mark, 0n, 12n)) / 10_000n;
