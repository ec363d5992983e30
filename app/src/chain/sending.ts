/** One transaction after the other: simulated, shown, signed by the wallet, followed until a block has it (receipts.ts). */

import { type Abi, type Address, type Hex, encodeFunctionData } from "viem";

import { type At, type Reader, Refused } from "./reader.ts";
import { forget, pendingOn, remember } from "./pending.ts";
import { POLL, type Receipt, follow, quiet } from "./receipts.ts";
import { Replaced, countOf } from "./replaced.ts";
import { contradicted } from "./second.ts";
import { Wallet, WalletError } from "./wallets.ts";

/** A transaction that nobody has signed, and what it does in words. args: as a person reads them. */
export interface Step {
  readonly note: string;
  readonly contract: string;
  readonly to: Address;
  readonly name: string;
  readonly args: readonly (readonly [string, string])[];
  readonly data: Hex;
  /** Asked just before it is sent: whether it is still needed. isDone: of another step, whether a block has it. A step
   * without this is carried out once, and is not signed again whatever comes after it. */
  readonly isNeeded?: (isDone: (step: Step) => boolean) => Promise<boolean>;
  /** What is sent in its stead, made when its turn comes: a permit needs a signature first. */
  readonly dataAtSend?: (wallet: Wallet) => Promise<Hex>;
  /** Asked just before it is signed; throws where what came before is not as it was asked for. */
  readonly check?: (wallet: Wallet) => Promise<void>;
}

/** A step of a contract's function. Names of arguments are the ABI's. */
export function stepOf<const A extends Abi>(
  at: At<A>,
  contract: string,
  name: string,
  args: readonly unknown[],
  note: string,
  shown: readonly string[] = args.map(String),
): Step {
  const data = encodeFunctionData({ abi: at.abi as Abi, functionName: name, args: args as unknown[] });
  const entry = (at.abi as Abi).find(
    (each) => each.type === "function" && each.name === name && each.inputs.length === args.length,
  );
  const names = entry?.type === "function" ? entry.inputs.map((input) => input.name ?? "") : [];
  return { note, contract, to: at.address, name, args: shown.map((value, i) => [names[i] ?? "", value]), data };
}

const GAS_SLACK = 150n;
/** No transaction of Ethereum's has a higher limit (EIP-7825). */
const GAS_CAP = 1n << 24n;
/** How often a simulation is asked before its refusal is believed. */
const REFUSALS = 3;

/** Where a transaction is: being asked for, sent, in a block, refused. */
export type Progress =
  | { readonly at: "simulating" | "signing"; readonly step: number }
  | { readonly at: "sent"; readonly step: number; readonly hash: Hex }
  | { readonly at: "mined"; readonly step: number; readonly receipt: Receipt };

/** Who signs, and for which chain. isShown: whether the visitor still sees what he signs, and acts for that account. */
export interface Sender {
  readonly reader: Reader;
  readonly wallet: Wallet;
  readonly chainId: number;
  readonly isShown: () => boolean;
}

/** What a list's steps were sent as: whoever tries the list again signs none of them twice. */
export type Sent = Map<Step, Hex>;

let isSending = false;

/** Whether this page signs something for a chain, or waits for a block to have it. */
export const isUnderWay = (chainId: number): boolean => isSending || pendingOn(chainId).length > 0;

/** Sends the steps in order, one list at a time. Each is simulated just before it is signed: a refusal costs no gas.
 * sent: by an earlier try, and by this one. Answers with receipts of both. Throws Refused, WalletError, NodeDown; what
 * was mined before stays. */
export async function sendAll(
  sender: Sender,
  steps: readonly Step[],
  told: (progress: Progress) => void,
  sent: Sent = new Map(),
): Promise<Receipt[]> {
  if (isUnderWay(sender.chainId)) throw another();
  isSending = true;
  try {
    return await alone(sender.chainId, () => sendEach(sender, steps, told, sent));
  } finally {
    isSending = false;
  }
}

/** Of all tabs of this browser one at a time, where it has locks: one that is closed has let go. */
async function alone<T>(chainId: number, work: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) return work();
  return locks.request(`tandem.sending.${chainId}`, { ifAvailable: true }, async (lock) => {
    if (!lock || pendingOn(chainId).length > 0) throw another();
    return work();
  });
}

const another = (): WalletError =>
  new WalletError(
    "Another transaction of this page is being signed, here or in another tab, or is in no block yet.",
    "Answer it in the wallet, or wait for it: two of the same would both be carried out. " +
      "Where the wallet asks for nothing, look in it for what it sent, then load this page again, in each tab.",
  );

/** Asked before each signature: minutes may pass between two. Throws WalletError, NodeDown. */
async function checkSender({ reader, wallet, chainId, isShown }: Sender): Promise<void> {
  const [there, theirs] = await Promise.all([reader.chainId(), wallet.chainId()]);
  if (there !== chainId || theirs !== chainId) {
    const [who, found] = there === chainId ? [wallet.name, theirs] : ["The node", there];
    throw new WalletError(
      `${who} went to chain ${found}, and this is for ${chainId}.`,
      "Nothing was sent there. Bring it back, then review what is left again.",
    );
  }
  if (!isShown()) {
    throw new WalletError(
      "What was to be signed is shown no more, or the wallet acts for another account.",
      "What is in a block stays; review what is left again.",
    );
  }
}

/** What is said of a transaction that its block refused. */
const refusedIn = (receipt: Receipt): WalletError =>
  new WalletError(
    `The transaction was refused in block ${receipt.blockNumber}, after it had been simulated.`,
    "The market moved between. Nothing but its gas was spent; look at the new quote.",
  );

async function sendEach(
  sender: Sender,
  steps: readonly Step[],
  told: (progress: Progress) => void,
  sent: Sent,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  const done = new Set<Step>();
  const mined = (step: Step, receipt: Receipt): void => {
    told({ at: "mined", step: steps.indexOf(step), receipt });
    receipts.push(receipt);
    done.add(step);
  };
  for (const step of steps.filter((each) => sent.has(each))) {
    const receipt = await landed(sender, step, sent);
    if (receipt.ok) mined(step, receipt);
    else sent.delete(step);
  }
  const isNeeded = async (step: Step): Promise<boolean> =>
    step.isNeeded ? step.isNeeded((other) => done.has(other)) : !done.has(step);
  for (const [place, step] of steps.entries()) {
    if (!(await isNeeded(step))) continue;
    const count = await countOf(sender.reader, sender.wallet.account);
    const hash = await signed(sender, step, (at) => told({ at, step: place }));
    sent.set(step, hash);
    if (await isOld(sender, hash, count)) throw replayed(sender, step, sent);
    told({ at: "sent", step: place, hash });
    const receipt = await landed(sender, step, sent);
    if (!receipt.ok) {
      sent.delete(step);
      told({ at: "mined", step: place, receipt });
      if (!(await isNeeded(step))) continue; // somebody else did it: anybody may hand in a permit that he sees
      throw refusedIn(receipt);
    }
    mined(step, receipt);
  }
  return receipts;
}

/** The hash of a step that its account signed, remembered before anything is asked about it. Throws what its checks do. */
async function signed(sender: Sender, step: Step, told: (at: "simulating" | "signing") => void): Promise<Hex> {
  const { reader, wallet, chainId } = sender;
  told("simulating");
  await step.check?.(wallet);
  await checkSender(sender);
  if (step.dataAtSend) told("signing");
  const data = step.dataAtSend ? await step.dataAtSend(wallet) : step.data;
  const gas = await gasOf(reader, { from: wallet.account, to: step.to, data });
  await checkSender(sender);
  told("signing");
  const hash = await wallet.send({ to: step.to, data, gas, chainId });
  remember({ hash, note: step.note, chainId, since: Date.now() });
  return hash;
}

/** Its receipt, once a block has it; until then, and while the wallet's node says otherwise, whoever loads the page again
 * is told of it. Throws WalletError. */
async function landed({ reader, wallet, chainId }: Sender, step: Step, sent: Sent): Promise<Receipt> {
  const hash = sent.get(step)!;
  if (!pendingOn(chainId).some((each) => each.hash === hash)) {
    remember({ hash, note: step.note, chainId, since: Date.now() });
  }
  try {
    const receipt = await follow(reader, hash);
    if (!receipt.ok) await contradicted(wallet, hash);
    forget(hash);
    return receipt;
  } catch (error) {
    if (error instanceof Replaced) {
      await contradicted(wallet, hash);
      forget(hash);
      sent.delete(step);
    }
    throw error;
  }
}

/** Whether a transaction was in a block before the wallet was asked, when so many of the account's were. */
async function isOld({ reader, wallet }: Sender, hash: Hex, count: number): Promise<boolean> {
  const known = await quiet(reader.request<{ from: Address; nonce: Hex } | null>("eth_getTransactionByHash", [hash]));
  return known?.from?.toLowerCase() === wallet.account.toLowerCase() && Number(known.nonce) < count;
}

/** The wallet names what was sent before: that is no answer of what it sent now. */
function replayed({ wallet }: Sender, step: Step, sent: Sent): WalletError {
  const hash = sent.get(step)!;
  forget(hash);
  sent.delete(step);
  return new WalletError(
    `${wallet.name} names a transaction that was sent before: ${hash}.`,
    "Look in the wallet what it sent now, and wait for that, before you sign anything again.",
  );
}

/** What a call may use. A refusal is believed once it has been said three times: one node of several may not know the
 * block yet that another told of, and without it an allowance that stands is lacking. Throws Refused, NodeDown. */
async function gasOf(reader: Reader, call: { from: Address; to: Address; data: Hex }): Promise<bigint> {
  for (let look = 1; ; look += 1) {
    try {
      await reader.request("eth_call", [call, "latest"]);
      const estimate = BigInt(await reader.request<Hex>("eth_estimateGas", [call]));
      const limit = (estimate * GAS_SLACK) / 100n;
      return estimate > GAS_CAP || limit < GAS_CAP ? limit : GAS_CAP;
    } catch (error) {
      if (!(error instanceof Refused) || look === REFUSALS) throw error;
      await new Promise((done) => setTimeout(done, POLL));
    }
  }
}
