/** What the wallet's own node quotes, just before a trade is signed whose bound the page's node brought about. */

import { Reader, Refused } from "../chain/reader.ts";
import { asked } from "../chain/second.ts";
import { type Wallet, WalletError } from "../chain/wallets.ts";
import { type Quote, quotes } from "../protocol/deal.ts";
import { BPS, exactly, exactUsd } from "../protocol/units.ts";
import type { Market } from "./market.ts";
import { SHARES } from "./stake.ts";

const shares = (amount: bigint): string => `${exactly(amount, SHARES, 6)} shares`;

/** Throws WalletError where the bound is worse than the wallet's node says by more than the slippage, 1e-4. One that says
 * nothing, or refuses, says nothing against it. */
export async function seconded(market: Market, wallet: Wallet, quote: Quote, slippage: number): Promise<void> {
  const reader = new Reader(wallet.ask);
  const found = await asked(reader.head().then((head) => quotes(reader, market.on, [quote.wanted], head)));
  const other = found?.[0];
  if (!other || other instanceof Refused || !other.units || !quote.units) return;
  const [here, there] = [quote.total * other.units * BPS, other.total * quote.units];
  const isWorse = quote.wanted.isClose
    ? here < there * (BPS - BigInt(slippage))
    : here > there * (BPS + BigInt(slippage));
  if (!isWorse) return;
  throw new WalletError(
    `This was made for ${exactUsd(quote.total)}, and ${wallet.name}'s node says ${exactUsd(other.total)} now.`,
    "Review it again. Where the two differ again, one of the nodes is wrong: choose another at the top of the page.",
  );
}

/** Throws WalletError where a deposit brings more shares by the wallet's node than `least` and a slippage again, 1e-4. */
export async function secondedShares(
  market: Market,
  wallet: Wallet,
  { amount, least, slippage }: { amount: bigint; least: bigint; slippage: bigint },
): Promise<void> {
  const other = await asked(new Reader(wallet.ask).read(market.on.vault, "previewDeposit", [amount], "latest"));
  if (other === null || least * BPS >= other * (BPS - 2n * slippage)) return;
  throw new WalletError(
    `This was made for ${shares(least)} at least, and ${wallet.name}'s node says ${shares(other)} now.`,
    "Review it again. Where the two differ again, one of the nodes is wrong: choose another at the top of the page.",
  );
}
