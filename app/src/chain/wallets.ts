/** Wallets that announce themselves in the page (EIP-6963), and what is asked of one. */

import { type Address, type Hex, getAddress, isAddress, isHex, numberToHex } from "viem";

import { plain } from "./foreign.ts";
import type { Ask } from "./reader.ts";

interface Provider {
  request: Ask;
  on?(event: string, told: () => void): void;
  removeListener?(event: string, told: () => void): void;
}

export interface Announced {
  readonly id: string;
  readonly name: string;
  readonly provider: Provider;
}

/** What went wrong with a wallet, for people. */
export class WalletError extends Error {
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.next = next;
  }
}

/** Tells of each wallet once; the answer ends the listening. Names are the wallets' own words: text, never markup. */
export function discover(told: (wallet: Announced) => void): () => void {
  const seen = new Set<string>();
  const hear = (event: Event): void => {
    const { info, provider } =
      (event as CustomEvent<{ info?: { uuid?: string; name?: string }; provider?: Provider }>).detail ?? {};
    if (!info?.uuid || !provider || seen.has(info.uuid) || seen.size >= MOST) return;
    seen.add(info.uuid);
    told({ id: info.uuid, name: plain(String(info.name ?? "wallet"), LONG_NAME), provider });
  };
  window.addEventListener("eip6963:announceProvider", hear);
  window.dispatchEvent(new Event("eip6963:requestProvider"));
  return () => window.removeEventListener("eip6963:announceProvider", hear);
}

/** Wallets that are listened to; whoever runs in the page may announce more. */
const MOST = 32;
const LONG_NAME = 40;
const REFUSED = 4001;
const UNKNOWN_CHAIN = 4902;
const BUSY = -32002;

const CHANGES = ["accountsChanged", "chainChanged"];

/** Hears that a wallet's account or chain are others now; the answer ends the listening. */
export function listen({ provider }: Announced, changed: () => void): () => void {
  for (const event of CHANGES) provider.on?.(event, changed);
  return () => CHANGES.forEach((event) => provider.removeListener?.(event, changed));
}

/** A wallet whose visitor let the page see one account. */
export class Wallet {
  readonly name: string;
  readonly account: Address;
  readonly ask: Ask;

  constructor(name: string, account: Address, ask: Ask) {
    this.name = name;
    this.account = account;
    this.ask = ask;
  }

  /** Throws WalletError. */
  static async connect({ provider, name }: Announced): Promise<Wallet> {
    const accounts = (await asked(name, () => provider.request({ method: "eth_requestAccounts" }))) as unknown[];
    const [first] = Array.isArray(accounts) ? accounts : [];
    if (typeof first !== "string" || !isAddress(first)) {
      throw new WalletError(`${name} shows no account`, "Unlock it, choose an account, and connect again.");
    }
    return new Wallet(name, getAddress(first), (question) => provider.request(question));
  }

  async chainId(): Promise<number> {
    return Number(await asked(this.name, () => this.ask({ method: "eth_chainId" })));
  }

  /** Brings the wallet to a chain, by its own dialogue. Throws WalletError. */
  async switchTo(chainId: number): Promise<void> {
    const params = [{ chainId: numberToHex(chainId) }];
    await asked(this.name, () => this.ask({ method: "wallet_switchEthereumChain", params }));
    if ((await this.chainId()) !== chainId) {
      throw new WalletError(`${this.name} stayed on another chain`, `Choose chain ${chainId} in the wallet.`);
    }
  }

  /** The hash of a transaction that the wallet signed and sent, for one chain alone. Throws WalletError. */
  async send(transaction: { to: Address; data: Hex; gas: bigint; chainId: number }): Promise<Hex> {
    const { to, data, gas, chainId } = transaction;
    const on = { chainId: numberToHex(chainId), gas: numberToHex(gas) };
    const params = [{ from: this.account, to, data, value: "0x0", ...on }];
    const hash = await asked(this.name, () => this.ask({ method: "eth_sendTransaction", params }));
    if (!isHex(hash) || hash.length !== 66) {
      throw new WalletError(`${this.name} does not say what it sent`, "Look in the wallet before you try again.");
    }
    return hash;
  }

  async signTyped(message: unknown): Promise<Hex> {
    const params = [this.account, JSON.stringify(message)];
    return (await asked(this.name, () => this.ask({ method: "eth_signTypedData_v4", params }))) as Hex;
  }
}

async function asked<T>(name: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof WalletError) throw error;
    const { code, message } = error as { code?: number; message?: string };
    if (code === REFUSED)
      throw new WalletError(
        "You refused it in the wallet.",
        "It was not sent. Try again if you meant to: what is in a block already is not signed twice.",
      );
    if (code === UNKNOWN_CHAIN)
      throw new WalletError(`${name} does not know this chain`, "Add the chain to the wallet, then switch.");
    if (code === BUSY)
      throw new WalletError(`${name} waits for you already`, "Open the wallet and answer what it asks.");
    throw new WalletError(`${name}: ${plain(String(message ?? error))}`, "Look in the wallet before you try again.");
  }
}
