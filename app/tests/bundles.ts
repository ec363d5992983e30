/** Prints what the page's own arithmetic says of legs that are bought one after the other, in turn and as if each were
 * alone, of one block. Arguments: a node's address, a deployment's file, an account or "", a size in units, and ids of
 * series as JSON. */

import { readFileSync } from "node:fs";

import type { Address } from "viem";

import { contractsOf } from "../src/chain/contracts.ts";
import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, Refused, httpAsk } from "../src/chain/reader.ts";
import { type Quote, quotes } from "../src/protocol/deal.ts";
import { seriesOf } from "../src/protocol/series.ts";
import { offered } from "../src/state/bundle.ts";
import type { State } from "../src/state/market.ts";

const [url = "", file = "", account = "", size = "", ids = "[]"] = process.argv.slice(2);
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const [on, reader] = [contractsOf(deployment), new Reader(httpAsk(url))];
const head = await reader.head();
const legs = (JSON.parse(ids) as string[]).map((id) => seriesOf(BigInt(id)));
const market = { deployment, on, reader, source: url };
const began = performance.now();
const found = await offered(market, { head } as State, legs, BigInt(size), (account || null) as Address | null);
const took = performance.now() - began;
const wanted = legs.map((series) => ({ series, units: BigInt(size), isClose: false }));
const alone = await quotes(reader, on, wanted, head);
const told = (answer: Quote | Refused): object =>
  answer instanceof Refused ? { refused: answer.message } : { total: answer.total, order: answer.order };
console.log(
  JSON.stringify(
    { block: head.number, took, why: found.alone, inTurn: found.answers.map(told), alone: alone.map(told) },
    (_, value) => (typeof value === "bigint" ? value.toString() : value),
  ),
);
