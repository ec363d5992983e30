/** A market's past out of an index (`tandem index`): quicker, and believed no further than samples of it agree with the
 * chain: single rows as they stand there, and whole stretches of blocks. */

import { type Address, type Hex, isAddress, isHex } from "viem";

import { TooLong, boundedJson, megabytes } from "../chain/bounded.ts";
import { type Known, type Log, type Row, hashOf, inOrder } from "../chain/logs.ts";
import type { Head } from "../chain/reader.ts";
import { LAST_MOMENT } from "../protocol/units.ts";
import { Sample } from "./index-sample.ts";
import type { Market } from "./market.ts";
import { MOST } from "./past.ts";

/** An index that does not answer, is behind, or is of something else: logs are read instead. */
export class IndexAway extends Error {}

/** An index that says what the chain does not. */
export class IndexLies extends Error {}

const PATIENCE = 5_000;
/** Bytes that are read of a page: some thousand a row. */
const MOST_BYTES = 4_000_000;
/** Rows of a page: at first, and where only what is new is wanted. */
const PAGE = 500;
const NEWS = 50;
/** Blocks that an index may be behind the node. */
const BEHIND = 20;

interface Page {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly first: number;
  readonly tip: Known;
}

export class IndexPast {
  rows: readonly Row[] = [];
  low = 0;
  high: Known | null = null;
  /** A row was looked up in the chain and was there, so many times. */
  checked = 0;
  readonly #market: Market;
  readonly #url: string;
  readonly #samples: () => number;
  readonly sample: Sample;

  /** chance: which row is looked up, and which blocks, from 0 to 1. */
  constructor(market: Market, url: string, chance: () => number = Math.random) {
    this.#market = market;
    this.#url = url.replace(/\/+$/, "");
    this.#samples = chance;
    this.sample = new Sample(market, chance);
  }

  /** Brings it up to the index's last block. Throws IndexAway, IndexLies, NodeDown. */
  async read(head: Head): Promise<void> {
    const found: Row[] = [];
    const known = new Map(this.rows.map((row) => [placeOf(row), row.hash]));
    let [before, page]: [string | null, Page | null] = [null, null];
    let [joins, tip]: [boolean, Known | null] = [false, null];
    do {
      page = await this.#page(before);
      if (!before) await this.#isOurs(page, head);
      tip ??= page.tip; // what came while older pages were read is on none of them
      found.push(...page.rows);
      // A row on a block that was there before: all before it is as it was.
      joins = page.rows.some((row) => known.get(placeOf(row)) === row.hash);
      before = page.next;
    } while (before && !joins && found.length < MOST);
    const fresh = found.filter((row) => known.get(placeOf(row)) !== row.hash && row.block <= head.number);
    await this.#check(fresh, tip);
    const oldest = found.reduce<Row | null>((least, row) => (least && inOrder(least, row) < 0 ? least : row), null);
    const kept = joins && oldest ? this.rows.filter((row) => inOrder(row, oldest) < 0) : [];
    const all = [...new Map([...kept, ...found].map((row) => [placeOf(row), row])).values()].sort(inOrder);
    const low = joins ? this.low : before && oldest ? oldest.block : page.first;
    this.rows = all.slice(-MOST);
    this.low = all.length > MOST ? this.rows[0]!.block : low;
    this.high = tip;
    await this.#compare(head, tip);
  }

  /** Stretches of blocks by chance, both ways. Throws IndexAway, IndexLies. */
  async #compare(head: Head, tip: Known): Promise<void> {
    const { block } = this.#market.deployment;
    const low = this.low <= block ? block : this.low + 1; // of the oldest block some rows may lie on the page before
    const why = await this.sample.look(this.rows, low, Math.min(tip.number, head.number));
    if (!why) return;
    await this.#same(tip);
    throw new IndexLies(why);
  }

  /** Throws IndexAway where the index's blocks are not the node's any more. */
  async #same(tip: Known): Promise<void> {
    const now = await hashOf(this.#market.reader, tip.number);
    if (now !== null && now !== tip.hash) throw new IndexAway("is on other blocks than the node");
  }

  async #isOurs(page: Page, head: Head): Promise<void> {
    const behind = head.number - page.tip.number;
    if (behind > BEHIND) throw new IndexAway(`is ${behind} blocks behind`);
    const hash = await hashOf(this.#market.reader, page.tip.number);
    if (hash && hash !== page.tip.hash && behind >= 0) throw new IndexAway("is on other blocks than the node");
  }

  /** A row by chance, as its block and its transaction's receipt have it. */
  async #check(fresh: readonly Row[], tip: Known): Promise<void> {
    const row = fresh[Math.min(Math.floor(this.#samples() * fresh.length), fresh.length - 1)];
    if (!row) return;
    const { reader } = this.#market;
    const block = await reader.block(BigInt(row.block));
    if (block?.hash === row.hash && block.timestamp === row.time && (await this.#isThere(row))) {
      this.checked += 1;
      return;
    }
    await this.#same(tip);
    throw new IndexLies(`what it says of ${row.tx} is not what the chain says`);
  }

  /** In the receipt, or where a node has forgotten that, among the block's logs. */
  async #isThere(row: Row): Promise<boolean> {
    const { reader } = this.#market;
    const asked = await reader.request<{ logs: readonly Log[] } | null>("eth_getTransactionReceipt", [row.tx]);
    const logs =
      asked?.logs ??
      (await reader.request<readonly Log[]>("eth_getLogs", [{ blockHash: row.hash, address: row.address }]));
    return logs.some(
      (log) =>
        Number(log.logIndex) === row.index &&
        log.blockHash === row.hash &&
        log.transactionHash === row.tx &&
        log.address.toLowerCase() === row.address &&
        log.data === row.data &&
        log.topics.join() === row.topics.join(),
    );
  }

  async #page(before: string | null): Promise<Page> {
    const limit = this.rows.length ? NEWS : PAGE;
    const query = `/events?limit=${limit}${before ? `&before=${before}` : ""}`;
    const answer = await fetch(`${this.#url}${query}`, {
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
    if (!answer) throw new IndexAway("does not answer");
    const said = await boundedJson(answer, MOST_BYTES).catch((error: unknown) => {
      if (error instanceof TooLong) throw new IndexAway(`answers with more than ${megabytes(MOST_BYTES)}`);
      return null;
    });
    if (!answer.ok) throw new IndexAway(`answers with ${answer.status}`);
    const page = pageOf(said);
    // a page of nothing that names a next one would be asked for without an end
    if (!page || page.rows.length > limit || (page.next && !page.rows.length)) {
      throw new IndexAway("answers what is no page of events");
    }
    const { deployment, on } = this.#market;
    const its = said as { chain_id?: unknown; market?: unknown };
    if (its.chain_id !== deployment.chainId || String(its.market).toLowerCase() !== on.market.address.toLowerCase()) {
      throw new IndexAway("is of another market");
    }
    return page;
  }
}

const placeOf = (row: Row): string => `${row.block}-${row.index}`;
const isCount = (x: unknown): x is number => typeof x === "number" && Number.isSafeInteger(x) && x >= 0;
const isHash = (x: unknown): x is Hex => isHex(x) && x.length === 66;

function pageOf(said: unknown): Page | null {
  const it = said as {
    events?: unknown;
    next?: unknown;
    first?: unknown;
    tip?: { block?: unknown; hash?: unknown };
  } | null;
  if (!Array.isArray(it?.events) || !isCount(it.first) || !isCount(it.tip?.block) || !isHash(it.tip.hash)) return null;
  const rows = it.events.map(rowOf);
  if (rows.some((row) => row === null)) return null;
  const next = typeof it.next === "string" && /^\d+-\d+$/.test(it.next) ? it.next : null;
  return { rows: rows as Row[], next, first: it.first, tip: { number: it.tip.block, hash: it.tip.hash } };
}

function rowOf(raw: unknown): Row | null {
  const it = raw as Record<string, unknown> | null;
  if (!it || !isCount(it["block"]) || !isCount(it["time"]) || !isCount(it["index"])) return null;
  if (it["time"] > LAST_MOMENT) return null;
  if (!isHash(it["hash"]) || !isHash(it["tx"]) || !isHex(it["data"])) return null;
  if (!isAddress(String(it["address"]), { strict: false })) return null;
  const topics = it["topics"];
  if (!Array.isArray(topics) || !topics.length || !topics.every(isHash)) return null;
  return {
    block: it["block"],
    hash: it["hash"],
    time: it["time"],
    index: it["index"],
    tx: it["tx"],
    address: String(it["address"]).toLowerCase() as Address,
    topics: topics as Hex[],
    data: it["data"],
  };
}
