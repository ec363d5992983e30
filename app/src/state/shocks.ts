/** What jumps cost the book: as the gate keeps it, and as the model has it now. */

import { JUMPS } from "../abi/constants.ts";
import { Refused } from "../chain/reader.ts";
import { bookOf, openOf } from "../model/book.ts";
import { limitOf, lossesOf, worstOf } from "../model/gate.ts";
import { jumpLoss } from "../model/jumps.ts";
import { LEAST_LIFE } from "../model/mark.ts";
import { unpackSmile } from "../model/smile.ts";
import { YEAR, abs, wadOf } from "../protocol/units.ts";
import { type Check, NEAR, dollars, exact } from "./check.ts";
import { exposureOf } from "./checks.ts";
import type { Look } from "./look.ts";

/** What the worst of eight jumps costs; of the gate's own words. */
export function jumps({ snapshot, gate, hedge, funds }: Look): Check[] {
  const { gate: told, spot } = snapshot.value;
  const [book, mark] = gate.value;
  const call = snapshot.call;
  const how = "Unpacked from the router's own word, in which trades keep it.";
  const losses = lossesOf(book);
  return [
    ...JUMPS.map((jump, i) =>
      exact({ name: nameOf(jump), unit: "USD", how, call }, told.losses[i] ?? 0n, losses[i] ?? 0n, 18, 2),
    ),
    exact(
      {
        name: "worst, with the hedge",
        unit: "USD",
        how: "The largest over the jumps of the book's loss less what the hedge gains, at most what its venue can pay.",
        call,
      },
      told.worst,
      worstOf(book, mark, hedge.value, spot),
      18,
      2,
    ),
    exact(
      { name: "the most that an open may leave", unit: "USD", how: "Its share of NAV.", call },
      told.limit,
      limitOf(mark, funds.value.nav),
      18,
      2,
    ),
  ];
}

/** By how much the contract's bound may be over the model, a share of spot for each unit open. */
const SLACK = 0.005;

/** What each jump would cost the book now: the contract's bound beside the model. None where it is refused, or where
 * two slices or a past expiry make it another sum. */
export function jumpsNow({ snapshot, slices, losses }: Look): Check[] {
  const s = snapshot.value;
  const open = openOf(s.expiries);
  const isPlain = slices.value.every((slice) => slice.beside === 0n) && open.every((e) => e.expiry > s.timestamp);
  if (losses instanceof Refused || !isPlain) return [];
  const [spot, now] = [wadOf(s.spot), Number(s.timestamp)];
  const gross = exposureOf(s).size;
  const how =
    "Sold strikes at 1.5 times their volatility, bought ones at 0.8. " +
    "The contract's is a bound: never less, and at most half a per cent of spot for each unit more.";
  return JUMPS.map((jump, i) => {
    const said = wadOf((losses.value.sums[i] ?? 0n) / UNITS);
    const found = open.reduce((sum, e) => {
      const tau = Math.max(Number(e.expiry) - now, LEAST_LIFE) / YEAR;
      return sum + jumpLoss(bookOf(e), unpackSmile(e.slice), spot, tau, Number(jump) / 100);
    }, 0);
    const over = said - found;
    const isBound = over >= -NEAR * gross * spot && over <= SLACK * gross * spot;
    const name = `${nameOf(jump)} now`;
    const apart = isBound ? "" : over.toPrecision(3);
    return { name, unit: "USD", how, call: losses.call, said: dollars(said), found: dollars(found), apart };
  });
}

const UNITS = 1_000_000n;
const nameOf = (jump: bigint): string => `${jump > 0n ? "+" : "−"}${abs(jump)} %`;
