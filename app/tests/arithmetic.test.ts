/** Figures beside sums made by hand: no market is needed for what follows from numbers alone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Abi, type Address, type Hex, encodeAbiParameters, encodeEventTopics } from "viem";

import { HAPPENINGS } from "../src/abi/happenings.ts";
import type { Deployment } from "../src/chain/deployment.ts";
import type { Evidence } from "../src/chain/evidence.ts";
import { mark } from "../src/model/mark.ts";
import type { Smile } from "../src/model/smile.ts";
import type { Quote } from "../src/protocol/deal.ts";
import { tell } from "../src/protocol/happened.ts";
import { Places, entriesOf } from "../src/protocol/happenings.ts";
import { partsOf } from "../src/protocol/parts.ts";
import { mostOf, paid, payoff } from "../src/protocol/series.ts";
import { type Terms, breakerSays } from "../src/protocol/terms.ts";
import { WAD, decimals, exactly } from "../src/protocol/units.ts";
import { opensAt } from "../src/state/announced.ts";
import { Figures, openMarkouts, parseFigures } from "../src/state/figures.ts";
import { lackOf } from "../src/state/form.ts";
import { jumps, leftAt } from "../src/state/losses.ts";
import type { Rules } from "../src/state/look.ts";
import type { State } from "../src/state/market.ts";
import { roleChecks } from "../src/state/standing.ts";
import { boundOf } from "../src/state/trade.ts";

const NOW = 1_795_000_000;
const expiry = NOW + 21 * 86_400;
const call = { expiry, isPut: false, strike: 2_500, other: 4_750 };
const put = { expiry, isPut: true, strike: 2_500, other: 1_900 };

for (const basis of [0, 0.05, -0.08]) {
  for (const series of [call, put, { ...call, strike: 2_900 }, { ...put, strike: 2_300, other: 0 }]) {
    test(`theta is what a value loses by the clock: ${JSON.stringify(series)}, a basis of ${basis}`, () => {
      const smile: Smile = { a: 0.1, b: 0.2, rho: -0.3, m: 0.02, s: 0.15, basis, stickiness: 0.4 };
      const [before, after] = [-60, 60].map((past) => mark(series, smile, 2_500, NOW + past).value);
      const lost = ((after! - before!) / 120) * 86_400;
      const { theta } = mark(series, smile, 2_500, NOW);
      assert.ok(Math.abs(theta - lost) < 1e-4, `${theta} a day, and the value goes by ${lost}`);
    });
  }
}

test("an option pays its distance between strike and cap, and holders are paid it rounded down", () => {
  assert.deepEqual(
    [2_499, 2_500, 2_600, 4_750, 9_000].map((price) => payoff(call, price)),
    [0, 0, 100, 2_250, 2_250],
  );
  assert.deepEqual(
    [2_600, 2_500, 2_400, 1_900, 1].map((price) => payoff(put, price)),
    [0, 0, 100, 600, 600],
  );
  assert.equal(paid(call, 333_333n, (2_500n * WAD * 10n + WAD) / 10n), 33_333n, "0.333333 times 0.10 USD");
  assert.equal(paid(call, 1_000_000n, 10n ** 30n), 2_250_000_000n);
});

const quoteOf = (isClose: boolean, rest: Partial<Quote>): Quote =>
  ({ wanted: { series: call, units: 1_000_000n, isClose }, units: 1_000_000n, ...rest }) as Quote;

test("parts of a quote come to its total, a hedge that gains with them", () => {
  const told = { mark: 100_000_000n, spread: 5_000_000n, fee: 800_000n, charge: 900_000n, carry: 70_000n };
  const sum = (quote: Quote): bigint => Object.values(partsOf(quote)).reduce((a, b) => a + b, 0n);
  for (const hedgeCost of [1_200_000n, -600_000n]) {
    assert.equal(sum(quoteOf(false, { ...told, hedgeCost })), 106_770_000n + hedgeCost);
    assert.equal(sum(quoteOf(true, { ...told, hedgeCost })), 94_200_000n - hedgeCost);
  }
  assert.equal(partsOf(quoteOf(true, { ...told, hedgeCost: -600_000n })).hedge, 600_000n);
});

test("a bound that is shown is the bound that is signed, and none on the wrong side of a quote", () => {
  for (const total of [0n, 1n, 9_999n, 10_000n, 162_699_761n, 10n ** 15n + 3n]) {
    for (const slippage of [0, 1, 100, 5_000]) {
      const bounds = { slippage, lifetime: 600, byPermit: false };
      const [most, least] = [boundOf(quoteOf(false, { total }), bounds), boundOf(quoteOf(true, { total }), bounds)];
      const worth = 1_000_000n * mostOf(call);
      assert.ok(most === worth || most * 10_000n >= total * (10_000n + BigInt(slippage)));
      assert.ok(most <= worth && least <= total);
      for (const bound of [most, least]) {
        assert.equal(BigInt(decimals(bound, 6, 2).replaceAll(/[,.]/g, "")) * 10_000n, bound, `of ${total}`);
      }
    }
  }
});

test("a sale that pays nothing is not offered, and one that pays a unit is", () => {
  const bounds = { slippage: 100, lifetime: 600, byPermit: false };
  const lack = (total: bigint, options = 1_000_000n): string => {
    const quote = quoteOf(true, { total });
    return lackOf({ options, money: 0n }, quote.wanted, quote, bounds, "ETH");
  };
  assert.match(lack(0n), /^It pays nothing now\. Keep it/);
  assert.equal(lack(1n), "");
  assert.match(lack(0n, 1n), /sell back at most that/);
});

test("an amount that is signed is written with all of its places", () => {
  assert.deepEqual(
    [
      [1_000_123_456n, 6],
      [1_000_000_000n, 6],
      [-7n, 6],
      [12_345n, 6],
      [10n ** 18n + 1n, 18],
    ].map(([amount, places]) => exactly(amount as bigint, places as number, 2)),
    ["1,000.123456", "1,000.00", "−0.000007", "0.012345", "1.000000000000000001"],
  );
});

/** One open and its hedge: 10 ETH of the call, hedged by 6, at 2,500. */
const stateOf = (purse: bigint, floor: bigint): State =>
  ({
    spot: 2_500,
    terms: { flags: 0 },
    snapshot: {
      funds: { cash: 100_000_000_000n, exits: 0n },
      claims: 0n,
      floor,
      position: 6n * WAD,
      account: { equity: 5_000n * WAD },
      account_known: true,
      gate: { mark: { time: 1n, purse } },
      expiries: [{ forward: 0n, cash: 0n, strikes: [2_500n, 4_750n], sizes: [10_000_000n, -10_000_000n] }],
    },
  }) as unknown as State;

test("what is left for LPs counts of the hedge what its venue can pay, and loses no more than may go there", () => {
  const rich = stateOf(10n ** 15n, 77_500_000_000n);
  assert.equal(leftAt(rich, 2_500), 105_000);
  assert.equal(leftAt(rich, 5_000), 100_000 - 22_500 + 5_000 + 15_000);
  assert.equal(leftAt(rich, 2_500.5), 105_000 - 5 + 3, "half a dollar over the strike");
  assert.equal(leftAt(rich, 1_250), 100_000 + 5_000 - 7_500);
  assert.equal(leftAt(stateOf(4_000_000_000n, 77_500_000_000n), 5_000), 100_000 - 22_500 + 5_000 + 4_000);
  assert.equal(leftAt(stateOf(0n, 1_000_000_000n), 500), 100_000 - 1_000);
  // where a venue does not say what its account is worth nothing lies there, and it gains nothing
  const blind = {
    ...rich,
    snapshot: { ...rich.snapshot, account: { equity: 0n }, account_known: false },
  } as unknown as State;
  assert.equal(leftAt(blind, 2_500), 100_000);
  assert.equal(leftAt(blind, 5_000), 100_000 - 22_500);
  assert.equal(leftAt(blind, 1_250), 100_000 - 7_500);
  // one that a guardian took down pays nothing, and gets nothing
  const down = {
    ...rich,
    terms: { flags: 2 },
    snapshot: { ...rich.snapshot, account: { equity: 0n } },
  } as unknown as State;
  assert.equal(leftAt(down, 5_000), 100_000 - 22_500);
  assert.equal(leftAt(down, 1_250), 100_000);
});

test("a jump costs the book less what the hedge gains, within what lies at its venue and what that can pay", () => {
  const { snapshot } = stateOf(0n, 0n);
  const losses = [-9_000n, -6_000n, -4_000n, -2_000n, 3_000n, 6_500n, 14_000n, 40_000n].map((usd) => usd * WAD);
  // 6 ETH at 2,500 are 15,000 USD, a fiftieth of which may be won or lost twice before the next mark: 600 USD
  const mark = { time: 1n, equity: 3_400_000_000n, purse: 5_000_000_000n };
  const state = { snapshot: { ...snapshot, spot: 2_500n * WAD, gate: { mark, losses } } } as unknown as State;
  assert.deepEqual(
    jumps(state)!.map(({ move, book, all }) => [move, book, Math.round(all * 1e9) / 1e9]),
    [
      [-0.5, -9_000, -9_000 + 4_000],
      [-0.3, -6_000, -6_000 + 4_000],
      [-0.2, -4_000, -4_000 + 3_000],
      [-0.1, -2_000, -2_000 + 1_500],
      [0.1, 3_000, 3_000 - 1_500],
      [0.2, 6_500, 6_500 - 3_000],
      [0.4, 14_000, 14_000 - 5_000],
      [1, 40_000, 40_000 - 5_000],
    ],
  );
});

test("what stops opens is told from who stops them", () => {
  // contracts/lib/terms.vy: a guardian's pause, the breaker's trip, and its want of a top-up
  assert.deepEqual(
    [0, 1, 4, 256, 257].map((flags) => breakerSays({ flags } as Terms)),
    [
      "quiet",
      "quiet; paused by hand",
      "stopped opens and deposits",
      "stopped opens: there is no next top-up of margin",
      "stopped opens: there is no next top-up of margin; paused by hand",
    ],
  );
});

test("of a keeper's fills those are counted of which the average is, each once", () => {
  const lines = ["5m", "1h", "1d"].flatMap((horizon, i) =>
    ["open", "close"].flatMap((side) => [
      `tandem_markout_fills{side="${side}",horizon="${horizon}"} ${3 - i}`,
      `tandem_markout_usd{side="${side}",horizon="${horizon}"} ${(side === "open" ? 1 : -1) * (i + 1)}`,
    ]),
  );
  assert.deepEqual(openMarkouts(new Figures(parseFigures(lines.join("\n")))), { fills: 2, mean: 2 });
  assert.deepEqual(openMarkouts(new Figures([])), { fills: NaN, mean: NaN });
});

test("several redemptions in one transaction are told with all that they paid", () => {
  const found = HAPPENINGS.find(({ event }) => event.name === "Redeemed")!;
  const at: Address = `0x${"7".padStart(40, "0")}`;
  const deployment = { contracts: { [found.contract]: { address: at, codeHash: "0x" } } } as unknown as Deployment;
  const rows = [3_000_000n, 4_500_000n].map((pays, index) => {
    const args = { series: BigInt(index), owner: at, units: 1n, paid: pays, claims: 0n };
    const plain = found.event.inputs.filter(({ indexed }) => !indexed);
    return {
      block: 7,
      hash: "0xaa" as Hex,
      time: NOW,
      index,
      tx: "0xbb" as Hex,
      address: at,
      topics: encodeEventTopics({ abi: [found.event] as unknown as Abi, eventName: "Redeemed", args }) as Hex[],
      data: encodeAbiParameters(
        plain,
        plain.map(({ name }) => args[name as keyof typeof args]),
      ),
    };
  });
  const [entry] = entriesOf(rows, new Places(deployment));
  assert.equal(tell(entry!, "ETH").paid, 7_500_000n);
});

test("who stands on a role's list and may not act is named", () => {
  const [first, second] = ["1", "2"].map((digit): Address => `0x${digit.repeat(40)}`) as [Address, Address];
  const members = { value: [first, second], call: {} as Evidence };
  const role = (acts: boolean[]): Rules => ({
    delay: 0,
    parameters: [],
    roles: [{ name: "signer", members, acts, offers: [] }],
  });
  assert.equal(roleChecks(role([true, true]))[0]?.apart, "");
  const [check] = roleChecks(role([true, false]));
  assert.deepEqual([check?.said, check?.found, check?.apart], ["2 accounts", "1 account", `${second} may not act`]);
});

test("what is announced opens when LPs have had their time, and is nothing once it has lapsed", () => {
  const last = NOW + 14 * 86_400;
  assert.equal(opensAt(0, 0, NOW), null);
  assert.equal(opensAt(NOW, 0, last), NOW);
  assert.equal(opensAt(NOW, 0, last + 1), null);
  assert.equal(opensAt(NOW, last, NOW), last);
  assert.equal(opensAt(NOW, last + 1, NOW), null);
});
