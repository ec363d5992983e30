/** Prints what the page's own arithmetic says of the book and of an attestation's view, for a comparison with the
 * library's. Arguments: a node's address, a deployment's file, a block's number. */

import { readFileSync } from "node:fs";

import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, httpAsk } from "../src/chain/reader.ts";
import { bookOf, maximum, openOf, payoff } from "../src/model/book.ts";
import { lossesOf, worstOf } from "../src/model/gate.ts";
import { viewOf } from "../src/protocol/attestation.ts";
import { agrees } from "../src/state/check.ts";
import { exposureOf, hedging, prices, solvency } from "../src/state/checks.ts";
import { lookAt } from "../src/state/look.ts";
import { marketOf } from "../src/state/market.ts";
import { jumps, jumpsNow } from "../src/state/shocks.ts";

const [url = "", file = "", block = "0"] = process.argv.slice(2);
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const market = marketOf(deployment, new Reader(httpAsk(url)), "node");
const head = (await market.reader.block(BigInt(block)))!;
const look = await lookAt(market, head);
const s = look.snapshot.value;
const [book, mark, position] = look.gate.value;
const checks = [
  ...solvency(look),
  ...hedging(look, deployment.asset),
  ...jumps(look),
  ...jumpsNow(look),
  ...prices(look),
];
const said = {
  view: viewOf(s, deployment.chainId, market.on.market.address, head.hash),
  books: openOf(s.expiries).map((e) => ({
    expiry: Number(e.expiry),
    most: maximum(bookOf(e)),
    owed: [0n, 1_000n, 2_345n, 1_000_000n].map((price) => payoff(bookOf(e), price)),
  })),
  exposure: exposureOf(s),
  losses: lossesOf(book),
  shocked: jumpsNow(look).map(({ found }) => Number(found.replaceAll(",", "").replace("−", "-"))),
  worst: worstOf(book, mark, position, s.spot),
  differ: checks
    .filter((check) => !agrees(check))
    .map(({ name, said: one, found, apart }) => [name, one, found, apart]),
  compared: checks.length,
};
console.log(JSON.stringify(said, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
