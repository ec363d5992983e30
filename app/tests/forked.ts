/** Prints what a page finds before and after a fork that takes back what it read, and what one finds that reads the chain
 * for the first time after it. Arguments: a node's address, a deployment's file, the first block, the last that stays. */

import { readFileSync } from "node:fs";

import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, httpAsk } from "../src/chain/reader.ts";
import { Earnings } from "../src/state/earnings.ts";
import { marketOf } from "../src/state/market.ts";

const [url = "", file = "", first = "0", last = "0"] = process.argv.slice(2);
const reader = new Reader(httpAsk(url));
const market = marketOf(parseDeployment(JSON.parse(readFileSync(file, "utf8"))), reader, "node");
const stays = new Earnings(market);
const read = async (by: Earnings) => by.read(await reader.head(), { block: Number(first) }, null, () => {});

/** A market that lives may make a block while its past is read: then it is read again. */
async function patiently<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      return await act();
    } catch {
      await new Promise((done) => setTimeout(done, 500));
    }
  }
  return act();
}

/** Whether the chain has each of its numbers: anvil puts a block that it is mining onto one that it unwinds, and then
 * lacks one. */
async function isWhole(): Promise<boolean> {
  const { number } = await reader.head();
  for (let one = Number(last); one <= number; one += 1) if (!(await reader.block(BigInt(one)))) return false;
  return true;
}

const before = await patiently(() => read(stays));
for (let tries = 0; tries < 5; tries += 1) {
  // counted now: a market that lives has made blocks while its past was read
  const { number } = await reader.head();
  await reader.request("anvil_reorg", [number - Number(last), []]);
  if (await isWhole()) break;
}
const after = await patiently(() => read(stays));
const head = (await reader.block(BigInt(after.last.block)))!;
const fresh = await new Earnings(market).read(head, { block: Number(first) }, null, () => {});
process.stdout.write(JSON.stringify({ before, after, fresh }));
