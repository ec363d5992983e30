/** The jump gate from its two words, exactly: what each jump costs the book, and the worst with the hedge
 * (contracts/lib/gate_word.vy, losses.vy). */

import { DRIFT, JUMPS } from "../abi/constants.ts";
import { GATE_WORD, LOSSES_WORD } from "../abi/words.ts";
import { TO_WAD, WAD, abs, least, most } from "../protocol/units.ts";

const STEP = BigInt(LOSSES_WORD.bits);
const BIAS = BigInt(LOSSES_WORD.bias);

const part = (word: bigint, low: number, width: number): bigint => BigInt.asUintN(width, word >> BigInt(low));

/** A part of the mark's word, as `GateMark` has it. */
function marked(mark: bigint, name: keyof typeof GATE_WORD): bigint {
  const { low, width, scale } = GATE_WORD[name];
  return part(mark, low, width) * BigInt(scale);
}

/** What the book loses by each jump as it is kept: steps above the bias. */
const kept = (book: bigint): bigint[] => JUMPS.map((_, i) => part(book, LOSSES_WORD.width * i, LOSSES_WORD.width));

/** What the book loses by each jump as it is remembered, WAD USD, to a step of 0.58 USD. */
export const lossesOf = (book: bigint): bigint[] => kept(book).map((steps) => (steps - BIAS) << STEP);

/** Token units. equity: what lies at the venue; purse: what it can pay besides. */
export interface Means {
  readonly equity: bigint;
  readonly purse: bigint;
}

/** What the hedge gains by each jump, WAD USD: at most what its venue can pay, and it loses no more than lies there.
 * position, spot: WAD. */
export function gainsOf({ equity, purse }: Means, position: bigint, spot: bigint): bigint[] {
  // a mark holds while spot is within a fiftieth: what the position may have won there lies there too
  const won = (((abs(position) * spot) / WAD) * 2n) / DRIFT;
  const lies = equity * TO_WAD + won;
  const percent = (position * spot) / (100n * WAD);
  // one under what lies there, as the contract rounds it
  return JUMPS.map((jump) => least(most(percent * jump, -lies - 1n), purse * TO_WAD));
}

/** The largest loss of book and hedge together, WAD USD, rounded up to a step. spot: WAD; position: WAD. */
export function worstOf(book: bigint, mark: bigint, position: bigint, spot: bigint): bigint {
  const means = { equity: marked(mark, "equity"), purse: marked(mark, "purse") };
  const gains = gainsOf(means, position, spot);
  const steps = kept(book).map((each, i) => each - (gains[i]! >> STEP));
  return (steps.reduce(most) - BIAS + 1n) << STEP;
}

/** The worst loss that an open may leave, WAD USD. nav: token units. */
export const limitOf = (mark: bigint, nav: bigint): bigint => (nav * TO_WAD * marked(mark, "limit")) / 10_000n;
