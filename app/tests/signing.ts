/** What was carried out is not signed a second time, whatever node and wallet say meanwhile. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Address, Hex } from "viem";

import { pendingOn } from "../src/chain/pending.ts";
import { NodeDown, Reader } from "../src/chain/reader.ts";
import { receiptNow } from "../src/chain/receipts.ts";
import { type Sender, type Sent, type Step, sendAll } from "../src/chain/sending.ts";
import { Wallet } from "../src/chain/wallets.ts";

const CHAIN = 8_453;
const ACCOUNT: Address = "0x00000000000000000000000000000000000000cc";
const TOKEN: Address = "0x00000000000000000000000000000000000000aa";
const BLOCK: Hex = `0x${"ab".repeat(32)}`;

const stored = new Map<string, string>();
Object.defineProperty(globalThis, "localStorage", {
  value: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  },
});

const hexed = (whole: number): Hex => `0x${whole.toString(16)}`;
const step = (data: Hex, more: Partial<Step> = {}): Step => ({
  note: data,
  contract: "Market",
  to: TOKEN,
  name: "mint",
  args: [],
  data,
  ...more,
});

/** A chain that mines what its wallet signs. refuses: whatever comes after so many. */
class World {
  refuses = Infinity;
  /** Transactions whose receipt the node does not know now, and those that it says were refused. */
  readonly lost = new Set<Hex>();
  readonly failed = new Set<Hex>();
  readonly signed: Hex[] = [];
  readonly #sent: Hex[] = [];

  get sender(): Sender {
    const reader = new Reader((question) => this.#node(question));
    const wallet = new Wallet("Test wallet", ACCOUNT, (question) => this.#wallet(question));
    return { reader, wallet, chainId: CHAIN, isShown: () => true };
  }

  async #node({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    const [asked] = (params ?? []) as [Hex];
    if (method === "eth_chainId") return hexed(CHAIN);
    if (method === "eth_getBlockByNumber") return { hash: BLOCK };
    if (method === "eth_getTransactionCount") return hexed(this.signed.length);
    if (method === "eth_getTransactionByHash") return { from: ACCOUNT, nonce: hexed(this.#sent.indexOf(asked)) };
    if (method !== "eth_getTransactionReceipt") return "0x5208";
    if (this.lost.has(asked)) return null;
    const status = this.failed.has(asked) ? "0x0" : "0x1";
    return { transactionHash: asked, blockNumber: "0x1", blockHash: BLOCK, gasUsed: "0x1", status, logs: [] };
  }

  async #wallet({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    if (method === "eth_chainId") return hexed(CHAIN);
    if (this.signed.length >= this.refuses) throw Object.assign(new Error("no"), { code: 4001 });
    this.signed.push((params as { data: Hex }[])[0]!.data);
    const hash: Hex = `0x${this.signed.length.toString(16).padStart(64, "0")}`;
    this.#sent.push(hash);
    return hash;
  }
}

test("a trade that is in a block is not signed again where the end of its allowance was refused", async () => {
  const world = new World();
  const sent: Sent = new Map();
  let allowed = 0;
  const steps = [
    step("0xaa", { isNeeded: async () => (allowed += 1) === 1 }),
    step("0xbb"),
    step("0xcc", { isNeeded: async () => true }),
  ];
  world.refuses = 2;
  await assert.rejects(
    sendAll(world.sender, steps, () => {}, sent),
    (error: { next?: string }) => !/Nothing was sent/.test(error.next ?? ""),
    "two were sent",
  );
  world.refuses = Infinity;
  const receipts = await sendAll(world.sender, steps, () => {}, sent);
  assert.deepEqual(world.signed, ["0xaa", "0xbb", "0xcc"]);
  assert.equal(receipts.length, 3, "the trade's receipt is shown as well");
});

test("a permit that somebody else handed in first, in the same block, fails no trade", async () => {
  const world = new World();
  let allows = false;
  const steps = [step("0xaa", { isNeeded: async () => !allows }), step("0xbb")];
  world.failed.add(`0x${"1".padStart(64, "0")}`);
  const told: boolean[] = [];
  const receipts = await sendAll(world.sender, steps, (progress) => {
    if (progress.at !== "mined") return;
    told.push(progress.receipt.ok);
    allows = true;
  });
  assert.deepEqual(world.signed, ["0xaa", "0xbb"]);
  assert.deepEqual(told, [false, true], "what was refused is shown as it was");
  assert.equal(receipts.length, 1);
});

test("a trade whose block a reorg took is waited for, and not signed again", async () => {
  const world = new World();
  const sent: Sent = new Map();
  const steps = [step("0xbb"), step("0xcc")];
  world.refuses = 1;
  await assert.rejects(sendAll(world.sender, steps, () => {}, sent));
  world.refuses = Infinity;
  const [mint] = [...sent.values()];
  world.lost.add(mint!);
  const again = sendAll(world.sender, steps, () => {}, sent);
  await new Promise((done) => setTimeout(done, 1_000));
  assert.deepEqual(world.signed, ["0xbb"]);
  assert.equal(pendingOn(CHAIN)[0]?.hash, mint, "a page that is loaded again now would sign it again");
  world.lost.clear();
  assert.equal((await again).length, 2);
  assert.deepEqual(world.signed, ["0xbb", "0xcc"]);
  assert.equal(pendingOn(CHAIN).length, 0);
});

test("a trade that was refused in its block may be signed again", async () => {
  const world = new World();
  const sent: Sent = new Map();
  world.failed.add(`0x${"1".padStart(64, "0")}`);
  await assert.rejects(
    sendAll(world.sender, [step("0xbb")], () => {}, sent),
    /refused in block 1/,
  );
  await sendAll(world.sender, [step("0xbb")], () => {}, sent);
  assert.deepEqual(world.signed, ["0xbb", "0xbb"]);
});

test("a receipt that is none, or holds what another transaction logged, is a node's fault and no receipt", async () => {
  const hash: Hex = `0x${"cd".repeat(32)}`;
  const log = {
    blockNumber: "0x1",
    blockHash: BLOCK,
    logIndex: "0x0",
    transactionHash: hash,
    address: TOKEN,
    topics: [BLOCK],
    data: "0x",
  };
  const good = {
    transactionHash: hash,
    blockNumber: "0x1",
    blockHash: BLOCK,
    gasUsed: "0x1",
    status: "0x1",
    logs: [log],
  };
  const asked = (raw: object) =>
    receiptNow(new Reader(async ({ method }) => (method === "eth_getBlockByNumber" ? { hash: BLOCK } : raw)), hash);
  assert.equal((await asked(good))?.logs.length, 1);
  for (const wrong of [
    { logs: null },
    { logs: [null] },
    { logs: [{ ...log, address: null }] },
    { logs: [{ ...log, transactionHash: BLOCK }] },
    { gasUsed: undefined },
    { effectiveGasPrice: "much" },
    { blockNumber: "0xffffffffffffffffff" },
    { status: 1 },
  ]) {
    await assert.rejects(asked({ ...good, ...wrong }), NodeDown, JSON.stringify(wrong));
  }
});
