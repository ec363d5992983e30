/** Why NAV moved from one moment to another, by cause (keeper/replay/pnl.py and keeper/report/account.py are its twins,
 * and a test holds them together to the cent).
 *
 * The book is valued anew one input at a time: spot first (delta is the tangent, gamma the rest), then time, then the
 * surface; trades and payouts last, at the new prices. Volatility stays with its strike while spot and time move. */

import { CAUSES } from "../abi/causes.ts";
import { YEAR } from "../protocol/units.ts";
import { call } from "./black.ts";
import { LEAST_LIFE } from "./mark.ts";
import { type Smile, variance } from "./smile.ts";

export type Cause = keyof typeof CAUSES;
/** USD by cause. */
export type Terms = Readonly<Record<Cause, number>>;
export const NAMES = Object.keys(CAUSES) as Cause[];
export const NOTHING = Object.fromEntries(NAMES.map((name) => [name, 0])) as Terms;

const LEAST_VARIANCE = 1e-12;
/** Of the asset: a position that differs by less from what orders left was not changed by anybody. */
const DUST = 1e-6;
/** A year, of a position: on a lending market it grows by interest and nobody's order. What changed by more, a stranger
 * changed. */
const MOST_INTEREST = 5;

/** What one expiry owes: cash USD, forward of the asset, calls by strike in USD, of the asset. */
export interface Owed {
  readonly expiry: number;
  readonly cash: number;
  readonly forward: number;
  readonly calls: readonly (readonly [number, number])[];
}

/** The Vault at the end of a block. time: seconds; spot USD; position of the asset; cash, equity (as the venue says it)
 * and supply in USD and shares; surface: also the last smile of an expiry that is past and not settled. */
export interface Moment {
  readonly time: number;
  readonly spot: number;
  readonly position: number;
  readonly cash: number;
  readonly equity: number;
  readonly supply: number;
  readonly book: readonly Owed[];
  readonly surface: ReadonlyMap<number, Smile>;
}

/** What was paid between two moments, USD. settled: payouts by expiry; orders: at the venue, of the asset, at the oracle's
 * prices, and what they cost against it; lent: money that went to the venue. */
export interface Flows {
  readonly premium: number;
  readonly fees: number;
  readonly hedgeCost: number;
  readonly lpFlows: number;
  readonly settled: ReadonlyMap<number, number>;
  readonly orders: { readonly size: number; readonly atOracle: number; readonly cost: number };
  readonly lent: number;
}

/** A slice at a moment, and the years that are left. */
interface At {
  readonly smile: Smile;
  readonly tau: number;
}

function at({ surface, time }: Moment, expiry: number): At {
  const smile = surface.get(expiry);
  if (!smile) throw new Error(`no smile for the expiry ${expiry}`);
  return { smile, tau: Math.max(expiry - time, LEAST_LIFE) / YEAR };
}

const grown = ({ smile }: At, tau: number): number => Math.exp(smile.basis * tau);

function volOf({ smile, tau }: At, strike: number, spot: number): number {
  return Math.sqrt(Math.max(variance(smile, Math.log(strike / spot) - smile.basis * tau), LEAST_VARIANCE));
}

/** USD value of what is owed: at a forward that is so many times spot, strikes with these volatilities. */
function worth(owed: Owed, spot: number, growth: number, tau: number, vols: readonly number[]): number {
  const start = owed.cash + owed.forward * spot * growth;
  const root = Math.sqrt(tau);
  return owed.calls.reduce(
    (sum, [strike, size], i) => sum + size * call(spot * growth, strike, vols[i]! * root)[0],
    start,
  );
}

const volsOf = (owed: Owed, where: At, spot: number): number[] =>
  owed.calls.map(([strike]) => volOf(where, strike, spot));

/** USD value at mid, by the slices of that moment. */
function valueAt(owed: Owed, moment: Moment, surface = moment.surface): number {
  const where = at({ ...moment, surface }, owed.expiry);
  return worth(owed, moment.spot, grown(where, where.tau), where.tau, volsOf(owed, where, moment.spot));
}

/** Whether it can be valued: every expiry that owes something has a slice. */
export const isKnown = ({ book, surface }: Moment): boolean => book.every(({ expiry }) => surface.has(expiry));

/** Below nothing the account is left to the venue, whose loss it then is. USD. */
const shortfall = ({ equity }: Moment): number => Math.max(-equity, 0);

/** Cash and the hedge's equity less the book at mid, USD. */
export function navOf(moment: Moment): number {
  const liability = moment.book.reduce((sum, owed) => sum + valueAt(owed, moment), 0);
  return moment.cash + moment.equity + shortfall(moment) - liability;
}

interface Swept {
  readonly slope: number;
  readonly gained: number;
  readonly time: number;
  readonly surface: number;
  readonly end: number;
}

/** One expiry with one input after the other: spot, time, surface. */
function sweep(owed: Owed, before: Moment, after: Moment, surface: ReadonlyMap<number, Smile>): Swept {
  const a = at(before, owed.expiry);
  const b = at({ ...after, surface }, owed.expiry);
  const [vols, growth] = [volsOf(owed, a, before.spot), grown(a, a.tau)];
  const start = worth(owed, before.spot, growth, a.tau, vols);
  const root = Math.sqrt(a.tau);
  const slope = owed.calls.reduce(
    (sum, [strike, size], i) => sum + size * call(before.spot * growth, strike, vols[i]! * root)[1],
    owed.forward,
  );
  const moved = worth(owed, after.spot, growth, a.tau, vols);
  const aged = worth(owed, after.spot, grown(a, b.tau), b.tau, vols);
  const end = worth(owed, after.spot, grown(b, b.tau), b.tau, volsOf(owed, b, after.spot));
  return { slope: slope * growth, gained: moved - start, time: moved - aged, surface: aged - end, end };
}

const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** The change of NAV without deposits and exits, by cause. Throws where an expiry of the book has no slice. */
export function stepOf(before: Moment, after: Moment, flows: Flows): Terms {
  const past = [...before.surface].filter(([expiry]) => expiry <= after.time);
  const surface = new Map([...past, ...after.surface]);
  const swept = new Map(before.book.map((owed) => [owed.expiry, sweep(owed, before, after, surface)]));
  const all = [...swept.values()];
  const move = after.spot - before.spot;
  const slope = sum(all.map((each) => each.slope));
  const gone = [...flows.settled].map(([expiry, paid]) => (swept.get(expiry)?.end ?? 0) - paid);
  const stays = [...swept].filter(([expiry]) => !flows.settled.has(expiry)).map(([, { end }]) => end);
  const open = after.book.filter(({ expiry }) => !flows.settled.has(expiry));
  const sold = sum(open.map((owed) => valueAt(owed, after, surface))) - sum(stays);
  const { orders } = flows;
  const explained = flows.lent + before.position * move + orders.size * after.spot - orders.atOracle - orders.cost;
  const rest = after.equity - before.equity - explained;
  const held = Math.max(Math.abs(before.position), Math.abs(after.position));
  const grownBy = (MOST_INTEREST * (after.time - before.time) * held) / YEAR;
  // who liquidates takes it out of the account: a cost of hedging there
  const isRobbed = Math.abs(after.position - before.position - orders.size) > DUST + grownBy;
  const known = {
    premium: flows.premium - sold,
    fees: flows.fees,
    delta: (before.position - slope) * move,
    gamma: slope * move - sum(all.map((each) => each.gained)),
    theta: sum(all.map((each) => each.time)) + sum(gone),
    vega: sum(all.map((each) => each.surface)),
    funding: isRobbed ? 0 : rest,
    hedge_cost: (isRobbed ? rest : 0) + shortfall(after) - shortfall(before) - flows.hedgeCost,
  };
  const change = navOf(after) - navOf(before) - flows.lpFlows;
  return { ...known, residual: change - sum(Object.values(known)) };
}

export const plus = (a: Terms, b: Terms, times = 1): Terms =>
  Object.fromEntries(NAMES.map((name) => [name, a[name] + times * b[name]])) as Terms;

/** Without deposits and exits. */
export const totalOf = (terms: Terms): number => sum(Object.values(terms));

/** Each in whole cents; the residual takes the rounding, so that they add up to `whole` cents. */
export function inCents(terms: Terms, whole: number): Terms {
  const cents = plus(NOTHING, terms, 100);
  const rounded = Object.fromEntries(NAMES.map((name) => [name, Math.round(cents[name])])) as Record<Cause, number>;
  rounded.residual += whole - totalOf(rounded);
  return plus(NOTHING, rounded, 0.01);
}
