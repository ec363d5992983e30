/** An order over several venues, leg by leg: before the trade as the venues would fill it, afterwards as they did. */

import { type Address, parseEventLogs } from "viem";

import { VENUE_GAS } from "../abi/constants.ts";
import { venueSetAbi } from "../abi/venueSet.ts";
import type { Contracts } from "../chain/contracts.ts";
import type { Deployment } from "../chain/deployment.ts";
import { type Log, saidBy } from "../chain/logs.ts";
import { type Head, type Reader, Refused, orRefused } from "../chain/reader.ts";
import { WAD, abs } from "./units.ts";

/** order, price, fee WAD; price 0 where it is not known; share: of the whole order. */
export interface Leg {
  readonly venue: string;
  readonly order: bigint;
  readonly price: bigint;
  readonly fee: bigint;
  readonly share: number;
}

/** What a deployment calls a contract; the address where it is none of its own. */
export function nameAt(deployment: Deployment, address: Address): string {
  const found = Object.entries(deployment.contracts).find(
    ([, at]) => at.address.toLowerCase() === address.toLowerCase(),
  );
  return found?.[0] ?? address;
}

/** How an order would be split now. One venue: nothing, for there is one leg. worst: WAD USD. */
export async function legsNow(
  reader: Reader,
  market: { readonly on: Contracts; readonly deployment: Deployment },
  order: bigint,
  worst: bigint,
  head: Head,
): Promise<Leg[]> {
  const { on, deployment } = market;
  if (deployment.venues.length < 2 || order === 0n) return [];
  const [venues, sizes] = await Promise.all([
    reader.read(on.venueSet, "venues", [], head),
    reader.read(on.venueSet, "legs", [order, worst], head),
  ]);
  const caller = { from: on.router.address, gas: VENUE_GAS };
  const legs = venues.map(async (venue, i): Promise<Leg> => {
    const size = sizes[i] ?? 0n;
    const name = nameAt(deployment, venue);
    const share = Number((size * 10_000n) / order) / 10_000;
    if (size === 0n) return { venue: name, order: 0n, price: 0n, fee: 0n, share: 0 };
    const filled = await orRefused(reader.read(on.venueSet, "fill_at", [venue, size, worst], head, caller));
    if (filled instanceof Refused) return { venue: name, order: size, price: 0n, fee: 0n, share };
    const [, quote, fee] = filled;
    return { venue: name, order: size, price: (abs(quote) * WAD) / abs(size), fee, share };
  });
  return Promise.all(legs);
}

/** How it was split, as a receipt has it. */
export function legsThen(
  market: { readonly on: Contracts; readonly deployment: Deployment },
  logs: readonly Log[],
): Leg[] {
  const ours = saidBy(market.on.venueSet.address, logs);
  const filled = parseEventLogs({ abi: venueSetAbi, logs: ours as never, eventName: "LegFilled" });
  const whole = filled.reduce((sum, { args }) => sum + abs(args.order), 0n);
  return filled.map(({ args }) => ({
    venue: nameAt(market.deployment, args.venue),
    order: args.order,
    price: args.order ? (abs(args.quote_delta) * WAD) / abs(args.order) : 0n,
    fee: args.fee,
    share: whole ? Number((abs(args.order) * 10_000n) / whole) / 10_000 : 0,
  }));
}
