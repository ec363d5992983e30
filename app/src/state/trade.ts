/** A trade as steps: what is signed, with which bounds, and what its receipt says. */

import { type Address, parseEventLogs } from "viem";

import { marketAbi } from "../abi/market.ts";
import { saidBy } from "../chain/logs.ts";
import type { Head } from "../chain/reader.ts";
import type { Receipt } from "../chain/receipts.ts";
import { type Step, stepOf } from "../chain/sending.ts";
import { type Wallet, WalletError } from "../chain/wallets.ts";
import { type Quote, mintCost } from "../protocol/deal.ts";
import { type Leg, legsThen } from "../protocol/legs.ts";
import { idOf, mostOf, nameOf } from "../protocol/series.ts";
import { BPS, CENT, TO_WAD, WAD, abs, exactly, least, moment, up, exactUsd } from "../protocol/units.ts";
import { isLocal } from "./live.ts";
import { type Market, purse } from "./market.ts";
import { permitCall, permitDomain } from "./permit.ts";
import { seconded } from "./second.ts";

/** slippage: 1e-4 of the quoted total; lifetime: seconds; byPermit: whether the allowance is signed and not sent. */
export interface Bounds {
  readonly slippage: number;
  readonly lifetime: number;
  readonly byPermit: boolean;
}

/** The most that a mint takes, or the least that a close of all of it pays: token units, whole cents, so that what is
 * shown is what is signed. Nobody pays more for options than they can ever pay, whatever a node quotes. */
export function boundOf(quote: Quote, bounds: Bounds): bigint {
  const whole = quote.units ? (quote.total * quote.wanted.units) / quote.units : quote.total;
  if (quote.wanted.isClose) return ((whole * (BPS - BigInt(bounds.slippage))) / (BPS * CENT)) * CENT;
  return least(up(quote.total * (BPS + BigInt(bounds.slippage)), BPS * CENT) * CENT, worthOf(quote));
}

/** Token units that the options can pay at the most. */
const worthOf = ({ wanted }: Quote): bigint => wanted.units * mostOf(wanted.series);

/** Seconds by which a block's clock may be ahead of this machine's. */
const AHEAD = 900;

/** Until when a trade is good, seconds, by the clock of a block. A node that says it is later than it is would get what is
 * good for longer than was typed. Throws WalletError. */
export function deadlineOf(market: Market, head: Head, bounds: Bounds): number {
  const now = Math.floor(Date.now() / 1_000);
  if (head.timestamp > now + AHEAD && !isLocal(market)) {
    throw new WalletError(
      `The newest block is of ${moment(head.timestamp)}, and this machine's clock says ${moment(now)}.`,
      "A trade would be good for longer than you typed: set the clock, or choose another node at the top of the page.",
    );
  }
  return head.timestamp + bounds.lifetime;
}

/** The Vault as whoever signs an allowance reads it: a name alone is the file's word. */
export const spenderOf = ({ on }: Market): string => `Vault ${on.vault.address}`;

/** What the Vault may take of the account's from then on, instead of what it may now: token units. */
export const approving = (market: Market, amount: bigint, note = allows(amount)): Step =>
  stepOf(market.on.token, "USDC", "approve", [market.on.vault.address, amount], note, [
    spenderOf(market),
    amount ? exactUsd(amount) : "0 USD",
  ]);

function allows(amount: bigint): string {
  return amount ? `allow the Vault ${exactUsd(amount)}` : "take back what is left of the allowance";
}

/** The sale of what is held, back to the vault. */
function closing(market: Market, account: Address, quote: Quote, bounds: Bounds, deadline: number): Step {
  const { series, units } = quote.wanted;
  const { asset } = market.deployment;
  const [name, size, bound] = [nameOf(series, asset), `${exactly(units, 6, 2)} ${asset}`, boundOf(quote, bounds)];
  const whole = quote.units === units;
  const part = whole ? units : (quote.units * (BPS - BigInt(bounds.slippage))) / BPS;
  const step = stepOf(
    market.on.market,
    "Market",
    "close",
    [idOf(series), units, part, bound, BigInt(deadline), account],
    `sell back ${size} of ${name}`,
    [name, size, `${exactly(part, 6, 2)} ${asset} at least`, `${exactUsd(bound)} at least`, moment(deadline), account],
  );
  return { ...step, check: (wallet) => seconded(market, wallet, quote, bounds.slippage) };
}

/** A step by which the Vault takes from the account, and the most that it takes, token units. */
export interface Taking {
  readonly step: Step;
  readonly bound: bigint;
}

/** A purchase. deadline: seconds. Throws WalletError where it would cost more than it can ever pay. */
export function minting(market: Market, account: Address, quote: Quote, bounds: Bounds, deadline: number): Taking {
  const { series, units } = quote.wanted;
  const { asset } = market.deployment;
  const [name, size, bound] = [nameOf(series, asset), `${exactly(units, 6, 2)} ${asset}`, boundOf(quote, bounds)];
  if (quote.total > worthOf(quote)) {
    throw new WalletError(
      `By the node's word this costs ${exactUsd(quote.total)}, and it pays ${exactUsd(worthOf(quote))} at the most.`,
      "Choose another node at the top of the page.",
    );
  }
  const step = stepOf(
    market.on.market,
    "Market",
    "mint",
    [idOf(series), units, bound, BigInt(deadline), account],
    `buy ${size} of ${name}`,
    [name, size, `${exactUsd(bound)} at most`, moment(deadline), account],
  );
  const check = (wallet: Wallet): Promise<void> => seconded(market, wallet, quote, bounds.slippage);
  return { step: { ...step, check }, bound };
}

/** An exact allowance, what takes by it, and the end of what is left of it. allow: the allowance of all of them; who
 * tries the list again allows what is not done yet. */
export function within(market: Market, account: Address, allow: Step, takings: readonly Taking[]): Step[] {
  const allowed = async (): Promise<bigint> => (await purse(market, account)).allowed;
  const acts = takings.map(({ step, bound }): Step => {
    const check = async (wallet: Wallet): Promise<void> => {
      await allowing(market, account, bound);
      await step.check?.(wallet);
    };
    return { ...step, check };
  });
  const isNeeded: Step["isNeeded"] = async (isDone) => {
    const lacks = takings.reduce((sum, { bound }, i) => (isDone(acts[i]!) ? sum : sum + bound), 0n);
    return lacks > 0n && (await allowed()) < lacks;
  };
  return [{ ...allow, isNeeded }, ...acts, { ...approving(market, 0n), isNeeded: async () => (await allowed()) > 0n }];
}

/** A sale; or an allowance, the purchase, and the end of what is left of the allowance. deadline: seconds. */
export async function stepsOf(
  market: Market,
  account: Address,
  quote: Quote,
  bounds: Bounds,
  deadline: number,
): Promise<Step[]> {
  if (quote.wanted.isClose) return [closing(market, account, quote, bounds, deadline)];
  const mint = minting(market, account, quote, bounds, deadline);
  return within(market, account, await allowance(market, account, mint.bound, bounds, deadline), [mint]);
}

/** Throws WalletError where the Vault may take less: wallets let their user make an allowance smaller. */
const allowing = async (market: Market, account: Address, bound: bigint): Promise<void> => {
  const { allowed } = await purse(market, account);
  if (allowed >= bound) return;
  throw new WalletError(
    `The Vault may take ${exactUsd(allowed)}, and this may take up to ${exactUsd(bound)}.`,
    "Leave the allowance in the wallet as the page asks for it, and sign again.",
  );
};

/** The Vault may take one trade's bound: by a transaction, or by a permit that ends with the trade, where the token takes
 * one. */
async function allowance(
  market: Market,
  owner: Address,
  bound: bigint,
  bounds: Bounds,
  deadline: number,
): Promise<Step> {
  const { on } = market;
  const vault = on.vault.address;
  const domain = bounds.byPermit ? await permitDomain(market, owner) : null;
  if (!domain) return approving(market, bound);
  const until = moment(deadline);
  const zero = `0x${"0".repeat(64)}` as const;
  const values = [owner, vault, bound, BigInt(deadline), 27, zero, zero];
  const shown = [
    owner,
    spenderOf(market),
    exactUsd(bound),
    until,
    "of your signature",
    "of your signature",
    "of your signature",
  ];
  return {
    ...stepOf(on.token, "USDC", "permit", values, `${allows(bound)} by a permit that you sign`, shown),
    dataAtSend: (wallet) => permitCall(market, wallet, domain, bound, deadline),
  };
}

/** Both legs of the one transaction, as its events have them: token units, units and WAD. charge: the capital's, and the
 * carry. */
export interface Legs {
  /** The series that was traded. */
  readonly id: bigint;
  readonly isClose: boolean;
  readonly units: bigint;
  readonly paid: bigint;
  readonly premium: bigint;
  readonly fee: bigint;
  readonly charge: bigint;
  readonly hedgeCost: bigint;
  readonly hedge: Hedge | null;
  /** By venue, where there are several. */
  readonly legs: readonly Leg[];
}

/** The hedge's leg. cost: of the order beside the oracle, WAD USD; borne: the trader's part of it. */
export interface Hedge {
  readonly order: bigint;
  readonly price: bigint;
  readonly cost: bigint;
  readonly borne: bigint;
  readonly before: bigint;
  readonly after: bigint;
  readonly position: bigint;
  readonly band: bigint;
}

/** What a receipt says of a trade of this market; null where it holds none. */
export function legsOf(market: Market, receipt: Receipt): Legs | null {
  const ours = saidBy(market.on.market.address, receipt.logs);
  const events = parseEventLogs({ abi: marketAbi, logs: ours as never });
  let [trade, hedge]: [Omit<Legs, "hedge" | "legs"> | null, Hedge | null] = [null, null];
  for (const event of events) {
    if (event.eventName === "OptionMinted") {
      const { units, premium, fee, capital_charge: charge } = event.args;
      const hedgeCost = up(event.args.hedge_cost, TO_WAD);
      trade = {
        id: event.args.series,
        isClose: false,
        units,
        premium,
        fee,
        charge,
        hedgeCost,
        paid: mintCost(event.args),
      };
    } else if (event.eventName === "OptionClosed") {
      const { units, premium, fee, payout } = event.args;
      const hedgeCost = up(event.args.hedge_cost, TO_WAD);
      trade = { id: event.args.series, isClose: true, units, premium, fee, charge: 0n, hedgeCost, paid: -payout };
    } else if (event.eventName === "Hedged") {
      const a = event.args;
      hedge = {
        order: a.order,
        price: a.order ? (abs(a.quote_delta) * WAD) / abs(a.order) : 0n,
        cost: a.cost,
        borne: a.trader_cost,
        before: a.residual_before,
        after: a.residual_after,
        position: a.position_after,
        band: a.hard_band,
      };
    }
  }
  return trade && { ...trade, hedge, legs: legsThen(market, receipt.logs) };
}
