/** A chain that is made up, for tests of what is read of a long past: one deposit in each block that has any, cash that
 * grows beside it, and forks. No contract runs: what is known of it is what it was made with. */

import {
  type Abi,
  type AbiParameter,
  type Address,
  type Hex,
  encodeAbiParameters,
  encodeEventTopics,
  keccak256,
} from "viem";
import { encodeFunctionResult, numberToHex, toFunctionSelector, toHex } from "viem";

import { HAPPENINGS } from "../src/abi/happenings.ts";
import { lensAbi } from "../src/abi/lens.ts";
import { surfaceAbi } from "../src/abi/surface.ts";
import { vaultAbi } from "../src/abi/vault.ts";
import type { Deployment } from "../src/chain/deployment.ts";
import { Reader } from "../src/chain/reader.ts";
import { type Market, marketOf } from "../src/state/market.ts";

const WAD = 10n ** 18n;
const DEPOSIT = HAPPENINGS.find(({ event }) => event.name === "Deposit")!;

interface Block {
  readonly hash: Hex;
  readonly time: number;
  /** Token units: what is deposited in it, each by itself, and what the Vault holds at its end. */
  readonly deposits: readonly bigint[];
  readonly cash: bigint;
}

/** Of nothing, as a type has it. */
function nothing(param: AbiParameter): unknown {
  if (param.type.endsWith("[]")) return [];
  const fixed = /^(.*)\[(\d+)\]$/.exec(param.type);
  if (fixed) return Array.from({ length: Number(fixed[2]) }, () => nothing({ ...param, type: fixed[1]! }));
  if (param.type === "tuple") {
    const parts = (param as { components: readonly AbiParameter[] }).components;
    return Object.fromEntries(parts.map((part) => [part.name, nothing(part)]));
  }
  if (param.type === "bool") return false;
  if (param.type === "address") return `0x${"0".repeat(40)}`;
  return param.type.startsWith("bytes") ? "0x" : 0n;
}

const addressOf = (name: string): Address => keccak256(toHex(name)).slice(0, 42) as Address;
const named = (name: string, functionAbi: Abi) => functionAbi.find((each) => "name" in each && each.name === name)!;

export class Chain {
  blocks: Block[] = [];
  /** Questions since it was set to 0, and of these those for states. */
  asked = 0;
  states = 0;
  readonly market: Market;

  constructor(first: Omit<Block, "hash" | "cash">) {
    const contracts = new Proxy({}, { get: (_, name: string) => ({ address: addressOf(name), codeHash: "0x" }) });
    const place = { name: "made", chainId: 1, block: 0, asset: "ETH", venues: ["curie"], contracts };
    const rest = { adapter: addressOf("adapter"), token: addressOf("token"), feed: addressOf("feed") };
    this.market = marketOf({ ...place, ...rest } as unknown as Deployment, new Reader((q) => this.#answer(q)), "made");
    this.add(first.time, first.deposits, 0n);
  }

  get head() {
    return this.headAt(this.blocks.length - 1);
  }

  headAt(number: number) {
    const { hash, time } = this.blocks[number]!;
    return { number, hash, timestamp: time };
  }

  /** gain: token units that the Vault won in the block. */
  add(time: number, deposits: readonly bigint[], gain: bigint): void {
    const [number, last] = [this.blocks.length, this.blocks.at(-1)];
    const hash = keccak256(toHex(`${last?.hash ?? ""} ${number} ${time} ${deposits.join()} ${gain}`));
    const cash = deposits.reduce((sum, each) => sum + each, (last?.cash ?? 0n) + gain);
    this.blocks.push({ hash, time, deposits, cash });
  }

  /** Takes back what came after a block. */
  back(number: number): void {
    this.blocks.length = number + 1;
  }

  async #answer({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    this.asked += 1;
    const [one, two] = params as [any, any];
    if (method === "eth_getBlockByNumber") {
      const number = one === "latest" ? this.blocks.length - 1 : Number(one);
      const block = this.blocks[number];
      return block ? { number: numberToHex(number), hash: block.hash, timestamp: numberToHex(block.time) } : null;
    }
    if (method === "eth_getLogs") return this.#logs(Number(one.fromBlock), Number(one.toBlock));
    if (method === "eth_call") return this.#call(one.data.slice(0, 10), this.blocks[Number(two)]!);
    throw new Error(method);
  }

  #logs(from: number, to: number): unknown[] {
    const found: unknown[] = [];
    for (let number = from; number <= Math.min(to, this.blocks.length - 1); number += 1) {
      const { hash, time, deposits } = this.blocks[number]!;
      for (const [index, assets] of deposits.entries()) found.push(logOf(number, hash, time, index, assets));
    }
    return found;
  }

  #call(selector: Hex, { time, cash }: Block): Hex {
    const says = (abi: Abi, functionName: string, result: unknown): Hex =>
      encodeFunctionResult({ abi, functionName, result } as never);
    const is = (abi: Abi, name: string): boolean => selector === toFunctionSelector(named(name, abi) as never);
    if (is(vaultAbi, "totalSupply")) return says(vaultAbi, "totalSupply", 1_000n * WAD);
    if (is(surfaceAbi, "slices")) return says(surfaceAbi, "slices", []);
    this.states += 1;
    const [output] = (named("snapshot", lensAbi) as { outputs: readonly AbiParameter[] }).outputs;
    const told = nothing(output!) as Record<string, any>;
    const funds = { ...told["funds"], cash };
    return says(lensAbi, "snapshot", {
      ...told,
      timestamp: BigInt(time),
      spot: 2_500n * WAD,
      funds,
      account_known: true,
    });
  }
}

function logOf(number: number, blockHash: Hex, time: number, index: number, assets: bigint) {
  const owner = addressOf("owner");
  const args: Record<string, unknown> = { sender: owner, owner, assets, shares: assets };
  const plain = DEPOSIT.event.inputs.filter(({ indexed }) => !indexed);
  return {
    blockNumber: numberToHex(number),
    blockHash,
    blockTimestamp: numberToHex(time),
    logIndex: numberToHex(index),
    transactionHash: keccak256(toHex(`${blockHash}${index}`)),
    address: addressOf(DEPOSIT.contract),
    topics: encodeEventTopics({ abi: [DEPOSIT.event], eventName: "Deposit", args } as never),
    data: encodeAbiParameters(plain, plain.map(({ name }) => args[name]) as never),
  };
}
