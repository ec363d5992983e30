/** What took the place of a transaction that waits: a wallet's user may send it again at a higher price, or another with
 * its number, so that no block will ever have the first. */

import { type Address, type Hex, numberToHex } from "viem";

import type { Reader } from "./reader.ts";
import { WalletError } from "./wallets.ts";

/** As a node knows one that waits. */
interface Waiting {
  readonly hash: Hex;
  readonly from: Address;
  readonly nonce: Hex;
  readonly to: Address | null;
  readonly input: Hex;
}

/** A transaction that waited, and the block that was the newest when it was first seen to. */
interface Known {
  readonly sent: Waiting;
  readonly first: number;
}

/** No block will have it. */
export class Replaced extends WalletError {
  constructor(hash: Hex, by: Hex) {
    super(
      `${hash} was replaced in the wallet by ${by}, which is in a block.`,
      "Nothing of the first was carried out, and nothing will be. Look at the new quote, and review it again.",
    );
  }
}

/** How many of an account's transactions are in blocks, up to one. */
export async function countOf(reader: Reader, account: Address, block?: number): Promise<number> {
  const at = block === undefined ? "latest" : numberToHex(block);
  return Number(await reader.request<Hex>("eth_getTransactionCount", [account, at]));
}

/** Looks without a receipt, once the account's number is past, after which another has it: nodes do not know all at once. */
const SURE = 3;

/** Follows one transaction beside its receipt. */
export class Place {
  readonly #reader: Reader;
  readonly #hash: Hex;
  #known: Known | null = null;
  #past = 0;

  constructor(reader: Reader, hash: Hex) {
    this.#reader = reader;
    this.#hash = hash;
    this.#known = SEEN.get(hash) ?? null;
  }

  /** The hash of the same call in its place; null while it may still be mined, or nobody can tell. Throws Replaced where
   * another call has it, Refused, NodeDown. */
  async taken(): Promise<Hex | null> {
    this.#known ??= await this.#look();
    if (!this.#known) return null;
    const { sent, first } = this.#known;
    this.#past = (await countOf(this.#reader, sent.from)) > Number(sent.nonce) ? this.#past + 1 : 0;
    if (this.#past < SURE) return null;
    const other = await this.#after(first);
    if (!other || other.hash === this.#hash) return null;
    if (other.to?.toLowerCase() === sent.to?.toLowerCase() && other.input === sent.input) return other.hash;
    throw new Replaced(this.#hash, other.hash);
  }

  async #look(): Promise<Known | null> {
    const sent = await this.#reader.request<Waiting | null>("eth_getTransactionByHash", [this.#hash]);
    if (sent?.hash?.toLowerCase() !== this.#hash.toLowerCase() || !sent.from) return null;
    const known = { sent, first: (await this.#reader.head()).number };
    SEEN.set(this.#hash, known);
    return known;
  }

  /** The account's transaction of that number, in the block that has it. */
  async #after(first: number): Promise<Waiting | null> {
    const { from, nonce } = this.#known!.sent;
    let [low, high] = [first - 1, (await this.#reader.head()).number];
    if ((await countOf(this.#reader, from, low)) > Number(nonce)) return null;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((await countOf(this.#reader, from, middle)) > Number(nonce)) high = middle;
      else low = middle;
    }
    const block = await this.#reader.request<{ transactions?: readonly Waiting[] } | null>("eth_getBlockByNumber", [
      numberToHex(high),
      true,
    ]);
    const isIts = (each: Waiting): boolean =>
      each?.from?.toLowerCase() === from.toLowerCase() && Number(each.nonce) === Number(nonce);
    return block?.transactions?.find(isIts) ?? null;
  }
}

/** What was seen to wait, by its hash: nodes forget what was replaced. */
const SEEN = new Map<Hex, Known>();
