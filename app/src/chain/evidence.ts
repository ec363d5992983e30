/** Where a figure comes from: the call that gave it, for whoever would ask again. */

import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  type Hex,
  encodeFunctionData,
} from "viem";

import { type At, type Head, type Reader, answerOf } from "./reader.ts";

/** One call as it was made. args: as a person reads them; data: what was sent; answer: raw. */
export interface Evidence {
  readonly contract: string;
  readonly address: string;
  readonly name: string;
  readonly args: readonly string[];
  readonly block: number;
  readonly data: Hex;
  readonly answer: Hex;
}

export interface Seen<T> {
  readonly value: T;
  readonly call: Evidence;
}

type Kinds = "pure" | "view";

/** A contract's answer at a block, with the call. contract: its name. Throws Refused, NodeDown. */
export async function seen<const A extends Abi, N extends ContractFunctionName<A, Kinds>>(
  reader: Reader,
  at: At<A>,
  contract: string,
  name: N,
  args: ContractFunctionArgs<A, Kinds, N>,
  head: Head,
): Promise<Seen<ContractFunctionReturnType<A, Kinds, N>>> {
  const data = encodeFunctionData({ abi: at.abi as Abi, functionName: name as string, args: args as unknown[] });
  const answer = await reader.call(at.address, data, head, {}, name as string);
  const value = answerOf(at, name as never, args as never, answer) as ContractFunctionReturnType<A, Kinds, N>;
  const told = (args as readonly unknown[]).map(String);
  return {
    value,
    call: { contract, address: at.address, name: name as string, args: told, block: head.number, data, answer },
  };
}
