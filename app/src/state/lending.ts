/** What LPs sign: coming, asking to leave, processing, claiming. */

import type { Address } from "viem";

import { EPOCHS, SLIPPAGE_BPS } from "../abi/constants.ts";
import { type Step, stepOf } from "../chain/sending.ts";
import { type Head, Refused, orRefused } from "../chain/reader.ts";
import type { Wallet } from "../chain/wallets.ts";
import { BPS, HOUR, exactly, exactUsd } from "../protocol/units.ts";
import { type Market, purse } from "./market.ts";
import { secondedShares } from "./second.ts";
import { SHARES } from "./stake.ts";
import { approving, within } from "./trade.ts";

const shares = (amount: bigint): string => `${exactly(amount, SHARES, 6)} shares`;

/** What a deposit gets now, and the least that is taken. held, allowed: token units that the account has, and that the
 * Vault may take of them already. */
export interface DepositPreview {
  readonly amount: bigint;
  readonly shares: bigint;
  readonly least: bigint;
  readonly held: bigint | null;
  readonly allowed: bigint;
}

/** Or the chain's refusal of it. Throws NodeDown. */
export async function depositPreview(
  market: Market,
  account: Address | null,
  amount: bigint,
  head: Head,
): Promise<DepositPreview | Refused> {
  const { reader, on } = market;
  const [expected, own] = await Promise.all([
    orRefused(reader.read(on.vault, "previewDeposit", [amount], head)),
    account ? purse(market, account) : null,
  ]);
  if (expected instanceof Refused) return expected;
  return {
    amount,
    shares: expected,
    least: (expected * (BPS - SLIPPAGE_BPS)) / BPS,
    held: own && own.held,
    allowed: own?.allowed ?? 0n,
  };
}

/** An allowance of exactly that much, which the deposit uses up; what an older and larger one leaves is ended. */
export function depositSteps(market: Market, account: Address, { amount, least }: DepositPreview): Step[] {
  const { on } = market;
  const step = stepOf(on.vault, "Vault", "deposit", [amount, account, least], `deposit ${exactUsd(amount)}`, [
    exactUsd(amount),
    account,
    `${shares(least)} at least`,
  ]);
  const check = (wallet: Wallet): Promise<void> =>
    secondedShares(market, wallet, { amount, least, slippage: SLIPPAGE_BPS });
  return within(market, account, approving(market, amount), [{ step: { ...step, check }, bound: amount }]);
}

/** When shares that are asked to leave now are processed at the earliest, seconds. */
export async function earliest(market: Market, head: Head): Promise<number> {
  const delay = Number(await market.reader.read(market.on.vault, "DELAY", [], head));
  return (Math.floor((head.timestamp + delay) / HOUR) + 1) * HOUR;
}

export function exitStep(market: Market, account: Address, amount: bigint): Step {
  return stepOf(
    market.on.vault,
    "Vault",
    "requestRedeem",
    [amount, account, account],
    `ask to leave with ${shares(amount)}; it cannot be taken back`,
    [shares(amount), account, account],
  );
}

export const processStep = (market: Market): Step =>
  stepOf(market.on.vault, "Vault", "process", [EPOCHS], "process the exits that are due, which anybody may", [
    `up to ${EPOCHS} epochs`,
  ]);

export function claimStep(market: Market, account: Address, claimable: bigint, amount: bigint): Step {
  return stepOf(
    market.on.vault,
    "Vault",
    "redeem",
    [claimable, account, account],
    `claim ${exactUsd(amount)} that were set aside`,
    [shares(claimable), account, account],
  );
}
