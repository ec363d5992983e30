/** What a node, a wallet, an index or a deployment's file makes up does not get a signature that was not shown. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { type Address, type Hex, encodeFunctionData, pad } from "viem";

import { tokenAbi } from "../src/abi/token.ts";
import { vaultAbi } from "../src/abi/vault.ts";
import { parseDeployment } from "../src/chain/deployment.ts";
import { History } from "../src/chain/history.ts";
import { ranges } from "../src/chain/logs.ts";
import { NodeDown, NodeEndless, MOST_BYTES as NODE_BYTES, Reader, httpAsk } from "../src/chain/reader.ts";
import { follow } from "../src/chain/receipts.ts";
import { type Sender, type Step, sendAll, stepOf } from "../src/chain/sending.ts";
import { Wallet } from "../src/chain/wallets.ts";
import { IndexPast } from "../src/state/index-source.ts";
import { faultOf } from "../src/state/live.ts";
import { type Market, foreignToken } from "../src/state/market.ts";
import { LogPast } from "../src/state/past.ts";
import { forget, pendingOn } from "../src/chain/pending.ts";
import { revoking } from "../src/state/redeeming.ts";

const CHAIN = 8_453;
const TOKEN: Address = "0x00000000000000000000000000000000000000aa";
const VAULT: Address = "0x00000000000000000000000000000000000000bb";
const ACCOUNT: Address = "0x00000000000000000000000000000000000000cc";
const HASH: Hex = `0x${"ab".repeat(32)}`;
const hexed = (whole: number): Hex => `0x${whole.toString(16)}`;

const stored = new Map<string, string>();
Object.defineProperty(globalThis, "localStorage", {
  value: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  },
});

const approve = (): Step => stepOf({ abi: tokenAbi, address: TOKEN }, "USDC", "approve", [VAULT, 1n], "allow");

/** A node on `chain` that mines whatever is sent, and a wallet on `theirs`; both may be changed meanwhile. */
class World {
  chain = CHAIN;
  theirs = CHAIN;
  isShown = true;
  isDown = false;
  /** What is asked of a transaction is answered only then. */
  slow: Promise<void> = Promise.resolve();
  onSent = (): void => {};
  readonly sent: Record<string, string>[] = [];

  get sender(): Sender {
    const reader = new Reader((question) => this.#node(question));
    const wallet = new Wallet("Test wallet", ACCOUNT, (question) => this.#wallet(question));
    return { reader, wallet, chainId: CHAIN, isShown: () => this.isShown };
  }

  async #node({ method }: { method: string }): Promise<unknown> {
    if (this.isDown) throw new Error("away");
    if (method === "eth_chainId") return hexed(this.chain);
    if (method === "eth_getTransactionByHash") await this.slow;
    if (method === "eth_getBlockByNumber") return { hash: HASH };
    if (method !== "eth_getTransactionReceipt") return "0x5208";
    return { transactionHash: HASH, blockNumber: "0x1", blockHash: HASH, gasUsed: "0x1", status: "0x1", logs: [] };
  }

  async #wallet({ method, params }: { method: string; params?: unknown }): Promise<unknown> {
    if (method === "eth_chainId") return hexed(this.theirs);
    if (method !== "eth_sendTransaction") throw new Error(`${method} is passed on to no node`);
    this.sent.push((params as Record<string, string>[])[0]!);
    this.onSent();
    return HASH;
  }
}

test("a transaction names the chain that it is for", async () => {
  const world = new World();
  await sendAll(world.sender, [approve()], () => {});
  assert.equal(world.sent[0]?.["chainId"], hexed(CHAIN));
});

test("a wallet, or a node, that goes to another chain between two signatures is asked for no second", async () => {
  for (const which of ["theirs", "chain"] as const) {
    const world = new World();
    world.onSent = () => void (world[which] = 1);
    await assert.rejects(
      sendAll(world.sender, [approve(), approve()], () => {}),
      /went to chain 1, and this is for 8453/,
    );
    assert.equal(world.sent.length, 1);
  }
});

test("what is shown no more, or is another account's, is not asked for", async () => {
  const world = new World();
  world.onSent = () => void (world.isShown = false);
  await assert.rejects(
    sendAll(world.sender, [approve(), approve()], () => {}),
    /shown no more/,
  );
  assert.equal(world.sent.length, 1);
});

test("a node that is away just after a transaction was sent does not make the page forget it", async () => {
  const world = new World();
  world.onSent = () => void (world.isDown = true);
  void sendAll(world.sender, [approve()], () => {});
  while (!world.sent.length) await new Promise((done) => setTimeout(done));
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(
    pendingOn(CHAIN).map(({ hash }) => hash),
    [HASH],
  );
  await assert.rejects(
    sendAll(new World().sender, [approve()], () => {}),
    /two of the same|being signed/,
  );
  world.isDown = false;
  while (pendingOn(CHAIN).length) await new Promise((done) => setTimeout(done, 50));
  forget(HASH);
});

test("what was sent is remembered before anything is asked about it", async () => {
  const world = new World();
  let answer = (): void => {};
  world.slow = new Promise<void>((done) => (answer = done));
  const sent = sendAll(world.sender, [approve()], () => {});
  while (!world.sent.length) await new Promise((done) => setTimeout(done));
  await new Promise((done) => setTimeout(done, 50));
  assert.equal(pendingOn(CHAIN).length, 1, "a page that is loaded again now would send it twice");
  answer();
  await sent;
  assert.equal(pendingOn(CHAIN).length, 0);
});

test("what waits is followed for as long as it is shown, and no longer", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const shown = { isOver: false };
  let [looks, left] = [0, 300];
  const mined = { transactionHash: HASH, blockNumber: "0x1", blockHash: HASH };
  const receipt = { ...mined, gasUsed: "0x1", status: "0x1", logs: [] };
  const reader = new Reader(async ({ method }) => {
    if (method !== "eth_getTransactionReceipt") return { hash: HASH };
    looks += 1;
    return looks > left ? receipt : null;
  });
  const pass = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i += 1) {
      await new Promise((done) => setImmediate(done));
      t.mock.timers.tick(1_000);
    }
  };
  const found = follow(reader, HASH, () => shown.isOver);
  await pass(310);
  assert.equal((await found).hash, HASH);
  [looks, left] = [0, Infinity];
  const other = follow(reader, HASH, () => shown.isOver).catch(() => null);
  await pass(3);
  shown.isOver = true;
  await pass(3);
  assert.equal(await other, null);
  assert.ok(looks <= 4, `${looks} looks`);
});

test("a second list of steps is not begun while the wallet holds the first", async () => {
  const world = new World();
  let answer = (): void => {};
  const held = new Promise<void>((done) => (answer = done));
  const slow: Step = { ...approve(), check: () => held };
  const first = sendAll(world.sender, [slow], () => {});
  await assert.rejects(
    sendAll(world.sender, [approve()], () => {}),
    /being signed/,
  );
  answer();
  await first;
  assert.equal(world.sent.length, 1);
});

test("another tab of this browser signs nothing while the wallet holds this one's", async () => {
  const [world, theirs] = [new World(), new World()];
  const tab = await import(`../src/chain/sending.ts${"?another"}`);
  let answer = (): void => {};
  const held = new Promise<void>((done) => (answer = done));
  const slow: Step = { ...approve(), check: () => held };
  const first = sendAll(world.sender, [slow], () => {});
  await assert.rejects(
    tab.sendAll(theirs.sender, [approve()], () => {}),
    /in another tab/,
  );
  answer();
  await first;
  await tab.sendAll(theirs.sender, [approve()], () => {});
  assert.deepEqual([world.sent.length, theirs.sent.length], [1, 1]);
});

test("who gets an allowance is shown with his whole address", () => {
  const on = { token: { abi: tokenAbi, address: TOKEN }, vault: { address: VAULT } };
  const [[, spender] = []] = revoking({ on } as unknown as Market).args;
  assert.ok(spender?.includes(VAULT), spender);
});

test("a token that the Vault does not hold, or that counts other decimals, is asked for no allowance", async () => {
  const decimals = encodeFunctionData({ abi: tokenAbi, functionName: "decimals" });
  const found = (asset: Address, places: number): Promise<string> => {
    const reader = new Reader(async ({ params }) => {
      const [{ data }] = params as [{ data: Hex }];
      return pad(data === decimals ? hexed(places) : asset, { size: 32 });
    });
    const on = { token: { abi: tokenAbi, address: TOKEN }, vault: { abi: vaultAbi, address: VAULT } };
    return foreignToken({ reader, on } as unknown as Market);
  };
  assert.equal(await found(TOKEN, 6), "");
  assert.match(await found(TOKEN, 8), /counts 8 decimals/);
  assert.match(await found(ACCOUNT, 6), /and the Vault's is 0x/);
});

test("a block of a time that no clock shows is no block", async () => {
  for (const timestamp of ["0x", hexed(2 ** 50)]) {
    const reader = new Reader(async () => ({ number: "0x1", hash: HASH, timestamp }));
    await assert.rejects(reader.head(), NodeDown);
  }
});

test("a deployment's file whose asset is a sentence, or whose chain is no whole number, is refused", () => {
  const one = { address: TOKEN, code_hash: HASH };
  const names =
    "Market Lens VolSurface Vault HedgeRouter Guardian OptionToken ChainlinkSpot StressTest VenueLens MarginDesk CurieVenue";
  const contracts = Object.fromEntries(names.split(" ").map((name) => [name, one]));
  const file = {
    name: "x",
    chain_id: 1,
    block: 1,
    contracts,
    venue: { kind: "curie", usdc: TOKEN, feed: TOKEN },
    settings: { asset: "BTC" },
  };
  assert.equal(parseDeployment(file).asset, "BTC");
  for (const wrong of [
    { chain_id: 1.5 },
    { block: -1 },
    { settings: { asset: "ETH for nothing" } },
    { settings: { asset: {} } },
  ])
    assert.throws(() => parseDeployment({ ...file, ...wrong }), /the deployment file has no/);
});

test("an index whose pages are empty and never end, or are longer than asked, is left", async () => {
  const market = {
    deployment: { chainId: CHAIN, block: 0, contracts: {} },
    on: { market: { address: TOKEN } },
    reader: new World().sender.reader,
  };
  const row = { block: 1, hash: HASH, time: 1, index: 0, tx: HASH, address: TOKEN, topics: [HASH], data: "0x" };
  const own = globalThis.fetch;
  for (const [events, next] of [
    [[], "1-1"],
    [Array(501).fill(row), null],
  ]) {
    const page = { events, next, first: 0, tip: { block: 1, hash: HASH }, chain_id: CHAIN, market: TOKEN };
    let asked = 0;
    globalThis.fetch = (async () => {
      asked += 1;
      if (asked > 3) throw new Error("it is asked without an end");
      return new Response(JSON.stringify(page));
    }) as never;
    const past = new IndexPast(market as unknown as Market, "https://index.example");
    await assert.rejects(past.read({ number: 1, hash: HASH, timestamp: 1 }), /no page of events/);
    assert.equal(asked, 1);
  }
  globalThis.fetch = own;
});

/** A server that never stops sending. sent: bytes that its socket took. */
async function endless(work: (url: string, sent: () => number) => Promise<void>): Promise<void> {
  let sent = 0;
  const chunk = Buffer.alloc(65_536, "[");
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "content-type": "application/json" });
    const send = (): void => {
      while (!answer.destroyed) {
        sent += chunk.length;
        if (!answer.write(chunk)) return void answer.once("drain", send);
      }
    };
    send();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  try {
    await work(`http://127.0.0.1:${port}`, () => sent);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What the sockets of both sides hold beyond what was read. */
const SOCKETS = 16_000_000;

test("a node whose answer never ends is read up to a bound, and named with what to do", async () => {
  await endless(async (url, sent) => {
    const error = await new Reader(httpAsk(url)).head().catch((found: unknown) => found);
    assert.ok(error instanceof NodeEndless, String(error));
    assert.match(faultOf(error), /^the node's answer has more than 16 MB, and was not read to its end$/);
    assert.match(error.next, /another node/);
    const before = sent();
    assert.ok(before > NODE_BYTES && before < 2 * NODE_BYTES + SOCKETS, `${before} bytes`);
    await new Promise((done) => setTimeout(done, 300));
    assert.ok(sent() - before <= SOCKETS, "it goes on reading");
  });
});

test("an index whose answer never ends is read up to a bound, and left", async () => {
  await endless(async (url, sent) => {
    const market = { deployment: { chainId: CHAIN, block: 0, contracts: {} }, on: { market: { address: TOKEN } } };
    const past = new IndexPast(market as unknown as Market, url);
    await assert.rejects(past.read({ number: 1, hash: HASH, timestamp: 1 }), /answers with more than 4 MB$/);
    assert.ok(sent() < 4_000_000 + SOCKETS, `${sent()} bytes`);
  });
});

const LOG = {
  blockNumber: "0x1",
  blockHash: HASH,
  blockTimestamp: "0x1",
  logIndex: "0x0",
  transactionHash: HASH,
  address: TOKEN,
  topics: [HASH],
  data: "0x",
};

const nodeOf = (logs: unknown): Reader =>
  new Reader(async ({ method }) => (method === "eth_getLogs" ? logs : { number: "0x1", hash: HASH, timestamp: "0x1" }));

test("logs that are none are a node's fault, and no view's end", async () => {
  const asked = { address: TOKEN, topics: [HASH] };
  assert.equal((await ranges(nodeOf([LOG]), asked, 1, 1, false).next()).value?.rows.length, 1);
  for (const wrong of [
    null,
    { ...LOG, topics: null },
    { ...LOG, topics: [1] },
    { ...LOG, address: undefined },
    { ...LOG, data: {} },
    { ...LOG, blockNumber: "0xffffffffffffffffff" },
    { ...LOG, blockTimestamp: hexed(2 ** 50) },
  ]) {
    await assert.rejects(ranges(nodeOf([wrong]), asked, 1, 1, false).next(), NodeDown);
    await assert.rejects(
      new History([asked], 1).upTo(nodeOf([wrong]), { number: 1, hash: HASH, timestamp: 1 }),
      NodeDown,
    );
  }
});

test("what an account did on a chain that is gone is not what it did on the one that took its place", async () => {
  const mined = new Map([[10, "0xaa"]]);
  let mark: Hex = `0x${"aa".repeat(32)}`;
  const reader = new Reader(async ({ method, params }) => {
    const [asked] = params as [Hex & { fromBlock: Hex; toBlock: Hex }];
    if (method === "eth_getBlockByNumber") return { number: asked, hash: mark, timestamp: "0x1" };
    return [...mined]
      .filter(([block]) => block >= Number(asked.fromBlock) && block <= Number(asked.toBlock))
      .map(([block, data]) => ({ ...LOG, blockNumber: hexed(block), blockHash: mark, data }));
  });
  const history = new History([{ address: TOKEN, topics: [] }], 1);
  const found = async (number: number): Promise<string[]> =>
    ((await history.upTo(reader, { number, hash: mark, timestamp: 1 }))[0] ?? []).map(({ data }) => data);
  assert.deepEqual(await found(200), ["0xaa"]);
  assert.deepEqual(await found(201), ["0xaa"]);
  mined.delete(10);
  mined.set(20, "0xbb");
  mark = `0x${"bb".repeat(32)}`;
  assert.deepEqual(await found(202), ["0xbb"], "the node was started anew behind the same address");
});

test("who ended the reading of the past before it began has not begun it", async () => {
  const deployment = { chainId: CHAIN, block: 1, contracts: {} };
  const market = { deployment, on: { market: { address: TOKEN } }, reader: nodeOf([]), source: "node" };
  const past = new LogPast(market as never);
  past.isCancelled = true;
  await past.read({ number: 100_000, hash: HASH }, () => {});
  assert.equal(past.high, null);
});

test("what one node said of the past is not shown through another", async () => {
  const kept = new Map<string, unknown>();
  const answered = (result: unknown): object => {
    const asked = { result, onsuccess: () => {} };
    queueMicrotask(() => asked.onsuccess());
    return asked;
  };
  const table = {
    get: (key: string) => answered(kept.get(key)),
    put: (what: unknown, key: string) => answered(kept.set(key, what)),
  };
  const base = { transaction: () => ({ objectStore: () => table }), close: () => {} };
  Object.defineProperty(globalThis, "indexedDB", { value: { open: () => answered(base) } });
  const past = (source: string, logs: unknown): LogPast => {
    const deployment = { chainId: CHAIN, block: 1, contracts: {} };
    return new LogPast({ deployment, on: { market: { address: TOKEN } }, reader: nodeOf(logs), source } as never);
  };
  await past("liar.example", [LOG]).read({ number: 1, hash: HASH }, () => {});
  const [same, other] = [past("liar.example", []), past("other.example", [])];
  await same.remember();
  await other.remember();
  assert.deepEqual([same.rows.length, other.rows.length], [1, 0]);
  assert.ok(![...kept.keys()].some((key) => key.includes("liar")));
});
