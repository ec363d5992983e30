/** What happened, in words and figures. */

import type { HAPPENINGS } from "../abi/happenings.ts";
import { REASONS, ROLES } from "../abi/names.ts";
import { TERMS } from "../abi/terms.ts";
import type { Args, Entry, Part } from "./happenings.ts";
import { mintCost } from "./deal.ts";
import { dateOf, nameOf, seriesOf } from "./series.ts";
import { WAD, abs, decimals, exactly, inUsd } from "./units.ts";

/** One entry as a person reads it. paid: token units that whoever acted received, negative where he paid, null where
 * no money of his moved; hedge: what traded on the venue, "" where nothing could have. */
export interface Told {
  readonly what: string;
  readonly hedge: string;
  readonly paid: bigint | null;
  readonly who: string;
}

const price = (amount: bigint): string => `${decimals(amount, 18, 2)} USD`;
const shares = (amount: bigint): string => `${decimals(amount, 18, 2)} shares`;

export function tell(entry: Entry, asset: string): Told {
  const [first] = entry.parts;
  const hedged = entry.parts.find((part) => part.name === "Hedged");
  const said = entry.parts.filter((part) => part.name !== "Hedged" || entry.kind !== "trade");
  const main = entry.kind === "trade" ? said.slice(0, 1) : said;
  const what = main.map((part) => sentence(part, asset)).join("; ");
  const moved = main.map(money).filter((amount) => amount !== null);
  const paid = moved.length ? moved.reduce((sum, amount) => sum + amount) : null;
  const hedge = hedged && entry.kind === "trade" ? hedgeOf(hedged.args, asset) : "";
  return { what, hedge, paid, who: first?.people[0] ?? "" };
}

/** An order of the hedge, and the residual that it left in its band. */
export function hedgeOf(a: Args, asset: string): string {
  const [order, quote] = [a["order"] as bigint, a["quote_delta"] as bigint];
  const size = abs(order);
  const left = `${wad(a["residual_after"])} of ± ${wad(a["hard_band"])} ${asset} left open`;
  if (!size) return `no order was needed; ${left}`;
  const at = (abs(quote) * WAD) / size;
  return `${order > 0n ? "bought" : "sold"} ${wad(size)} ${asset} at ${price(at)}; ${left}`;
}

const wad = (amount: bigint): string => decimals(amount, 18, 4);

function money({ name, args: a }: Part): bigint | null {
  switch (name) {
    case "OptionMinted":
      return -mintCost(a as never);
    case "OptionClosed":
      return a["payout"];
    case "Redeemed":
      return a["paid"];
    case "Deposit":
      return -(a["assets"] as bigint);
    case "Withdraw":
      return a["assets"];
    case "BountyPaid":
      return a["amount"];
    default:
      return null;
  }
}

type Sentence = (a: Args, asset: string) => string;

type Name = (typeof HAPPENINGS)[number]["event"]["name"];

const SENTENCES: Readonly<Record<Name, Sentence>> = {
  OptionMinted: (a, asset) => `bought ${sized(a, asset)}`,
  OptionClosed: (a, asset) => `sold back ${sized(a, asset)}`,
  Redeemed: (a, asset) => `redeemed ${sized(a, asset)}`,
  Hedged: (a, asset) => hedgeOf(a, asset),
  HedgeWaits: (a, asset) => `an order of ${wad(a["order"])} ${asset} waits for a price near the average`,
  LegFilled: (a, asset) => `${wad(a["order"])} ${asset} of it at ${a["venue"]}`,
  Delevered: (a, asset) => `the hedge was lowered by ${wad(a["order"])} ${asset}, as its margin carries`,
  Shifted: (a, asset) => `${wad(a["size"])} ${asset} of the hedge moved between venues`,
  Stamped: (a, asset) => `a residual of ${wad(a["residual"])} ${asset} was seen past its trigger`,
  BountyPaid: (a) => `a bounty of ${inUsd(a["amount"])} was paid for it`,
  Settled: (a) =>
    `${dateOf(Number(a["expiry"]))} settled at ${price(a["price"])}; holders are owed ${inUsd(a["payouts"])}`,
  ExpiryListed: (a) => {
    const strikes: readonly bigint[] = a["strikes"];
    const day = dateOf(Number(a["expiry"]));
    return strikes.length === 0 ? `delisted ${day}: nothing opens there` : `listed ${day} with ${strikes.join(", ")}`;
  },
  Deposit: (a) => `deposited ${inUsd(a["assets"])} for ${shares(a["shares"])}`,
  RedeemRequest: (a) => `asked to leave with ${shares(a["shares"])}`,
  ExitQueued: (a) => `${shares(a["amount"])} wait for epoch ${a["epoch"]}`,
  EpochProcessed: (a) => `epoch ${a["epoch"]} processed: ${shares(a["burned"])} became ${inUsd(a["assets"])}`,
  Withdraw: (a) => `took out ${inUsd(a["assets"])}`,
  SlicePosted: (a) =>
    `surface of ${dateOf(Number(a["expiry"]))} posted${a["is_ahead"] ? ", beside what stood: it moved fast" : ""}`,
  MarginToppedUp: (a) => `margin topped up by ${inUsd(a["amount"])}`,
  MarginSwept: (a) => `${inUsd(a["amount"])} of margin came home`,
  Marked: (a) => `NAV ${inUsd(a["nav_low"])} to ${inUsd(a["nav_high"])}`,
  Remarked: (a) => `the worst of eight jumps would cost ${price(a["worst"])}`,
  Looked: (a) =>
    a["reasons"] ? `the breaker stops opens: ${stops(a["reasons"])}` : "the breaker sees nothing that stops opens",
  WeatherChanged: (a) => weather(a),
  Paused: () => "the guardian stopped opens",
  VenueTakenDown: () => "the guardian took the venue down",
  RoleOffered: (a) => `the role of ${role(a)} is offered to ${a["account"]}`,
  RoleOfferWithdrawn: (a) => `the role of ${role(a)} is no longer offered to ${a["account"]}`,
  RoleGranted: (a) => `${a["account"]} is ${role(a)} now`,
  RoleRevoked: (a) => `${a["account"]} is no longer ${role(a)}`,
  PriceProposed: (a) => `a settlement price of ${price(a["price"])} is proposed for ${dateOf(Number(a["expiry"]))}`,
  PriceWithdrawn: (a) => `the settlement price of ${price(a["price"])} is withdrawn`,
  GrowthProposed: (a, asset) =>
    `that what venue ${a["venue"]} holds has grown by ${wad(a["growth"])} ${asset} is proposed`,
  GrowthWithdrawn: (a) => `what venue ${a["venue"]} has grown by is no longer proposed`,
  BegunAnew: (a, asset) => `${wad(a["position"])} ${asset} at ${a["venue"]} is believed again`,
  TermSet: (a) => `${term(a)} is ${a["amount"]}, was ${a["before"]}`,
  TermQueued: (a) => `${term(a)} will be ${a["amount"]}, is ${a["before"]}`,
  TermCancelled: (a) => `${term(a)} will not become ${a["amount"]}`,
};

function sentence({ name, args }: Part, asset: string): string {
  return SENTENCES[name as Name](args, asset);
}

const sized: Sentence = (a, asset) =>
  `${exactly(a["units"], 6, 2)} ${asset} of ${nameOf(seriesOf(a["series"]), asset)}`;

function weather(a: Args): string {
  const said = [a["tripped"] ? "opens are stopped" : "opens are free"];
  if (a["distress"]) said.push("margin is in distress");
  if (a["wildness"]) said.push(`bands are wider by ${a["wildness"]} eighths`);
  return said.join(", ");
}

/** Why the breaker stands: a bit each. What a newer contract adds stays a number. */
function stops(reasons: bigint): string {
  const known = REASONS.filter((_, bit) => (reasons >> BigInt(bit)) & 1n);
  const rest = (reasons >> BigInt(REASONS.length)) << BigInt(REASONS.length);
  return [...known, ...(rest ? [`reasons ${rest}`] : [])].join("; ");
}

const role = (a: Args): string => ROLES[Number(a["role"])] ?? `role ${a["role"]}`;

function term(a: Args): string {
  const index = Number(a["field"]);
  const found = Object.entries(TERMS).find(([, each]) => each.index === index);
  return found?.[0].replaceAll("_", " ") ?? `term ${index}`;
}
