/** What the wallet's own node says of a transaction: a second word, where the page reads through another. */

import type { Hex } from "viem";

import { type Wallet, WalletError } from "./wallets.ts";

/** Milliseconds that it has. */
const PATIENCE = 4_000;

/** Its answer; null where it gives none: a wallet need not pass questions on. */
export async function asked<T>(answer: Promise<T>): Promise<T | null> {
  const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE));
  return Promise.race([answer.catch(() => null), late]);
}

/** Throws WalletError where the wallet's node has a transaction in a block, and it went well there, though the page's node
 * says that it failed, or that no block will have it: who believes that signs the same again, and both are carried out. */
export async function contradicted(wallet: Wallet, hash: Hex): Promise<void> {
  const question = { method: "eth_getTransactionReceipt", params: [hash] };
  const found = (await asked(wallet.ask(question))) as { transactionHash?: unknown; status?: unknown } | null;
  if (found?.status !== "0x1" || String(found.transactionHash).toLowerCase() !== hash.toLowerCase()) return;
  throw new WalletError(
    `The page's node says that ${hash} was not carried out, and ${wallet.name}'s says that it was.`,
    "Do not sign it again. Look in the wallet, or choose another node at the top of the page.",
  );
}
