/** Exchanging settled options for their payoff, the expiry settled first where nobody has. */

import { type Address, parseEventLogs } from "viem";

import { marketAbi } from "../abi/market.ts";
import { saidBy } from "../chain/logs.ts";
import type { Receipt } from "../chain/receipts.ts";
import { type Step, stepOf } from "../chain/sending.ts";
import { Refused } from "../chain/reader.ts";
import { settlementRound } from "../protocol/rounds.ts";
import { type Series, dateOf, idOf, nameOf, paid } from "../protocol/series.ts";
import { decimals, exactly } from "../protocol/units.ts";
import type { Market } from "./market.ts";
import { approving } from "./trade.ts";

/** price: WAD USD; pays: token units; steps: what is signed. */
export interface Redemption {
  readonly series: Series;
  readonly units: bigint;
  readonly price: bigint;
  readonly pays: bigint;
  readonly settles: boolean;
  readonly steps: readonly Step[];
}

const usd = (amount: bigint, places = 6): string => `${decimals(amount, places, 2)} USD`;

/** All of it, at the latest block. Throws Refused while no oracle round proves a price, NodeDown. */
export async function redemptionOf(
  market: Market,
  account: Address,
  series: Series,
  units: bigint,
): Promise<Redemption> {
  const { reader, on, deployment } = market;
  const head = await reader.head();
  const [expiry, name] = [BigInt(series.expiry), nameOf(series, deployment.asset)];
  const standing = (): Promise<bigint> => reader.read(on.market, "settlement", [expiry], "latest");
  let price = await standing();
  const steps: Step[] = [];
  const settles = price === 0n;
  if (settles) {
    const proof = await settlementRound(reader, on, series.expiry, head);
    if (!proof) throw Refused.saying("market: not settled");
    price = proof.price;
    const note = `settle ${dateOf(series.expiry)} at ${usd(price, 18)}, which anybody may`;
    const shown = [dateOf(series.expiry), `oracle round ${proof.round}`];
    steps.push({
      ...stepOf(on.market, "Market", "settle", [expiry, proof.round], note, shown),
      isNeeded: async () => (await standing()) === 0n,
    });
  }
  const pays = paid(series, units, price);
  const size = `${exactly(units, 6, 2)} ${deployment.asset}`;
  steps.push(
    stepOf(
      on.market,
      "Market",
      "redeem",
      [idOf(series), units, account, account],
      `redeem ${size} of ${name} for ${usd(pays)}`,
      [name, size, account, account],
    ),
  );
  return { series, units, price, pays, settles, steps };
}

/** What a receipt says was redeemed: units and token units; null where it holds none. */
export function redeemedIn(market: Market, receipts: readonly Receipt[]): { units: bigint; paid: bigint } | null {
  const logs = receipts.flatMap((receipt) => receipt.logs);
  const ours = saidBy(market.on.market.address, logs);
  const [found] = parseEventLogs({ abi: marketAbi, eventName: "Redeemed", logs: ours as never });
  return found ? { units: found.args.units, paid: found.args.paid } : null;
}

/** The end of the allowance that stands. */
export function revoking(market: Market): Step {
  return approving(market, 0n, "take back what the Vault may still take");
}
