/** Reading the chain: what a contract says, at one block, through the visitor's wallet or a node of his choice. */

import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  type Hex,
  ResponseBodyTooLargeError,
  decodeFunctionResult,
  encodeFunctionData,
  http,
  isHex,
  numberToHex,
} from "viem";

import { LAST_MOMENT } from "../protocol/units.ts";
import { megabytes } from "./bounded.ts";
import { plain } from "./foreign.ts";
import { reasonOf } from "./refusal.ts";

/** EIP-1193's request. */
export type Ask = (question: { method: string; params?: unknown }) => Promise<unknown>;

/** A block that answers are of. */
export interface Head {
  readonly number: number;
  readonly hash: Hex;
  readonly timestamp: number;
}

export interface At<A extends Abi> {
  readonly abi: A;
  readonly address: Address;
}

/** Who calls and with how much gas, where it matters. */
export interface Caller {
  readonly from?: Address;
  readonly gas?: bigint;
}

/** The chain refused: its own words, and what it sent with them. */
export class Refused extends Error {
  readonly data: Hex;

  constructor(data: Hex, reason = reasonOf(data)) {
    super(reason);
    this.data = data;
  }

  /** A refusal that the page itself foresees, in the contract's words. */
  static saying(reason: string): Refused {
    return new Refused("0x", reason);
  }
}

/** Nobody answered, or not sensibly. */
export class NodeDown extends Error {}

/** Nothing stands at that address at that block. */
export class NoContract extends NodeDown {}
/** Its answer is longer than the page reads. */
export class NodeEndless extends NodeDown {
  readonly next = "Choose another node at the top of the page.";

  constructor(cause: unknown) {
    super(`the node's answer has more than ${megabytes(MOST_BYTES)}, and was not read to its end`, { cause });
  }
}

/** Milliseconds that a node has for an answer. */
const PATIENCE = 10_000;
const BATCH = 200;
/** Bytes that are read of one answer of a node, which answers many questions at once. */
export const MOST_BYTES = 16_000_000;

export function httpAsk(url: string): Ask {
  const transport = http(url, {
    batch: { batchSize: BATCH },
    retryCount: 1,
    timeout: PATIENCE,
    maxResponseBodySize: MOST_BYTES,
  })({});
  return (question) => transport.request(question as never);
}

interface Fault {
  readonly code?: number;
  readonly data?: unknown;
  readonly message?: string;
  readonly cause?: unknown;
}

/** What a node or a wallet sent with a revert; wallets wrap it once or twice. */
export function revertData(error: unknown): Hex | null {
  let at = error as Fault | undefined;
  for (let depth = 0; at && depth < 6; depth += 1) {
    const inner = at.data as Fault | undefined;
    for (const found of [at.data, inner?.data]) if (isHex(found)) return found;
    at = (at.cause ?? (typeof inner === "object" ? inner : undefined)) as Fault | undefined;
  }
  const said = String((error as Fault)?.message ?? "");
  return /revert/i.test(said) ? "0x" : null;
}

/** Whether reading was given up at the bound. */
function isEndless(error: unknown): boolean {
  let at = error as Fault | undefined;
  for (let depth = 0; at && depth < 6; depth += 1) {
    if (at instanceof ResponseBodyTooLargeError) return true;
    at = at.cause as Fault | undefined;
  }
  return false;
}

export class Reader {
  readonly ask: Ask;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  async request<T>(method: string, params: unknown[] = []): Promise<T> {
    try {
      return (await this.ask({ method, params })) as T;
    } catch (error) {
      const data = revertData(error);
      if (data !== null) throw new Refused(data);
      if (isEndless(error)) throw new NodeEndless(error);
      const said = String((error as Error)?.message ?? error).split("\n", 1)[0] ?? "";
      throw new NodeDown(plain(said), { cause: error });
    }
  }

  async chainId(): Promise<number> {
    return Number(await this.request<Hex>("eth_chainId"));
  }

  async head(): Promise<Head> {
    const block = await this.block("latest");
    if (!block) throw new NodeDown("the node's answer is no block");
    return block;
  }

  /** The block before one that was the latest. Who compares what contracts say asks of this: a question of the latest
   * that meets anvil while it mines is answered by the state of the next one, and of several nodes behind an address
   * one may not have the latest yet. Throws NodeDown. */
  async before(head: Head): Promise<Head> {
    const block = await this.block(BigInt(head.number - 1));
    if (!block) throw new NodeDown("the node lacks the block before its latest");
    return block;
  }

  /** A block by its number; null where the node has none. Throws NodeDown. */
  async block(number: bigint | "latest"): Promise<Head | null> {
    const tag = number === "latest" ? number : numberToHex(number);
    const block = await this.request<{ number: Hex; hash: Hex; timestamp: Hex } | null>("eth_getBlockByNumber", [
      tag,
      false,
    ]);
    if (block === null) return null;
    if (!isHex(block.number) || !isHex(block.hash) || !isHex(block.timestamp)) {
      throw new NodeDown("the node's answer is no block");
    }
    const head = { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
    if (!Number.isSafeInteger(head.number) || !(head.timestamp <= LAST_MOMENT)) {
      throw new NodeDown("the node's answer is no block");
    }
    return head;
  }

  /** A contract's answer at a block. Throws Refused, NodeDown. */
  async read<const A extends Abi, N extends ContractFunctionName<A>>(
    at: At<A>,
    name: N,
    args: ContractFunctionArgs<A, "pure" | "view" | "payable" | "nonpayable", N>,
    head: Head | "latest",
    caller: Caller = {},
  ): Promise<ContractFunctionReturnType<A, "pure" | "view" | "payable" | "nonpayable", N>> {
    const data = encodeFunctionData({ abi: at.abi as Abi, functionName: name as string, args: args as unknown[] });
    return answerOf(at, name, args, await this.call(at.address, data, head, caller, name as string));
  }

  /** A call's raw answer at a block. name: of the function, for people. Throws Refused, NodeDown. */
  async call(to: Address, data: Hex, head: Head | "latest", caller: Caller, name: string): Promise<Hex> {
    const block = head === "latest" ? head : numberToHex(head.number);
    const answer = await this.request<Hex>("eth_call", [{ to, data, ...hexed(caller) }, block]);
    if (!isHex(answer) || answer === "0x") throw new NoContract(`${name}: there is no such contract`);
    return answer;
  }
}

/** What a raw answer says. Throws NodeDown where it says nothing that the function could. */
export function answerOf<const A extends Abi, N extends ContractFunctionName<A>>(
  at: At<A>,
  name: N,
  args: ContractFunctionArgs<A, "pure" | "view" | "payable" | "nonpayable", N>,
  data: Hex,
): ContractFunctionReturnType<A, "pure" | "view" | "payable" | "nonpayable", N> {
  try {
    return decodeFunctionResult({
      abi: at.abi as Abi,
      functionName: name as string,
      args: args as unknown[],
      data,
    }) as ContractFunctionReturnType<A, "pure" | "view" | "payable" | "nonpayable", N>;
  } catch (error) {
    throw new NodeDown(`${String(name)}: the answer cannot be read`, { cause: error });
  }
}

const hexed = ({ from, gas }: Caller): Record<string, string> => ({
  ...(from && { from }),
  ...(gas !== undefined && { gas: numberToHex(gas) }),
});

/** The answer, or the chain's refusal of it; a node that is down stays an error. */
export async function orRefused<T>(answer: Promise<T>): Promise<T | Refused> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}
