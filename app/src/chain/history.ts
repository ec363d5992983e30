/** What contracts logged, from a first block to now, in pages that a node answers. */

import { type Abi, type AbiEvent, type Address, type Hex, getAbiItem, pad, toEventSelector } from "viem";

import { type Known, type Log, type Question, hashOf, logsIn, stretches } from "./logs.ts";
import type { Head, Reader } from "./reader.ts";

/** Blocks of a page at most. */
const WIDEST = 100_000;
/** Blocks behind the head that are read again, a minute where four come in a second: the chain may still change its
 * mind about them. */
const UNSETTLED = 256;

/** As an indexed address stands in a topic. */
export const topicOf = (address: Address): Hex => pad(address.toLowerCase() as Hex);

/** The first topic of an event that a contract logs. */
export const eventTopic = (abi: Abi, name: string): Hex => toEventSelector(getAbiItem({ abi, name }) as AbiEvent);

/** Logs of these blocks, oldest first. Throws NodeDown where nobody answers, or one block is refused. */
async function pages(reader: Reader, question: Question, first: number, last: number): Promise<Log[]> {
  const ask = (low: number, high: number): Promise<Log[]> => logsIn(reader, question, low, high);
  const found: Log[] = [];
  for await (const [, , page] of stretches(reader, first, last, { widest: WIDEST }, ask)) found.push(...page);
  return found;
}

/** Answers to some questions that only grow: what is settled is read once, for as long as its last block is the
 * chain's. */
export class History {
  readonly #questions: readonly Question[];
  readonly #first: number;
  #settled: Known | null = null;
  #kept: readonly (readonly Log[])[] = [];

  constructor(questions: readonly Question[], first: number) {
    this.#questions = questions;
    this.#first = first;
  }

  /** Each question's logs up to a block. Throws NodeDown. */
  async upTo(reader: Reader, head: Head): Promise<readonly (readonly Log[])[]> {
    const before = await this.#standing(reader);
    const kept = before ? this.#kept : this.#questions.map(() => []);
    const from = before ? before.number + 1 : this.#first;
    const fresh = await Promise.all(this.#questions.map((each) => pages(reader, each, from, head.number)));
    const whole = kept.map((logs, i) => [...logs, ...(fresh[i] ?? [])]);
    const last = head.number - UNSETTLED;
    const hash = last >= from ? await hashOf(reader, last) : null;
    if (hash && this.#settled === before) {
      this.#kept = whole.map((logs) => logs.filter((log) => Number(log.blockNumber) <= last));
      this.#settled = { number: last, hash };
    }
    return whole;
  }

  /** The last block that is settled; null before there is one, and where the chain is another by now. */
  async #standing(reader: Reader): Promise<Known | null> {
    const settled = this.#settled;
    if (!settled || (await hashOf(reader, settled.number)) === settled.hash) return settled;
    if (this.#settled === settled) this.#settled = null;
    return null;
  }
}
