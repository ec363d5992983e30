/** Logs of a stretch of blocks, in ranges that a node answers (tandem/engine/log_pages.py is its twin). */

import { type Address, type Hex, isAddress, isHex, numberToHex } from "viem";

import { LAST_MOMENT } from "../protocol/units.ts";
import { NodeDown, type Reader, Refused } from "./reader.ts";

/** One event with its place in the chain. time: seconds; index: of the log in its block. */
export interface Row {
  readonly block: number;
  readonly hash: Hex;
  readonly time: number;
  readonly index: number;
  readonly tx: Hex;
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
}

export interface Known {
  readonly number: number;
  readonly hash: Hex;
}

/** A log as a node has it. */
export interface Log {
  readonly blockNumber: Hex;
  readonly blockHash: Hex;
  readonly blockTimestamp?: Hex;
  readonly logIndex: Hex;
  readonly transactionHash: Hex;
  readonly address: Address;
  readonly topics: readonly Hex[];
  readonly data: Hex;
  readonly removed?: boolean;
}

/** Those of one contract. */
export const saidBy = (address: Address, logs: readonly Log[]): Log[] =>
  logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());

/** Blocks of a range at most; whoever refuses it is asked for half. */
const WIDEST = 5_000;

/** Ranges that are taken before a wider one is tried again, once one was refused: a node whose bound is fixed refuses
 * one in nine, where it would refuse every other one. */
const PATIENCE = 8;

/** A block's hash as the chain is now; null where it has no such block. Throws NodeDown. */
export async function hashOf(reader: Reader, block: number): Promise<Hex | null> {
  return (await reader.block(BigInt(block)))?.hash ?? null;
}

/** By whom, and which topics: in each place one of several, or whatever it is. */
export interface Question {
  readonly address: Address | readonly Address[];
  readonly topics: readonly (Hex | readonly Hex[] | null)[];
}

export interface Range {
  readonly first: number;
  readonly last: number;
  readonly rows: readonly Row[];
}

/** Ranges from `first` to `last`, oldest first, or newest first where `isDown`; each with its rows in order. Throws
 * NodeDown where one block alone is refused. */
export async function* ranges(
  reader: Reader,
  question: Question,
  first: number,
  last: number,
  isDown: boolean,
): AsyncGenerator<Range> {
  const ask = (low: number, high: number): Promise<Row[]> => rowsOf(reader, question, low, high);
  for await (const [low, high, rows] of stretches(reader, first, last, { widest: WIDEST, isDown }, ask)) {
    yield { first: low, last: high, rows };
  }
}

/** What is asked of blocks, stretch by stretch. Nodes bound the range that they search: it is halved until it is taken,
 * and doubled after PATIENCE of them. Throws NodeDown where nobody answers, or one block alone is refused. */
export async function* stretches<T>(
  reader: Reader,
  first: number,
  last: number,
  { widest, isDown = false }: { readonly widest: number; readonly isDown?: boolean },
  ask: (low: number, high: number) => Promise<T>,
): AsyncGenerator<readonly [number, number, T]> {
  let [width, taken] = [widest, 0];
  while (first <= last) {
    const low = isDown ? Math.max(last - width + 1, first) : first;
    const high = isDown ? last : Math.min(first + width - 1, last);
    let found: T;
    try {
      found = await ask(low, high);
    } catch (error) {
      if (!(error instanceof NodeDown || error instanceof Refused) || high === low) throw error;
      await reader.head(); // a node that is away refuses everything
      [width, taken] = [Math.max(Math.floor((high - low + 1) / 2), 1), 0];
      continue;
    }
    yield [low, high, found];
    if (isDown) last = low - 1;
    else first = high + 1;
    taken += 1;
    if (taken === PATIENCE) [width, taken] = [Math.min(width * 2, widest), 0];
  }
}

/** Logs of these blocks, of which none was taken back. Throws NodeDown, also for what are no logs. */
export async function logsIn(reader: Reader, question: Question, low: number, high: number): Promise<Log[]> {
  const asked = { ...question, fromBlock: numberToHex(low), toBlock: numberToHex(high) };
  const logs = await reader.request<Log[]>("eth_getLogs", [asked]);
  if (!Array.isArray(logs) || !logs.every(isLog)) throw new NodeDown("the node's answer is no list of logs");
  return logs.filter((log) => !log.removed);
}

async function rowsOf(reader: Reader, question: Question, low: number, high: number): Promise<Row[]> {
  const logs = await logsIn(reader, question, low, high);
  const times = await timesOf(reader, logs);
  const rows = logs.map((log): Row => ({
    block: Number(log.blockNumber),
    hash: log.blockHash,
    time: times.get(log.blockNumber) ?? 0,
    index: Number(log.logIndex),
    tx: log.transactionHash,
    address: log.address.toLowerCase() as Address,
    topics: log.topics,
    data: log.data,
  }));
  const once = new Map(rows.map((row) => [`${row.block}-${row.index}`, row]));
  return [...once.values()].sort(inOrder);
}

/** What is no log would stop the page where it is shown. */
export const isLog = (log: Log | null): boolean =>
  [log?.blockNumber, log?.logIndex].every((count) => isHex(count) && Number.isSafeInteger(Number(count))) &&
  [log?.blockHash, log?.transactionHash, log?.data].every((part) => isHex(part)) &&
  (!isHex(log?.blockTimestamp) || Number(log.blockTimestamp) <= LAST_MOMENT) &&
  Array.isArray(log?.topics) &&
  log.topics.every((topic) => isHex(topic)) &&
  isAddress(String(log.address), { strict: false });

export const inOrder = (a: Row, b: Row): number => a.block - b.block || a.index - b.index;

/** When the blocks of logs were made; nodes that do not say it with a log are asked for the block. */
async function timesOf(reader: Reader, logs: readonly Log[]): Promise<Map<Hex, number>> {
  const times = new Map<Hex, number>();
  for (const log of logs) if (isHex(log.blockTimestamp)) times.set(log.blockNumber, Number(log.blockTimestamp));
  const lacking = [...new Set(logs.map((log) => log.blockNumber))].filter((block) => !times.has(block));
  const blocks = await Promise.all(lacking.map((block) => reader.block(BigInt(block))));
  for (const [i, block] of lacking.entries()) times.set(block, blocks[i]?.timestamp ?? 0);
  return times;
}
