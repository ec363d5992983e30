/** How much of a series can be opened now, and what stops more: the chain itself is asked, many sizes in one trip
 * (tandem/client/room.py is its twin). */

import { LEAST_TRADE, OVER_CAP, POINTS, ROUNDS } from "../abi/constants.ts";
import type { Contracts } from "../chain/contracts.ts";
import { type Head, type Reader, Refused } from "../chain/reader.ts";
import { quotes } from "./deal.ts";
import type { Series } from "./series.ts";
import { type Terms, maxTrade } from "./terms.ts";
import { BPS, WAD } from "./units.ts";

/** units: that a mint of now takes at most, rounded down to hundredths; reason: the contract's word for why not more. */
export interface Room {
  readonly units: bigint;
  readonly reason: string;
}

/** What is read of the market for it: NAV token units, spot WAD USD. */
export interface Capital {
  readonly nav: bigint;
  readonly spot: bigint;
  readonly terms: Terms;
}

export async function roomOf(
  reader: Reader,
  on: Contracts,
  series: Series,
  capital: Capital,
  head: Head,
): Promise<Room> {
  const { nav, spot, terms } = capital;
  const largest = spot ? (((nav * BigInt(maxTrade(terms))) / BPS) * WAD) / spot : 0n;
  if (largest < LEAST_TRADE) return { units: 0n, reason: OVER_CAP };
  const ask = async (sizes: readonly bigint[]): Promise<string[]> => {
    const wanted = sizes.map((units) => ({ series, units, isClose: false }));
    const answers = await quotes(reader, on, wanted, head);
    return answers.map((answer) => (answer instanceof Refused ? answer.message : ""));
  };
  const [least, most] = await ask([LEAST_TRADE, largest]);
  if (least) return { units: 0n, reason: least };
  if (!most) return { units: (largest / LEAST_TRADE) * LEAST_TRADE, reason: OVER_CAP };
  let found = { good: LEAST_TRADE, bad: largest, reason: most };
  // each cuts what is unknown to an eighth: to 1/512 of the largest trade
  for (let round = 0; round < ROUNDS; round += 1) {
    const points = pointsBetween(found.good, found.bad);
    if (points.length === 0) break;
    const refusals = await ask(points);
    points.forEach((units, i) => {
      const refusal = refusals[i] ?? "";
      if (units >= found.bad) return;
      if (refusal) found = { ...found, bad: units, reason: refusal };
      else found = { ...found, good: units > found.good ? units : found.good };
    });
  }
  return { units: found.good, reason: found.reason };
}

/** Sizes between two, whole hundredths of the asset, rising. */
function pointsBetween(good: bigint, bad: bigint): bigint[] {
  const width = bad - good;
  if (width <= LEAST_TRADE) return [];
  const all = Array.from({ length: Number(POINTS) }, (_, i) => good + (width * BigInt(i + 1)) / (POINTS + 1n));
  const whole = new Set(all.map((point) => (point / LEAST_TRADE) * LEAST_TRADE));
  return [...whole].filter((point) => good < point && point < bad);
}
