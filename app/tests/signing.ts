/** What was carried out is not signed a second time, whatever node and wallet say meanwhile. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Address, Hex } from "viem";

import { marketAbi } from "../src/abi/market.ts";
import { forget, pendingOn } from "../src/chain/pending.ts";
import { NodeDown, Reader } from "../src/chain/reader.ts";
import { receiptNow } from "../src/chain/receipts.ts";
import { type Sender, type Sent, type Step, sendAll } from "../src/chain/sending.ts";
import { Wallet } from "../src/chain/wallets.ts";
import type { Quote } from "../src/protocol/deal.ts";
import { minting } from "../src/state/trade.ts";

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
  /** What the wallet's own node says of a transaction; a wallet need not pass the question on. */
  theirs = async (_: Hex): Promise<unknown> => {
    throw new Error("no such method");
  };
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
    if (method === "eth_getTransactionReceipt") return this.theirs((params as [Hex])[0]);
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

test("what the page's node says that it failed, and the wallet's that it is done, is not signed again", async () => {
  const world = new World();
  const hash: Hex = `0x${"1".padStart(64, "0")}`;
  world.failed.add(hash);
  world.theirs = async (asked) => ({ transactionHash: asked, status: "0x1" });
  const sent: Sent = new Map();
  const steps = [step("0xbb")];
  const both = /was not carried out, and Test wallet's says that it was/;
  await assert.rejects(
    sendAll(world.sender, steps, () => {}, sent),
    both,
  );
  assert.equal(pendingOn(CHAIN).at(-1)?.hash, hash, "nothing else is signed until its owner lets it go");
  await assert.rejects(
    sendAll(world.sender, steps, () => {}, sent),
    /Another transaction of this page/,
  );
  forget(hash);
  await assert.rejects(
    sendAll(world.sender, steps, () => {}, sent),
    both,
    "nor is it then, by the same list",
  );
  assert.deepEqual(world.signed, ["0xbb"]);
  forget(hash);
});

test("a wallet whose node says that it failed too, or of another transaction, objects to nothing", async () => {
  for (const said of [{ status: "0x0" }, { status: "0x1", transactionHash: `0x${"77".repeat(32)}` }, null, "0x1"]) {
    const world = new World();
    world.failed.add(`0x${"1".padStart(64, "0")}`);
    world.theirs = async (asked) => (said && typeof said === "object" ? { transactionHash: asked, ...said } : said);
    await assert.rejects(
      sendAll(world.sender, [step("0xbb")], () => {}),
      /refused in block/,
    );
  }
});

const ETHER = 10n ** 6n;
const series = { expiry: 1_774_598_400, isPut: true, strike: 2_000, other: 1_900 };
const quoteOf = (total: bigint, isClose = false): Quote =>
  ({ wanted: { series, units: ETHER, isClose }, units: ETHER, total }) as Quote;
const bounds = { slippage: 100, lifetime: 600, byPermit: false };

test("a purchase is bounded by what it can pay, and made for no more than that", () => {
  const token = { abi: [], address: TOKEN };
  const market = { deployment: { asset: "ETH" }, on: { market: { abi: marketAbi, address: TOKEN }, token } };
  const made = (dollars: bigint) => minting(market as never, ACCOUNT, quoteOf(dollars * 10n ** 6n), bounds, 1);
  assert.equal(made(50n).bound, 50_500_000n);
  assert.equal(made(100n).bound, 100_000_000n, "a put from 2,000 to 1,900 pays 100");
  assert.throws(() => made(101n), /it pays 100\.00 USD at the most|at the most/);
});
