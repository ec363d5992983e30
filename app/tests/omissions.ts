/** An index that leaves out or makes up is found with the chance that the guide states. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Address, type Hex, encodeAbiParameters, encodeEventTopics, numberToHex, pad } from "viem";

import { HAPPENINGS } from "../src/abi/happenings.ts";
import type { Row } from "../src/chain/logs.ts";
import { Reader } from "../src/chain/reader.ts";
import { FIRST, Sample, WIDTH } from "../src/state/index-sample.ts";
import { IndexLies, IndexPast } from "../src/state/index-source.ts";
import type { Market } from "../src/state/market.ts";

const GENESIS = 1_000;
const TIP = GENESIS + 100 * WIDTH - 1;
const VAULT: Address = "0x00000000000000000000000000000000000000bb";
const ONE = HAPPENINGS.find(({ event }) => event.inputs.every(({ type }) => !type.includes("[")))!;
const hashOf = (block: number): Hex => pad(numberToHex(block), { size: 32 });

function rowAt(block: number, index: number): Row {
  const inputs = ONE.event.inputs as readonly {
    readonly name: string;
    readonly type: string;
    readonly indexed: boolean;
  }[];
  const value = (type: string): unknown => (type === "address" ? VAULT : type === "bool" ? true : 7n);
  const args = Object.fromEntries(inputs.map(({ name, type }) => [name, value(type)]));
  const plain = inputs.filter(({ indexed }) => !indexed);
  return {
    block,
    hash: hashOf(block),
    time: 1_700_000_000 + block,
    index,
    tx: pad(numberToHex(block * 1_000 + index), { size: 32 }),
    address: VAULT,
    topics: encodeEventTopics({
      abi: [ONE.event] as never,
      eventName: ONE.event.name as never,
      args,
    } as never) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ type }) => value(type)),
    ),
  };
}

/** Twelve events in each of the first fifty stretches, and none after. */
const ROWS: readonly Row[] = Array.from({ length: 50 }, (_, stretch) =>
  Array.from({ length: 12 }, (_, i) => rowAt(GENESIS + stretch * WIDTH + 10 + i * 100, i)),
).flat();

const logOf = (row: Row): object => ({
  ...row,
  blockNumber: numberToHex(row.block),
  blockHash: row.hash,
  blockTimestamp: numberToHex(row.time),
  logIndex: numberToHex(row.index),
  transactionHash: row.tx,
});

/** A market whose node has these rows. asked: ranges that it was asked for. */
function marketOf(there: readonly Row[], asked: number[] = []): Market {
  const ask = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    const [first] = params as [any];
    if (method === "eth_getBlockByNumber") {
      const number = first === "latest" ? TIP : Number(first);
      return { number: numberToHex(number), hash: hashOf(number), timestamp: numberToHex(1_700_000_000 + number) };
    }
    if (method === "eth_getTransactionReceipt") return { logs: there.filter(({ tx }) => tx === first).map(logOf) };
    const [low, high] = [Number(first.fromBlock), Number(first.toBlock)];
    asked.push(high - low + 1);
    return there.filter(({ block }) => low <= block && block <= high).map(logOf);
  };
  const deployment = { chainId: 1, block: GENESIS, contracts: { [ONE.contract]: { address: VAULT } } };
  return { deployment, on: { market: { address: VAULT } }, reader: new Reader(ask), source: "node" } as never;
}

/** Numbers that look like chance, the same each time. */
function chance(seed: number): () => number {
  let state = seed * 2_654_435_769;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const look = (shown: readonly Row[], there: readonly Row[], seed: number): Promise<string> =>
  new Sample(marketOf(there), chance(seed)).look(shown, GENESIS, TIP);

test("an index that shows all is left in peace, and a look asks for eight stretches", async () => {
  const asked: number[] = [];
  const sample = new Sample(marketOf(ROWS, asked), chance(1));
  assert.equal(await sample.look(ROWS, GENESIS, TIP), "");
  assert.deepEqual(asked, Array(2 * FIRST).fill(WIDTH));
  assert.deepEqual([sample.compared, sample.whole], [2 * FIRST, 100]);
  assert.equal(await sample.look(ROWS, GENESIS, TIP), "");
  assert.equal(asked.length, 2 * FIRST, "it is not asked with each block");
});

test("one row in ten that is left out is found at the first look", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const shown = ROWS.filter((_, i) => (i + seed) % 10);
    assert.match(await look(shown, ROWS, seed), /leaves out [12] of 12 events/);
  }
});

test("a single row that is left out of a stretch that is drawn is found, and so is one that was made up", async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const few = ROWS.slice(0, 12 * FIRST);
    // as many stretches show something as are drawn: each of them is
    assert.match(await look(few.slice(0, -1), few, seed), /leaves out 1 of 12 events/);
    assert.match(await look(few.slice(0, -1).concat(rowAt(GENESIS + 700, 99)), few.slice(0, -1), seed), /makes up 1/);
  }
});

test("a single row is found as often as is said: 4 of 50 where others are shown, and 4 of 50 where none are", async () => {
  const [times, due] = [1_500, FIRST / 50];
  const shown = ROWS.filter(({ index }) => index === 0); // one a stretch
  for (const lost of [rowAt(GENESIS + 7 * WIDTH + 999, 3), rowAt(GENESIS + 77 * WIDTH + 999, 3)]) {
    let found = 0;
    const there = [...shown, lost];
    for (let seed = 1; seed <= times; seed += 1) found += Number((await look(shown, there, seed)) !== "");
    const spread = Math.sqrt((due * (1 - due)) / times);
    assert.ok(Math.abs(found / times - due) < 4 * spread, `${found} of ${times}`);
  }
});

test("what is left out of a stretch after its first blocks were compared is found as well", async (t) => {
  t.mock.timers.enable({ apis: ["Date"] });
  const rows = ROWS.slice(0, 12);
  const half = GENESIS + WIDTH / 4;
  const early = rows.filter(({ block }) => block <= half);
  const sample = new Sample(marketOf(rows), chance(1));
  assert.ok(early.length > 2 && early.length < 12);
  assert.equal(await sample.look(early, GENESIS, half), "");
  assert.deepEqual([sample.compared, sample.whole], [1, 1]);
  t.mock.timers.tick(60_000);
  assert.match(await sample.look(early, GENESIS, GENESIS + WIDTH - 1), /leaves out \d+ of 12 events/);
});

test("blocks that a node does not answer for are not said to agree, and blame nobody", async () => {
  const market = marketOf(ROWS);
  const ask = market.reader.ask;
  const reader = new Reader((question) => {
    if (question.method === "eth_getLogs") throw new Error("history has been pruned");
    return ask(question);
  });
  const sample = new Sample({ ...market, reader }, chance(1));
  assert.equal(await sample.look(ROWS, GENESIS, TIP), "");
  assert.deepEqual([sample.compared, sample.whole], [0, 100]);
});

test("an index that leaves one row out is not believed again", async () => {
  const few = ROWS.slice(0, 24);
  const page = (events: readonly Row[]): Response =>
    new Response(
      JSON.stringify({
        events,
        next: null,
        first: GENESIS,
        tip: { block: TIP, hash: hashOf(TIP) },
        chain_id: 1,
        market: VAULT,
      }),
    );
  const head = { number: TIP, hash: hashOf(TIP), timestamp: 1_700_000_000 + TIP };
  globalThis.fetch = (async () => page(few)) as never;
  const whole = new IndexPast(marketOf(few), "https://index.example");
  await whole.read(head);
  assert.equal(whole.sample.compared, 2 + FIRST);
  globalThis.fetch = (async () => page(few.slice(1))) as never;
  const lying = new IndexPast(marketOf(few), "https://index.example");
  await assert.rejects(
    lying.read(head),
    (error) => error instanceof IndexLies && /leaves out 1 of 12/.test(error.message),
  );
});

test("what happens between two pages of an index is not held against it", async () => {
  const late = rowAt(TIP - 5, 0);
  const page = (events: readonly Row[], next: string | null, tip: number): Response =>
    new Response(
      JSON.stringify({
        events,
        next,
        first: GENESIS,
        tip: { block: tip, hash: hashOf(tip) },
        chain_id: 1,
        market: VAULT,
      }),
    );
  globalThis.fetch = (async (url: string) =>
    url.includes("before")
      ? page(ROWS.slice(0, 100), null, TIP)
      : page(ROWS.slice(100).toReversed(), "2000-0", TIP - 10)) as never;
  for (let seed = 1; seed <= 60; seed += 1) {
    const past = new IndexPast(marketOf([...ROWS, late]), "https://index.example", chance(seed));
    await past.read({ number: TIP, hash: hashOf(TIP), timestamp: 1_700_000_000 + TIP });
    assert.deepEqual([past.rows.length, past.high?.number], [600, TIP - 10]);
  }
});
