/** What was earned over a long past, and through forks of the chain under what was read before: of a chain that is made
 * up, so that each figure is known from how it was made. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { NodeDown } from "../src/chain/reader.ts";
import { type Moment, stepOf } from "../src/model/attribution.ts";
import { type Earned, Earnings } from "../src/state/earnings.ts";
import { TooLong } from "../src/state/steps.ts";
import { Chain } from "./made.ts";

const BEGUN = 1_795_000_000;
const USD = 1_000_000n;
const untold = (): void => {};

/** Blocks so many seconds apart, each with what `of` says: deposits and a gain, in USD. */
function grown(count: number, apart: number, of: (block: number) => readonly [readonly number[], number]): Chain {
  const chain = new Chain({ time: BEGUN, deposits: [] });
  for (let block = 1; block < count; block += 1) more(chain, apart, ...of(block));
  return chain;
}

function more(chain: Chain, apart: number, deposits: readonly number[], gain: number): void {
  const units = (usd: number): bigint => BigInt(usd) * USD;
  chain.add(chain.head.timestamp + apart, deposits.map(units), units(gain));
}

/** What a browser keeps, as IndexedDB has it. */
let kept = new Map<string, unknown>();
const said = (result: unknown): unknown => {
  const asked: Record<string, any> = { result };
  queueMicrotask(() => asked["onsuccess"]?.());
  return asked;
};
const table = {
  get: (key: string) => said(structuredClone(kept.get(key))),
  put: (what: unknown, key: string) => said(kept.set(key, structuredClone(what)) && key),
};
const base = { transaction: () => ({ objectStore: () => table }), close: () => {} };
Object.assign(globalThis, { indexedDB: { open: () => said(base) } });

/** What a page finds that reads this chain for the first time. */
async function afresh(chain: Chain, from: { block?: number; time?: number }) {
  const before = kept;
  kept = new Map();
  const found = await new Earnings(chain.market).read(chain.head, from, null, untold);
  kept = before;
  return found;
}

mock.timers.enable({ apis: ["Date"], now: BEGUN * 1_000 });
beforeEach(() => (kept = new Map()));

test("a span of 1,500 steps is read, and its figures are those that it was made with", async () => {
  const chain = grown(1_501, 3_600, (block) => [[2], block % 7]);
  const found = await afresh(chain, { block: 0 });
  assert.equal(found.steps, 1_500);
  assert.equal(found.lpFlows, 3_000);
  assert.equal(
    found.total,
    chain.blocks.reduce((all: number, _, block) => all + (block % 7), 0),
  );
});

test("one of more is refused before its blocks are asked for, each time that it is asked", async () => {
  const chain = grown(1_502, 3_600, (block) => [[2], block % 7]);
  const earnings = new Earnings(chain.market);
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), TooLong);
  chain.asked = chain.states = 0;
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), TooLong);
  assert.equal(chain.states, 0);
  assert.ok(chain.asked < 20, `${chain.asked} questions to say that it is too long`);
  assert.equal((await earnings.read(chain.head, { block: 1 }, null, untold)).steps, 1_500);
});

test("one whose events and hours are too many together asks for none of them", async () => {
  // an event a minute for twenty hours, and three quiet weeks
  const chain = new Chain({ time: BEGUN, deposits: [] });
  for (let block = 1; block <= 1_200; block += 1) more(chain, 60, [1], 0);
  for (let block = 1; block <= 1_500; block += 1) more(chain, 1_200, [], 1);
  const earnings = new Earnings(chain.market);
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), TooLong);
  chain.asked = 0;
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), TooLong);
  assert.ok(chain.asked < 40, `${chain.asked} questions to say that it is too long`);
});

test("a span of 5,000 events is read, one of more is refused, and a shorter one of the same market is not", async () => {
  const chain = grown(101, 600, (block) => [Array.from({ length: 50 }, () => 3), block % 5]);
  const earnings = new Earnings(chain.market);
  const found = await earnings.read(chain.head, { block: 0 }, null, untold);
  assert.deepEqual([found.steps, found.lpFlows], [100, 15_000]);
  more(chain, 600, [7], 1);
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), /more than 5000 events/);
  assert.equal((await earnings.read(chain.head, { block: 1 }, null, untold)).lpFlows, 15_000 - 150 + 7);
  const late = await afresh(chain, { block: 51 });
  assert.deepEqual(await earnings.read(chain.head, { block: 51 }, null, untold), late);
});

test("events that a fork took back make room for older ones", async () => {
  const chain = grown(103, 600, (block) => [Array.from({ length: 50 }, () => 3), block % 5]);
  const earnings = new Earnings(chain.market);
  await assert.rejects(earnings.read(chain.head, { block: 0 }, null, untold), TooLong);
  for (const fork of [60, 0]) {
    chain.back(fork);
    for (let block = fork; block < 104; block += 1) more(chain, 600, [], 2);
    const found = await earnings.read(chain.head, { block: 0 }, null, untold);
    assert.deepEqual(found, await afresh(chain, { block: 0 }));
  }
});

/** Numbers that look like chance, the same in each run. */
function* chance(seed: number): Generator<number> {
  for (let at = seed; ; at = (at * 1_103_515_245 + 12_345) % 2 ** 31) yield at / 2 ** 31;
}

/** Forks of any depth under a page that looks between them, and is loaded again now and then. Says how many looks were
 * answered at once, of how many; the rest are once a node had time to come to where it was. */
async function forked(seed: number, length: (lost: number, draw: () => number) => number) {
  const numbers = chance(seed);
  const draw = (): number => numbers.next().value;
  const act = (chain: Chain): void => {
    const deposits = draw() < 0.4 ? [Math.floor(draw() * 900) + 1] : [];
    more(chain, Math.floor(draw() * 900) + 1, deposits, Math.floor(draw() * 50));
  };
  const chain = new Chain({ time: BEGUN, deposits: [] });
  for (let block = 0; block < 200; block += 1) act(chain);
  let earnings = new Earnings(chain.market);
  let [answered, looks] = [0, 0];
  for (let fork = 0; fork < 25; fork += 1) {
    if (draw() < 0.3) earnings = new Earnings(chain.market);
    for (const seconds of [3_600, 86_400, 10 ** 7]) {
      const from = { time: chain.head.timestamp - seconds };
      const ask = () => earnings.read(chain.head, from, null, untold);
      let found: Earned;
      try {
        found = await ask();
        answered += 1;
      } catch (error) {
        assert.ok(error instanceof NodeDown, String(error));
        mock.timers.tick(31_000);
        found = await ask();
      }
      assert.deepEqual(found, await afresh(chain, from), `fork ${fork}, ${seconds} s, seed ${seed}`);
      looks += 1;
    }
    const lost = Math.floor(draw() ** 3 * Math.min(chain.head.number - 1, 150)) + 1;
    chain.back(chain.head.number - lost);
    for (let block = length(lost, draw); block > 0; block -= 1) act(chain);
  }
  return [answered, looks] as const;
}

for (const seed of [1, 2, 3, 4]) {
  test(`a page that stays through forks says what one says that never saw them: ${seed}`, async () => {
    const [answered, looks] = await forked(seed, (lost, draw) => lost + Math.floor(draw() * 4));
    assert.equal(answered, looks);
  });

  test(`nor does it tell of a chain that is shorter by now what another had: ${seed}`, async () => {
    const [answered, looks] = await forked(seed, (lost, draw) => Math.floor(draw() * (2 * lost + 3)));
    assert.ok(looks / 2 < answered && answered < looks, `${answered} of ${looks}`);
  });
}

test("a debt that grows by interest was changed by nobody, as a report has it", () => {
  const began: Moment = {
    time: BEGUN,
    spot: 2_000,
    position: -10,
    cash: 950_000,
    equity: 50_000,
    supply: 1,
    book: [],
    surface: new Map(),
  };
  const orders = { size: 0, atOracle: 0, cost: 0 };
  const flows = { premium: 0, fees: 0, hedgeCost: 0, lpFlows: 0, settled: new Map(), orders, lent: 0 };
  for (const [hours, grown, isRobbed] of [
    [1, 0.0003, false],
    [1, 0.0058, true],
    [24, 0.08, false],
    [24, 0.14, true],
    [1, -0.0058, true],
  ] as const) {
    const ended = { ...began, time: BEGUN + hours * 3_600, position: -10 - grown, equity: 49_990 };
    const { funding, hedge_cost } = stepOf(began, ended, flows);
    assert.deepEqual([funding, hedge_cost], isRobbed ? [0, -10] : [-10, 0], `${grown} in ${hours} h`);
  }
});
