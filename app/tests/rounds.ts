/** Prints which rounds the page would try for an expiry, in which order, of feeds that are told and none of which is
 * believed. Reads JSON, [{expiry, now, patience, latest, rounds: {id: time}}, …]; ids are decimal. */

import { readFileSync } from "node:fs";

import { type Address, type Hex, decodeFunctionData, encodeFunctionResult, zeroAddress } from "viem";

import { feedAbi } from "../src/abi/feed.ts";
import { spotAbi } from "../src/abi/spot.ts";
import type { Contracts } from "../src/chain/contracts.ts";
import { Reader } from "../src/chain/reader.ts";
import { settlementRound } from "../src/protocol/rounds.ts";

interface Case {
  readonly expiry: number;
  readonly now: number;
  readonly patience: number;
  readonly latest: string;
  readonly rounds: Readonly<Record<string, number>>;
}

const FEED: Address = "0x00000000000000000000000000000000000000fe";
const on = {
  feed: { abi: feedAbi, address: FEED },
  spot: { abi: spotAbi, address: zeroAddress },
} as unknown as Contracts;
const REVERTED = { code: 3, message: "execution reverted", data: "0x" };

async function tried(told: Case): Promise<string[]> {
  const asked: string[] = [];
  const round = (id: bigint) => [id, 1n, 0n, BigInt(told.rounds[String(id)] ?? 0), id] as const;
  const feed = (data: Hex): Hex => {
    const { functionName, args } = decodeFunctionData({ abi: feedAbi, data });
    const id = functionName === "latestRoundData" ? BigInt(told.latest) : (args as readonly [bigint])[0];
    return encodeFunctionResult({ abi: feedAbi, functionName: "getRoundData", result: round(id) });
  };
  const spot = (data: Hex): Hex => {
    const { functionName, args } = decodeFunctionData({ abi: spotAbi, data });
    if (functionName === "PATIENCE")
      return encodeFunctionResult({ abi: spotAbi, functionName, result: BigInt(told.patience) });
    if (functionName === "SECOND") return encodeFunctionResult({ abi: spotAbi, functionName, result: zeroAddress });
    asked.push(String((args as readonly bigint[])[1]));
    throw REVERTED;
  };
  const reader = new Reader(async ({ params }) => {
    const [{ to, data }] = params as [{ to: Address; data: Hex }];
    return to === FEED ? feed(data) : spot(data);
  });
  await settlementRound(reader, on, told.expiry, { number: 1, hash: "0x", timestamp: told.now });
  return asked;
}

const cases = JSON.parse(readFileSync(0, "utf8")) as Case[];
console.log(JSON.stringify(await Promise.all(cases.map(tried))));
