/** A price that the page's node made up is held against the wallet's own. Arguments: a node's address, a deployment's file,
 * and a series' id. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { parseDeployment } from "../src/chain/deployment.ts";
import { type Ask, Reader, Refused, httpAsk } from "../src/chain/reader.ts";
import { Wallet } from "../src/chain/wallets.ts";
import { type Quote, quotes } from "../src/protocol/deal.ts";
import { seriesOf } from "../src/protocol/series.ts";
import { marketOf } from "../src/state/market.ts";
import { seconded, secondedShares } from "../src/state/second.ts";

const [url = "", file = "", id = "0"] = process.argv.slice(2);
const ask = httpAsk(url);
const market = marketOf(parseDeployment(JSON.parse(readFileSync(file, "utf8"))), new Reader(ask), "a node");
const wallet = (through: Ask): Wallet => new Wallet("Test wallet", market.on.vault.address, through);
const mute: Ask = async ({ method }) => {
  throw new Error(`${method} is passed on to no node`);
};
const SLIPPAGE = 200;
const times = (quote: Quote, percent: bigint): Quote => ({ ...quote, total: (quote.total * percent) / 100n });

for (const isClose of [false, true]) {
  const wanted = { series: seriesOf(BigInt(id)), units: 100_000n, isClose };
  const [quote] = await quotes(market.reader, market.on, [wanted], await market.reader.head());
  assert.ok(quote && !(quote instanceof Refused));
  const lies = times(quote, isClose ? 80n : 120n);
  await seconded(market, wallet(ask), quote, SLIPPAGE);
  await seconded(market, wallet(ask), times(quote, isClose ? 120n : 80n), SLIPPAGE); // the chain refuses that itself
  await assert.rejects(seconded(market, wallet(ask), lies, SLIPPAGE), /Test wallet's node says/);
  await seconded(market, wallet(mute), lies, SLIPPAGE);
}
const amount = 100_000_000n;
const [expected, slippage] = [await market.reader.read(market.on.vault, "previewDeposit", [amount], "latest"), 50n];
const deposit = (least: bigint) => ({ amount, least, slippage });
await secondedShares(market, wallet(ask), deposit((expected * 9_950n) / 10_000n));
await assert.rejects(secondedShares(market, wallet(ask), deposit(expected / 2n)), /Test wallet's node says/);
await secondedShares(market, wallet(mute), deposit(expected / 2n));
console.log("held");
