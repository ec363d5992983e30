/** What others write reads as what it is, and what is typed or chosen is what is signed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Hex, encodeErrorResult } from "viem";

import { RefusedBefore } from "../src/chain/after.ts";
import { parseDeployment } from "../src/chain/deployment.ts";
import { reasonOf } from "../src/chain/refusal.ts";
import { NodeDown, Reader } from "../src/chain/reader.ts";
import { Wallet, WalletError } from "../src/chain/wallets.ts";
import { InputError, LAST_MOMENT, moment, parseAmount } from "../src/protocol/units.ts";
import { endsOf, legsOfChoice } from "../src/state/bundle.ts";
import { faultOf } from "../src/state/live.ts";
import type { State } from "../src/state/market.ts";
import { deadlineOf } from "../src/state/trade.ts";

/** Right to left, nothing wide, a line of its own, a bell; then a sentence without an end. */
const HOSTILE = `paid\u202E DSU\u200B 5\u2066\u0007\nSend it to 0xdead${"!".repeat(5_000)}`;
const isPlain = (text: string): void => {
  assert.ok(text.length < 500, `${text.length} characters`);
  assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
};

test("what a node, a wallet or a foreign contract says neither turns around, hides, nor fills the page", async () => {
  const reader = new Reader(async () => {
    throw new Error(HOSTILE.replace("\n", ""));
  });
  const error = await reader.head().catch((found: unknown) => found);
  assert.ok(error instanceof NodeDown);
  isPlain(faultOf(error));
  const abi = [{ type: "error", name: "Error", inputs: [{ type: "string" }] }] as const;
  const data: Hex = encodeErrorResult({ abi, errorName: "Error", args: [HOSTILE] });
  isPlain(reasonOf(data));
  isPlain(reasonOf(`0x${"ab".repeat(9_000)}`));
  isPlain(new RefusedBefore(data, 1).message);
  const wallet = new Wallet("W", "0x00000000000000000000000000000000000000cc", async () => {
    throw new Error(HOSTILE);
  });
  const refused = await wallet.chainId().catch((found: unknown) => found);
  assert.ok(refused instanceof WalletError);
  isPlain(refused.message);
});

test("a market's name is a word of letters and digits, as it stands on a button", () => {
  const one = { address: "0x00000000000000000000000000000000000000aa", code_hash: "0x" };
  const names =
    "Market Lens VolSurface Vault HedgeRouter Guardian OptionToken ChainlinkSpot StressTest VenueLens MarginDesk CurieVenue";
  const file = {
    name: "base-eth",
    chain_id: 1,
    block: 1,
    contracts: Object.fromEntries(names.split(" ").map((name) => [name, one])),
    venue: { kind: "curie", usdc: one.address, feed: one.address },
    settings: { asset: "ETH" },
  };
  assert.equal(parseDeployment(file).name, "base-eth");
  for (const name of [HOSTILE, "", "base\u202Eeth", "bаse"]) {
    assert.throws(() => parseDeployment({ ...file, name }), /the deployment file has no name/);
  }
  assert.throws(
    () => parseDeployment({ ...file, contracts: { ...file.contracts, [HOSTILE]: one } }),
    /the deployment file has no name/,
  );
});

test("a comma is of thousands, and no decimal point of some countries", () => {
  assert.equal(parseAmount("1,500.25", 6, "Size"), 1_500_250_000n);
  assert.equal(parseAmount("1,234,567", 0, "Size"), 1_234_567n);
  for (const wrong of ["1,5", "0,25", "1,50", "12,3456", ",5", "1.5,0", "1,500,00"]) {
    assert.throws(() => parseAmount(wrong, 6, "Size"), InputError, wrong);
  }
});

test("a moment past any clock is said as its second, and never half", () => {
  assert.equal(moment(0), "1970-01-01 00:00:00 UTC");
  assert.equal(moment(LAST_MOMENT), "9999-12-31 23:59:59 UTC");
  assert.equal(moment(LAST_MOMENT + 600), `second ${LAST_MOMENT + 600}`);
  assert.equal(moment(1e30), "second 1e+30");
});

test("a bundle that lacks one of its legs is none", () => {
  const expiry = 1_800_000_000;
  const put = (strike: number) => ({ expiry, isPut: true, strike, other: 0 });
  const call = { expiry, isPut: false, strike: 2_000, other: 3_000 };
  const rows = [
    { call, put: put(2_000) },
    { call: null, put: put(3_000) },
  ];
  const state = { terms: { call_cap: 200 }, expiries: [{ expiry, rows }] } as unknown as State;
  assert.deepEqual(endsOf(state, "strangle", expiry, 3_000).highs, []);
  assert.deepEqual(legsOfChoice(state, { kind: "strangle", expiry, low: 3_000, high: 0 }), []);
  assert.deepEqual(legsOfChoice(state, { kind: "spread", expiry, low: 3_000, high: 0 }), []);
  assert.deepEqual(legsOfChoice(state, { kind: "put", expiry, low: 0, high: 0 }), []);
  assert.equal(legsOfChoice(state, { kind: "strangle", expiry, low: 2_000, high: 2_000 }).length, 2);
});

test("a node whose clock is ahead gets no trade signed that is good for longer than was typed", () => {
  const now = Math.floor(Date.now() / 1_000);
  const at = (timestamp: number, chainId = 8_453): number =>
    deadlineOf(
      { deployment: { chainId } } as never,
      { number: 1, hash: "0x", timestamp },
      { slippage: 100, lifetime: 600, byPermit: false },
    );
  assert.equal(at(now - 2), now + 598);
  assert.throws(() => at(now + 86_400), /clock/);
  assert.equal(at(now + 86_400, 31_337), now + 87_000, "a market of one's own goes by a clock of its own");
});
