/** What became of a transaction: followed until a block of the chain has it, or another in its place. */

import { type Hex, isHex } from "viem";

import { type Log, isLog } from "./logs.ts";
import { NodeDown, type Reader, Refused } from "./reader.ts";
import { Place } from "./replaced.ts";
import { WalletError } from "./wallets.ts";

/** Milliseconds between two looks. */
export const POLL = 700;
/** After so many looks without a receipt the transaction is left to the visitor. */
const LOOKS = 260;

export interface Receipt {
  readonly hash: Hex;
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly gasUsed: bigint;
  readonly gasPrice: bigint;
  readonly ok: boolean;
  readonly logs: readonly Log[];
}

interface RawReceipt {
  readonly transactionHash: Hex;
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly gasUsed: Hex;
  readonly effectiveGasPrice?: Hex;
  readonly status: Hex;
  readonly logs: readonly Log[];
}

/** Waits for a receipt whose block is the chain's, of the transaction or of the same one at another price; a reorg puts
 * it back to waiting. A node that is away is asked again. isOver: whether nobody waits any more; without it that is after
 * some minutes. Throws WalletError then, and Replaced. */
export async function follow(reader: Reader, hash: Hex, isOver?: () => boolean): Promise<Receipt> {
  const place = new Place(reader, hash);
  for (let look = 0; isOver ? !isOver() : look < LOOKS; look += 1) {
    const found = await quiet(receiptNow(reader, hash));
    if (found) return found;
    const other = await quiet(place.taken());
    const instead = other && (await quiet(receiptNow(reader, other)));
    if (instead) return instead;
    await new Promise((done) => setTimeout(done, POLL));
  }
  throw new WalletError(
    `${hash} is in no block yet.`,
    "It may still be mined: look it up before you send anything again.",
  );
}

/** What is no receipt would stop the page where it is shown. */
const isReceipt = (hash: Hex, raw: RawReceipt): boolean =>
  [raw.blockHash, raw.gasUsed, raw.status, raw.effectiveGasPrice ?? "0x0"].every((part) => isHex(part)) &&
  Number.isSafeInteger(Number(raw.blockNumber)) &&
  Array.isArray(raw.logs) &&
  raw.logs.every((log) => isLog(log) && log.transactionHash.toLowerCase() === hash.toLowerCase());

/** The receipt, if the block that it names is the chain's now. Throws NodeDown. */
export async function receiptNow(reader: Reader, hash: Hex): Promise<Receipt | null> {
  const found = await reader.request<RawReceipt | null>("eth_getTransactionReceipt", [hash]);
  // who keeps answers may hand out that of another transaction
  if (!found?.blockHash || found.transactionHash?.toLowerCase() !== hash.toLowerCase()) return null;
  if (!isReceipt(hash, found)) throw new NodeDown("the node's answer is no receipt");
  const block = await reader.request<{ hash: Hex } | null>("eth_getBlockByNumber", [found.blockNumber, false]);
  return block?.hash === found.blockHash ? receiptOf(hash, found) : null;
}

const receiptOf = (hash: Hex, raw: RawReceipt): Receipt => ({
  hash,
  blockNumber: Number(raw.blockNumber),
  blockHash: raw.blockHash,
  gasUsed: BigInt(raw.gasUsed),
  gasPrice: BigInt(raw.effectiveGasPrice ?? "0x0"),
  ok: raw.status === "0x1",
  logs: raw.logs,
});

/** Of what no chain refuses: a node that says so is as good as one that is away. */
export async function quiet<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NodeDown || error instanceof Refused) return null;
    throw error;
  }
}
