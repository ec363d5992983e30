/** What contracts logged, from a first block to now, in pages that a node answers. */

import { type Abi, type AbiEvent, type Address, type Hex, getAbiItem, numberToHex, pad, toEventSelector } from "viem";

import { stretches } from "./logs.ts";
import type { Head, Reader } from "./reader.ts";

/** One of several, or whatever it is. */
export type Topics = readonly (Hex | readonly Hex[] | null)[];

/** A log with its place; what is not of a block yet never comes. */
export interface Logged {
  readonly address: Address;
  readonly topics: [Hex, ...Hex[]];
  readonly data: Hex;
  readonly blockNumber: Hex;
  readonly logIndex: Hex;
}

export interface Question {
  readonly address: Address;
  readonly topics: Topics;
}

/** Blocks of a page at most. */
const WIDEST = 100_000;
/** Blocks behind the head that are read again: the chain may still change its mind about them. */
const UNSETTLED = 64;

/** As an indexed address stands in a topic. */
export const topicOf = (address: Address): Hex => pad(address.toLowerCase() as Hex);

/** The first topic of an event that a contract logs. */
export const eventTopic = (abi: Abi, name: string): Hex => toEventSelector(getAbiItem({ abi, name }) as AbiEvent);

/** Logs of these blocks, oldest first. Throws NodeDown where nobody answers, or one block is refused. */
async function pages(reader: Reader, question: Question, first: number, last: number): Promise<Logged[]> {
  const ask = (low: number, high: number): Promise<Logged[]> =>
    reader.request("eth_getLogs", [{ ...question, fromBlock: numberToHex(low), toBlock: numberToHex(high) }]);
  const found: Logged[] = [];
  for await (const [, , page] of stretches(reader, first, last, { widest: WIDEST }, ask)) found.push(...page);
  return found;
}

/** Answers to some questions that only grow: what is settled is read once. */
export class History {
  readonly #questions: readonly Question[];
  readonly #first: number;
  #next: number;
  #kept: Logged[][];

  constructor(questions: readonly Question[], first: number) {
    this.#questions = questions;
    this.#first = first;
    this.#next = first;
    this.#kept = questions.map(() => []);
  }

  /** Each question's logs up to a block. Throws NodeDown. */
  async upTo(reader: Reader, head: Head): Promise<readonly (readonly Logged[])[]> {
    const from = this.#next;
    const fresh = await Promise.all(this.#questions.map((each) => pages(reader, each, from, head.number)));
    const whole = this.#kept.map((kept, i) => [...kept, ...(fresh[i] ?? [])]);
    const settled = Math.max(head.number - UNSETTLED, this.#first - 1);
    if (from === this.#next && settled >= from) {
      this.#kept = whole.map((logs) => logs.filter((log) => Number(log.blockNumber) <= settled));
      this.#next = settled + 1;
    }
    return whole;
  }
}
