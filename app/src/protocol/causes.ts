/** What a market's events say was paid (keeper/replay/books.py and keeper/report/account.py are its twins). */

import { CAUSE_NAMES, MOVED } from "../abi/causes.ts";
import { HAPPENINGS } from "../abi/happenings.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Flows } from "../model/attribution.ts";
import { type Args, type Part, Places } from "./happenings.ts";
import { usdOf, wadOf } from "./units.ts";

const NAMES: ReadonlySet<string> = new Set(CAUSE_NAMES);

/** The events that causes are read from. */
export const causePlaces = (deployment: Deployment): Places =>
  new Places(
    deployment,
    [...HAPPENINGS, ...MOVED].filter(({ event }) => NAMES.has(event.name)),
  );

interface Order {
  readonly size: number;
  readonly price: number;
  readonly cost: number;
  readonly borne: number;
}

/** What went to the venue, of the asset and USD. price: the oracle's; cost: against it; borne: of it, by a trader. */
function orderOf({ name, args: a }: Part): Order | null {
  const wad = (key: string): number => wadOf(a[key]);
  switch (name) {
    case "Hedged":
      return { size: wad("order"), price: wad("oracle_price"), cost: wad("cost"), borne: wad("trader_cost") };
    case "Delevered": {
      // the Vault bears it alone; its price is the notional's over the position's
      const [size, held] = [wad("order"), wad("position") - wad("order")];
      const price = wad("need") / Math.abs(held);
      return { size, price, cost: -size * price - wad("received"), borne: 0 };
    }
    case "Shifted": // the position stays: what it brings is what it costs
      return { size: 0, price: 0, cost: -wad("received"), borne: 0 };
    default:
      return null;
  }
}

type Paid = { premium: number; fees: number; hedgeCost: number; lpFlows: number; lent: number };

function take(paid: Paid, name: string, a: Args): void {
  const usd = (key: string): number => usdOf(a[key]);
  switch (name) {
    case "OptionMinted":
      paid.premium += usd("premium");
      paid.fees += usd("fee") + usd("capital_charge");
      return;
    case "OptionClosed":
      paid.premium -= usd("payout") + usd("fee") + wadOf(a["hedge_cost"]);
      paid.fees += usd("fee");
      return;
    case "BountyPaid":
      paid.hedgeCost += usd("amount");
      return;
    case "Deposit":
      paid.lpFlows += usd("assets");
      return;
    case "EpochProcessed":
      paid.lpFlows -= usd("assets");
      return;
    case "Lent":
      paid.lent += usd("amount");
      return;
    case "Restored":
      paid.lent -= usd("amount");
  }
}

/** What these events come to together. */
export function flowsIn(parts: readonly Part[]): Flows {
  const paid: Paid = { premium: 0, fees: 0, hedgeCost: 0, lpFlows: 0, lent: 0 };
  const orders = { size: 0, atOracle: 0, cost: 0 };
  const settled = new Map<number, number>();
  for (const part of parts) {
    take(paid, part.name, part.args);
    if (part.name === "Settled") settled.set(Number(part.args["expiry"]), usdOf(part.args["payouts"]));
    const order = orderOf(part);
    if (!order) continue;
    orders.size += order.size;
    orders.atOracle += order.size * order.price;
    orders.cost += order.cost;
    paid.hedgeCost += order.cost - order.borne;
  }
  return { ...paid, orders, settled };
}
