/** The book, its hedge and its prices: each figure as the contracts say it and as the page computes it. */

import { Refused } from "../chain/reader.ts";
import { bandOf } from "../model/band.ts";
import { type Exposure, bookOf, exposure, maximum, openOf, together } from "../model/book.ts";
import { LEAST_LIFE } from "../model/mark.ts";
import { unpackSmile, vol } from "../model/smile.ts";
import { dateOf } from "../protocol/series.ts";
import { unpackTerms } from "../protocol/terms.ts";
import { WAD, YEAR, wadOf } from "../protocol/units.ts";
import { type Check, alone, exact, near } from "./check.ts";
import type { Look, Snapshot } from "./look.ts";

/** What everybody could be owed, and what is there to pay it; all exact. */
export function solvency({ snapshot, funds, held }: Look): Check[] {
  const s = snapshot.value;
  const open = openOf(s.expiries);
  const call = snapshot.call;
  const maxima = open.map((e) => maximum(bookOf(e))?.amount ?? null);
  const sum = maxima.includes(null) ? null : maxima.reduce<bigint>((a, b) => a + (b ?? 0n), 0n);
  const { cash, exits } = funds.value;
  const floor = sum === null ? null : cash - exits - s.claims - sum;
  return [
    ...open.map((e, i) =>
      exact(
        {
          name: `most that ${dateOf(Number(e.expiry))} may pay`,
          unit: "USD",
          how: "The expiry's payoff at 0 and at every strike where it bends, from the stored book; the largest of them.",
          call,
        },
        e.maximum,
        maxima[i] ?? null,
        6,
        2,
      ),
    ),
    exact({ name: "most that all may pay", unit: "USD", how: "The sum of every expiry's.", call }, s.maxima, sum, 6, 2),
    exact(
      {
        name: "floor",
        unit: "USD",
        how: "The Vault's cash, less exits that wait, less settled claims, less the most that all options may pay.",
        call,
      },
      s.floor,
      floor,
      6,
      2,
    ),
    {
      ...exact(
        {
          name: "cash in the Vault",
          unit: "USD",
          how: "What the token's own contract says the Vault holds; gifts may make it more.",
          call: funds.call,
        },
        cash,
        held.value,
        6,
        2,
      ),
      ...(held.value >= cash && { apart: "" }),
    },
  ];
}

/** What the model says of the book by the slices that stand. */
export function exposureOf(s: Snapshot): Exposure {
  const now = Number(s.timestamp);
  return together(
    openOf(s.expiries).map((e) => {
      const tau = Math.max(Number(e.expiry) - now, LEAST_LIFE) / YEAR;
      return exposure(bookOf(e), unpackSmile(e.slice), wadOf(s.spot), tau);
    }),
  );
}

/** The book's Greeks, its hedge, and what is left between them. */
export function hedging({ snapshot, lot, venues }: Look, asset: string): Check[] {
  const s = snapshot.value;
  const { stance } = s;
  const call = snapshot.call;
  const model = exposureOf(s);
  const spot = wadOf(s.spot);
  const how = "Every node of the book by the model in doubles, on the slices that signers posted.";
  const band = bandOf(stance.gamma, s.spot, s.funds.nav, unpackTerms(s.terms), s.gross, lot.value);
  const there = venues.value.reduce((sum, venue) => sum + venue.account.position, 0n);
  const isWhole = venues.value.every((venue) => venue.answers && !venue.is_down);
  const width = "The cube root of the book's gamma, spot and NAV by the parameters (Whalley and Wilmott), in integers.";
  return [
    near({ name: "delta", unit: asset, how, call }, wadOf(stance.delta), model.delta, model.size, 6),
    near(
      { name: "gamma", unit: `${asset} per USD`, how, call },
      wadOf(stance.gamma),
      model.gamma,
      model.size / spot,
      8,
    ),
    near(
      { name: "vega", unit: "USD a vol point", how, call },
      wadOf(stance.vega) / 100,
      model.vega / 100,
      (model.size * spot) / 100,
      4,
    ),
    isWhole
      ? exact(
          { name: "hedge", unit: asset, how: "The sum of what each venue reports.", call },
          s.position,
          there,
          18,
          6,
        )
      : alone(
          { name: "hedge", unit: asset, how: "A venue is down or silent, so there is no sum.", call },
          s.position,
          18,
          6,
        ),
    exact(
      { name: "residual", unit: asset, how: "The hedge less the delta.", call },
      stance.residual,
      s.position - stance.delta,
      18,
      6,
    ),
    exact({ name: "band of a trade", unit: asset, how: width, call }, stance.width, band.width, 18, 6),
    exact({ name: "hard band", unit: asset, how: "Twice that.", call }, stance.hard, band.hard, 18, 6),
    exact(
      { name: "trigger", unit: asset, how: "Half of it, a lot at the least.", call },
      stance.trigger,
      band.trigger,
      18,
      6,
    ),
  ];
}

/** Spot and slices, each from where they come. */
export function prices({ snapshot, slices, feed, decimals: places }: Look): Check[] {
  const s = snapshot.value;
  const call = snapshot.call;
  const posted = new Map(slices.value.map((slice) => [slice.expiry, slice]));
  const isTold = !(feed instanceof Refused || places instanceof Refused);
  const told = isTold ? { round: feed.value, scale: 10n ** BigInt(places.value) } : null;
  const [, answer, , updatedAt] = told?.round ?? [0n, 0n, 0n, -1n];
  return [
    told && s.spot_time === updatedAt
      ? exact(
          { name: "spot", unit: "USD", how: "The price feed's last answer.", call },
          s.spot,
          (answer * WAD) / told.scale,
          18,
          4,
        )
      : alone(
          { name: "spot", unit: "USD", how: "The first feed is silent, and another answers.", call },
          s.spot,
          18,
          4,
        ),
    ...openOf(s.expiries).map((e): Check => {
      const word = posted.get(e.expiry)?.slice_word ?? 0n;
      return {
        name: `slice of ${dateOf(Number(e.expiry))}`,
        unit: "at the money",
        said: nearMoney(e.slice),
        found: nearMoney(word),
        apart: word === e.slice ? "" : "another slice",
        how: `The slice that the surface has, bit by bit, beside the one the book was priced by: 0x${e.slice.toString(16)}.`,
        call,
      };
    }),
  ];
}

const nearMoney = (word: bigint): string => (word ? `${(vol(unpackSmile(word), 0) * 100).toFixed(2)} %` : "none");
