/** Prints what the page finds of an account, for a comparison with the commands': positions and stake of one block.
 * Arguments: a node's address, a deployment's file, and the account. */

import { readFileSync } from "node:fs";

import type { Address } from "viem";

import { contractsOf } from "../src/chain/contracts.ts";
import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, Refused, httpAsk } from "../src/chain/reader.ts";
import { settlementRound } from "../src/protocol/rounds.ts";
import { nameOf } from "../src/protocol/series.ts";
import { portfolioAt, profitOf, tradesOf } from "../src/state/portfolio.ts";
import { jumps } from "../src/state/losses.ts";
import { marketOf, stateAt } from "../src/state/market.ts";
import { earnedOf, flowsOf, stakeAt } from "../src/state/stake.ts";

const [url = "", file = "", account = ""] = process.argv.slice(2);
const who = account as Address;
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const on = contractsOf(deployment);
const reader = new Reader(httpAsk(url));
const market = marketOf(deployment, reader, url);
const head = await reader.head();
/** Of a block that is not the latest any more a local node says the same to whoever asks, and when he does. */
while ((await reader.head()).number === head.number) await new Promise((done) => setTimeout(done, 100));
const [found, stake, state] = await Promise.all([
  portfolioAt(reader, on, who, tradesOf(on, who, deployment.block), head),
  stakeAt(reader, on, who, flowsOf(on, who, deployment.block), head),
  stateAt(market, head),
]);
const positions = await Promise.all(
  found.positions.map(async (position) => ({
    ...position,
    name: nameOf(position.series, deployment.asset),
    profit: profitOf(position),
    refused: position.quote instanceof Refused ? position.quote.message : "",
    round: (await settlementRound(reader, on, position.series.expiry, head))?.round ?? null,
  })),
);
const told = {
  block: head.number,
  allowance: found.allowance,
  positions,
  stake: { ...stake, earned: earnedOf(stake) },
  jumps: jumps(state),
};
console.log(JSON.stringify(told, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
