/** Prints what the page finds that a market earned, by cause, and an account's part of it, for a comparison with `tandem
 * report`. Arguments: a node's address, a deployment's file, an account, the first block, the last, and how often to read. */

import { readFileSync } from "node:fs";

import type { Address } from "viem";

import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, httpAsk } from "../src/chain/reader.ts";
import { Holder } from "../src/state/earned.ts";
import { Earnings } from "../src/state/earnings.ts";
import { marketOf } from "../src/state/market.ts";
import { flowsOf } from "../src/state/stake.ts";

const [url = "", file = "", account = "", first = "0", last = ""] = process.argv.slice(2);
const asked: string[] = [];
const ask = httpAsk(url);
const reader = new Reader((question) => {
  asked.push(question.method);
  return ask(question);
});
const market = marketOf(parseDeployment(JSON.parse(readFileSync(file, "utf8"))), reader, "node");
const head = last ? await reader.block(BigInt(last)) : await reader.head();
const history = flowsOf(market.on, account as Address, market.deployment.block);
const holder = new Holder(market, account as Address, await history.upTo(reader, head!));
const earnings = new Earnings(market);
const looks = [];
let earned = null;
for (let look = 0; look < 2; look += 1) {
  const [before, begun] = [asked.length, performance.now()];
  earned = await earnings.read(head!, { block: Number(first) }, holder, () => {});
  looks.push({ seconds: (performance.now() - begun) / 1_000, asked: asked.length - before });
}
process.stdout.write(JSON.stringify({ ...earned, looks }));
