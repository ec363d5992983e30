/** What an account holds or held, what it paid and received for it, and what it is worth now
 * (tandem/client/positions.py is its twin, and a test holds the two together). */

import { type Address, parseEventLogs, zeroAddress } from "viem";

import { LEAST_TRADE } from "../abi/constants.ts";
import { marketAbi } from "../abi/market.ts";
import { optionAbi } from "../abi/option.ts";
import { History, eventTopic, topicOf } from "../chain/history.ts";
import type { Log } from "../chain/logs.ts";
import { type Head, type Reader, Refused } from "../chain/reader.ts";
import type { Contracts } from "../chain/contracts.ts";
import { type Quote, mintCost, quotes } from "../protocol/deal.ts";
import { type Series, idOf, paid, seriesOf } from "../protocol/series.ts";

/** One series. units: held now; paid, received: token units over all of the account's mints, closes and redemptions;
 * transferred: units that came (or, negative, went) by other ways, whose cost is not known; moved: units that transfers
 * brought and took together. settlement: WAD USD, 0 while there is none; quote: of a close of all of it, or the chain's
 * refusal, null where it is settled or gone; value: token units that closing all of it pays now, or its settled payoff,
 * null where it cannot be closed now. */
export interface Position {
  readonly series: Series;
  readonly units: bigint;
  readonly paid: bigint;
  readonly received: bigint;
  readonly transferred: bigint;
  readonly moved: bigint;
  readonly settlement: bigint;
  readonly quote: Quote | Refused | null;
  readonly value: bigint | null;
}

/** allowance: token units that the Vault may take from the account. */
export interface Portfolio {
  readonly account: Address;
  readonly head: Head;
  readonly positions: readonly Position[];
  readonly allowance: bigint;
}

/** Whether what it cost is known: transfers moved less than a trade may be at the least, which anybody may send. */
export const isCostKnown = (p: Position): boolean => p.moved < LEAST_TRADE;

/** Token units: received and value less paid; null while there is no value, and where the cost is not known. */
export const profitOf = (p: Position): bigint | null =>
  p.value === null || !isCostKnown(p) ? null : p.received + p.value - p.paid;

/** Of one series: units minted less burned, token units paid and received, units that transfers moved. */
interface Flow {
  units: bigint;
  paid: bigint;
  received: bigint;
  moved: bigint;
}

const TRADES = ["OptionMinted", "OptionClosed", "Redeemed"].map((name) => eventTopic(marketAbi, name));

/** An account's trades, and what came to it and went by a transfer. */
export function tradesOf(on: Contracts, account: Address, first: number): History {
  const who = topicOf(account);
  return new History(
    [
      { address: on.market.address, topics: [TRADES, null, who] },
      { address: on.option.address, topics: [eventTopic(optionAbi, "Transfer"), null, who] },
      { address: on.option.address, topics: [eventTopic(optionAbi, "Transfer"), who] },
    ],
    first,
  );
}

function flowsOf([trades = [], came = [], went = []]: readonly (readonly Log[])[]): Map<bigint, Flow> {
  const flows = new Map<bigint, Flow>();
  const flow = (id: bigint): Flow => {
    const found = flows.get(id) ?? { units: 0n, paid: 0n, received: 0n, moved: 0n };
    flows.set(id, found);
    return found;
  };
  for (const { args } of parseEventLogs({ abi: optionAbi, eventName: "Transfer", logs: [...came, ...went] as never })) {
    if (!args.amount) continue; // anybody may send nothing, of series too that there never were
    const of = flow(args.id);
    if (![args.sender, args.receiver].includes(zeroAddress)) of.moved += args.amount;
  }
  for (const { eventName, args } of parseEventLogs({ abi: marketAbi, logs: trades as never })) {
    if (eventName === "OptionMinted") {
      const of = flow(args.series);
      of.units += args.units;
      of.paid += mintCost(args);
    } else if (eventName === "OptionClosed") {
      const of = flow(args.series);
      of.units -= args.units;
      of.received += args.payout;
    } else if (eventName === "Redeemed" && args.units) {
      const of = flow(args.series);
      of.units -= args.units;
      of.received += args.paid;
    }
  }
  return flows;
}

const byExpiry = (a: Series, b: Series): number =>
  a.expiry - b.expiry || a.strike - b.strike || Number(a.isPut) - Number(b.isPut) || a.other - b.other;

/** Everything that the account ever held, valued at one block. Throws NodeDown, Refused. */
export async function portfolioAt(
  reader: Reader,
  on: Contracts,
  account: Address,
  history: History,
  head: Head,
): Promise<Portfolio> {
  const flows = flowsOf(await history.upTo(reader, head));
  const every = [...flows.keys()];
  const [allowance, ...found] = await Promise.all([
    reader.read(on.token, "allowance", [account, on.vault.address], head),
    ...every.map(async (id) => ({
      id,
      series: seriesOf(id),
      units: await reader.read(on.option, "balanceOf", [account, id], head),
      settlement: await reader.read(on.market, "settlement", [BigInt(seriesOf(id).expiry)], head),
    })),
  ]);
  const live = found.filter(({ units, settlement }) => units && !settlement);
  const wanted = live.map(({ series, units }) => ({ series, units, isClose: true }));
  const answers = wanted.length ? await quotes(reader, on, wanted, head) : [];
  const quoted = new Map(live.map(({ id }, i) => [id, answers[i]!]));
  const positions = found.map(({ id, series, units, settlement }): Position => {
    const { paid: spent, received, units: traded, moved } = flows.get(id)!;
    const quote = quoted.get(id) ?? null;
    return {
      series,
      units,
      paid: spent,
      received,
      transferred: units - traded,
      moved,
      settlement,
      quote,
      value: quote ? closing(quote) : paid(series, units, settlement),
    };
  });
  return { account, head, allowance, positions: positions.sort((a, b) => byExpiry(a.series, b.series)) };
}

/** What a close of all of it pays; null where it is refused, or a part alone would go. */
function closing(quote: Quote | Refused): bigint | null {
  return quote instanceof Refused || quote.units < quote.wanted.units ? null : quote.total;
}

/** Sums; value and profit are null where one of them has none, profit also where a cost is not known. */
export interface Totals {
  readonly paid: bigint;
  readonly received: bigint;
  readonly value: bigint | null;
  readonly profit: bigint | null;
}

export function totalsOf(positions: readonly Position[]): Totals {
  const sum = (of: (p: Position) => bigint): bigint => positions.reduce((all, p) => all + of(p), 0n);
  const known = positions.every((p) => p.value !== null);
  const value = known ? sum((p) => p.value!) : null;
  const [spent, received] = [sum((p) => p.paid), sum((p) => p.received)];
  const isKnown = value !== null && positions.every(isCostKnown);
  return { paid: spent, received, value, profit: isKnown ? received + value - spent : null };
}

export const keyOf = (p: Position): string => idOf(p.series).toString();
