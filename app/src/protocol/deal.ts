/** Quotes: what a trade would be now, and what its hedge would cost, asked of the chain at one block.
 *
 * The Lens prices it, the router says what margin carries, the venue what the order would fill at; the arithmetic is
 * the contracts' own, to the last unit (tandem/protocol/deal.py is its twin, and a test holds the two together). */

import {
  MET,
  OFF_ORACLE,
  RELIEF_SECONDS,
  TRIED_GAS,
  UNBOUNDED,
  VENUE_GAS,
  VIEW_GAS,
  WAIT_SECONDS,
} from "../abi/constants.ts";
import type { Contracts } from "../chain/contracts.ts";
import { type Head, type Reader, Refused, orRefused } from "../chain/reader.ts";
import { type Series, idOf } from "./series.ts";
import { type Terms, fillBand, unpackTerms } from "./terms.ts";
import { BPS, TO_WAD, WAD, abs, least, most, up } from "./units.ts";

/** A trade that is asked about; units: 1e-6 of the asset. */
export interface Wanted {
  readonly series: Series;
  readonly units: bigint;
  readonly isClose: boolean;
}

/** USD in token units for the whole size. units: what fills; total: what a mint takes or a close pays; order: WAD of
 * the asset that the venue trades; before, after: the residual, WAD; delta, gamma, vega per 1 of the asset, WAD. */
export interface Quote {
  readonly wanted: Wanted;
  readonly units: bigint;
  readonly mark: bigint;
  readonly spread: bigint;
  readonly fee: bigint;
  readonly charge: bigint;
  readonly carry: bigint;
  readonly order: bigint;
  readonly fill: bigint;
  readonly hedgeCost: bigint;
  readonly total: bigint;
  readonly vol: bigint;
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
  readonly before: bigint;
  readonly after: bigint;
  readonly hard: bigint;
  /** The worst price that the order may fill at, WAD USD. */
  readonly worst: bigint;
}

/** Where the venue trades. */
interface Quotation {
  readonly low: bigint;
  readonly high: bigint;
  readonly fee: bigint;
}

/** What every quote at one block shares. */
interface Desk {
  readonly spot: bigint;
  readonly imputed: bigint;
  readonly terms: Terms;
  readonly band: bigint;
  readonly market: Quotation;
  /** The same as closes are held against it. */
  readonly eased: Quotation;
  readonly carry: ReadonlyMap<number, readonly [bigint, bigint]>;
  readonly isSet: boolean;
  readonly isRelieved: boolean;
  /** Of the venue's base token, WAD: an order is a multiple of it. */
  readonly grain: bigint;
}

interface Deal {
  readonly units: bigint;
  readonly premium: bigint;
  readonly fee: bigint;
  readonly charge: bigint;
  readonly mark: bigint;
  readonly own: bigint;
  readonly order: bigint;
  readonly residual: bigint;
  readonly hard: bigint;
  readonly greeks: { readonly delta: bigint; readonly gamma: bigint; readonly vega: bigint; readonly sigma: bigint };
}

interface Fill {
  readonly quote: bigint;
  readonly fee: bigint;
}

const NOTHING: Fill = { quote: 0n, fee: 0n };

/** Each trade's quote as if it were alone, or the chain's own refusal. Throws NodeDown. */
export async function quotes(
  reader: Reader,
  on: Contracts,
  wanted: readonly Wanted[],
  head: Head,
): Promise<(Quote | Refused)[]> {
  const lives = new Set(wanted.filter((w) => !w.isClose).map((w) => w.series.expiry));
  const [desk, deals] = await Promise.all([
    orRefused(deskAt(reader, on, head, lives)),
    Promise.all(wanted.map((w) => orRefused(dealOf(reader, on, w, head)))),
  ]);
  if (desk instanceof Refused) return wanted.map(() => desk);
  return Promise.all(
    wanted.map(async (w, i) => {
      const deal = deals[i]!;
      if (deal instanceof Refused) return deal;
      const fill = await orRefused(fillOf(reader, on, desk, w, deal, head));
      return fill instanceof Refused ? fill : quoteOf(desk, w, deal, fill);
    }),
  );
}

async function deskAt(reader: Reader, on: Contracts, head: Head, expiries: Set<number>): Promise<Desk> {
  const from = { from: on.market.address };
  const listed = [...expiries];
  const [spot, imputed, word, market, eased, isSet, ledger, grain, ...carried] = await Promise.all([
    reader.read(on.spot, "spot", [], head, from),
    reader.read(on.market, "IMPUTED", [], head),
    reader.read(on.guardian, "terms", [], head),
    reader.read(on.router, "quotation", [false], head, from),
    reader.read(on.router, "quotation", [true], head, from),
    reader.read(on.router, "IS_SET", [], head),
    reader.read(on.router, "ledger", [], head),
    reader.read(on.venue, "grain", [], head),
    ...listed.map((expiry) =>
      reader.read(on.router, "carry", [BigInt(Math.max(expiry - head.timestamp, 0))], head, from),
    ),
  ]);
  const terms = unpackTerms([word, 0n]);
  const begins = Number(ledger.since) + WAIT_SECONDS;
  return {
    spot,
    imputed,
    terms,
    band: (spot * BigInt(fillBand(terms))) / BPS,
    market,
    eased,
    carry: new Map(listed.map((expiry, i) => [expiry, carried[i]!])),
    isSet,
    isRelieved: ledger.since !== 0n && begins <= head.timestamp && head.timestamp < begins + RELIEF_SECONDS,
    grain,
  };
}

function dealOf(reader: Reader, on: Contracts, w: Wanted, head: Head): Promise<Deal> {
  const args = [idOf(w.series), w.units, w.isClose] as const;
  return reader.read(on.lens, "quote", args, head, { from: on.market.address, gas: VIEW_GAS });
}

async function fillOf(reader: Reader, on: Contracts, desk: Desk, w: Wanted, deal: Deal, head: Head): Promise<Fill> {
  const order = sent(desk, deal);
  if (order === 0n) return NOTHING;
  const caller = { from: on.router.address, gas: VENUE_GAS };
  const buys = order > 0n;
  const worst = buys ? desk.spot + desk.band : desk.spot - desk.band;
  if (!desk.isSet) {
    const [, quote, fee] = await reader.read(on.venue, "trade", [order, worst], head, caller);
    return { quote, fee };
  }
  const paced = w.isClose ? 0n : abs(deal.order) - covered(deal.own, deal.order);
  const better = w.isClose ? (buys ? 0n : UNBOUNDED) : 2n * desk.spot - worst;
  const relieved = paced !== 0n && desk.isRelieved;
  const spot = w.isClose ? 0n : desk.spot;
  const args = [order, worst, better, paced, relieved, spot, 0n] as const;
  const filled = (tried: boolean) =>
    reader.read(on.venueSet, "fill", [...args, tried], head, tried ? { ...caller, gas: TRIED_GAS } : caller);
  // as the router does: it is tried, and where that reverts the venues are asked first
  const first = await orRefused(filled(true));
  const [, quote, fee] = first instanceof Refused ? await filled(false) : first;
  return { quote, fee };
}

/** The order that reaches the venue: what is finer than its token counts stays in the residual. */
const sent = (desk: Desk, deal: Deal): bigint => deal.order - (deal.order % desk.grain);

/** Token units that a mint took by its event, everything included. */
export const mintCost = (minted: Charged): bigint =>
  minted.premium + minted.fee + minted.capital_charge + up(minted.hedge_cost, TO_WAD);

interface Charged {
  readonly premium: bigint;
  readonly fee: bigint;
  readonly capital_charge: bigint;
  readonly hedge_cost: bigint;
}

/** The part of the trade's own delta that its order meets. */
function covered(own: bigint, order: bigint): bigint {
  if (order === 0n || order > 0n !== own > 0n) return 0n;
  return least(abs(own), abs(order));
}

/** What the part of its delta that meets no order pays, WAD fraction; null where an open is refused for it. */
function rateOf(desk: Desk, deal: Deal, isClose: boolean): bigint | null {
  if ((abs(deal.own) - covered(deal.own, deal.order)) << MET <= abs(deal.own)) return desk.imputed;
  const there = isClose ? desk.eased : desk.market;
  const within = there.low + desk.band >= desk.spot && there.high <= desk.spot + desk.band;
  if (!isClose && !within) return null;
  const gap = most(deal.own > 0n ? there.high - desk.spot : desk.spot - there.low, 0n);
  return most(desk.imputed, (gap * WAD) / desk.spot + there.fee);
}

/** What an open pays for the funding of its own delta, token units. */
function carryOf(desk: Desk, deal: Deal, expiry: number): bigint {
  const [long, short] = desk.carry.get(expiry) ?? [0n, 0n];
  const notional = (abs(deal.own) * desk.spot) / WAD;
  return up((notional * most(deal.own > 0n ? long : short, 0n)) / WAD, TO_WAD);
}

/** The trader's share of the order's cost, WAD USD, to the last digit as lib/hedging.vy splits it. */
function costOf(desk: Desk, rate: bigint, deal: Deal, fill: Fill): bigint {
  const { spot } = desk;
  const order = sent(desk, deal);
  const part = covered(deal.own, order);
  let borne = 0n;
  if (part) {
    const cost = fill.fee - fill.quote - (order * spot) / WAD;
    borne = (cost * part) / abs(order);
  }
  return borne + ((((abs(deal.own) - part) * spot) / WAD) * rate) / WAD;
}

function quoteOf(desk: Desk, w: Wanted, deal: Deal, fill: Fill): Quote | Refused {
  const rate = rateOf(desk, deal, w.isClose);
  if (rate === null) return Refused.saying(OFF_ORACLE);
  const carry = w.isClose ? 0n : carryOf(desk, deal, w.series.expiry);
  const hedgeCost = up(most(costOf(desk, rate, deal, fill), -deal.fee * TO_WAD), TO_WAD);
  const total = w.isClose
    ? most(deal.premium - deal.fee - hedgeCost, 0n)
    : deal.premium + deal.fee + deal.charge + carry + hedgeCost;
  const order = sent(desk, deal);
  return {
    wanted: w,
    units: deal.units,
    mark: deal.mark,
    spread: w.isClose ? deal.mark - deal.premium : deal.premium - deal.mark,
    fee: deal.fee,
    charge: deal.charge,
    carry,
    order,
    fill: order === 0n ? 0n : (abs(fill.quote) * WAD) / abs(order),
    hedgeCost,
    total,
    vol: deal.greeks.sigma,
    delta: deal.greeks.delta,
    gamma: deal.greeks.gamma,
    vega: deal.greeks.vega,
    before: deal.residual,
    after: deal.residual - deal.own + order,
    hard: deal.hard,
    worst: order > 0n ? desk.spot + desk.band : desk.spot - desk.band,
  };
}
