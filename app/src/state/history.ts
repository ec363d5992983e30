/** A market's past as the page shows it: out of an index where there is one that can be believed, else out of logs. */

import { useEffect, useRef, useState } from "preact/hooks";

import type { Row } from "../chain/logs.ts";
import type { Head } from "../chain/reader.ts";
import { IndexLies, IndexPast } from "./index-source.ts";
import { faultOf } from "./live.ts";
import type { Market } from "./market.ts";
import { LogPast, type Lost } from "./past.ts";

/** Milliseconds between two looks for a new block, and between two at an index that was away. */
const LOOK = 300;
const AGAIN = 10_000;

/** low, high: the blocks that were read; first: the market's first; checked: rows of the index that were looked up in
 * the chain; compared: stretches of blocks whose logs agree with the index both ways, of how many. trouble: why the index is not asked, "" where it is or there is none; fault: why nothing new comes. */
export interface Past {
  readonly rows: readonly Row[];
  readonly low: number;
  readonly high: number;
  readonly first: number;
  readonly by: "index" | "logs";
  readonly isReading: boolean;
  readonly isStopped: boolean;
  readonly isFull: boolean;
  readonly lost: Lost | null;
  readonly checked: number;
  readonly compared: readonly [number, number];
  readonly trouble: string;
  readonly isLying: boolean;
  readonly fault: string;
}

export interface Controls {
  readonly stop: () => void;
  readonly go: () => void;
}

/** index: its address, or "" for none. */
export function useHistory(market: Market, head: Head, index: string): [Past | null, Controls] {
  const [past, setPast] = useState<Past | null>(null);
  const newest = useRef(head);
  newest.current = head;
  const teller = useRef<Teller | null>(null);
  useEffect(() => {
    setPast(null);
    const mine = new Teller(market, index, () => newest.current, setPast);
    teller.current = mine;
    void mine.run();
    return () => mine.end();
  }, [market, index]);
  return [past, { stop: () => teller.current?.stop(), go: () => teller.current?.go() }];
}

class Teller {
  readonly #head: () => Head;
  readonly #tell: (past: Past) => void;
  readonly #logs: LogPast;
  readonly #index: IndexPast | null;
  #isEnded = false;
  #isStopped = false;
  #isTold = false;
  #trouble = "";
  #isLying = false;
  #retry = 0;
  #by: "index" | "logs" = "logs";
  #fault = "";

  constructor(market: Market, index: string, head: () => Head, tell: (past: Past) => void) {
    this.#head = head;
    this.#tell = tell;
    this.#logs = new LogPast(market);
    this.#index = index ? new IndexPast(market, index) : null;
  }

  end(): void {
    this.#isEnded = true;
    this.#logs.isCancelled = true;
  }

  stop(): void {
    this.#isStopped = true;
    this.#logs.isCancelled = true;
    this.#say(false);
  }

  go(): void {
    this.#isStopped = false;
    this.#logs.isCancelled = false;
    this.#isTold = true; // what was stopped may just have ended: no new block needs to come
  }

  async run(): Promise<void> {
    await this.#logs.remember();
    let seen = "";
    while (!this.#isEnded) {
      const head = this.#head();
      if (!this.#isStopped && (head.hash !== seen || this.#fault || this.#isTold)) {
        this.#isTold = false;
        await this.#look(head);
        if (!this.#fault) seen = head.hash;
      }
      await new Promise((done) => setTimeout(done, this.#fault ? LOOK * 5 : LOOK));
    }
  }

  async #look(head: Head): Promise<void> {
    this.#fault = "";
    try {
      if (await this.#askIndex(head)) return this.#say(false);
      this.#by = "logs";
      await this.#logs.read(head, () => this.#say(true));
    } catch (error) {
      this.#fault = faultOf(error);
    }
    this.#say(false);
  }

  /** Whether it told all that it should. */
  async #askIndex(head: Head): Promise<boolean> {
    if (!this.#index || this.#isLying || Date.now() < this.#retry) return false;
    try {
      await this.#index.read(head);
    } catch (error) {
      this.#isLying = error instanceof IndexLies;
      this.#trouble = faultOf(error);
      this.#retry = Date.now() + AGAIN;
      return false;
    }
    [this.#by, this.#trouble] = ["index", ""];
    return true;
  }

  #say(isReading: boolean): void {
    if (this.#isEnded) return;
    const from = this.#by === "index" && this.#index ? this.#index : this.#logs;
    this.#tell({
      rows: from.rows,
      low: from.low,
      high: from.high?.number ?? 0,
      first: this.#logs.first,
      by: this.#by,
      isReading,
      isStopped: this.#isStopped,
      isFull: this.#by === "logs" && this.#logs.isFull,
      lost: this.#logs.lost,
      checked: this.#index?.checked ?? 0,
      compared: [this.#index?.sample.compared ?? 0, this.#index?.sample.whole ?? 0],
      trouble: this.#trouble,
      isLying: this.#isLying,
      fault: this.#fault,
    });
  }
}
