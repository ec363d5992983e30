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
import { accountChecks } from "../src/state/standing.ts";

const [url = "", file = "", block = "0"] = process.argv.slice(2);
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const market = marketOf(deployment, new Reader(httpAsk(url)), "node");
const head = (await market.reader.block(BigInt(block)))!;
const look = await lookAt(market, head);
const s = look.snapshot.value;
const [book, mark] = look.gate.value;
const every = (seen: typeof look) => [
  ...solvency(seen),
  ...hedging(seen, deployment.asset),
  ...jumps(seen),
  ...jumpsNow(seen),
  ...prices(seen),
  ...accountChecks(seen),
];
const checks = every(look);

/** Where a number stands in what the Lens says, and who says it. */
function* places(at: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof at === "bigint") yield path;
  else if (at && typeof at === "object")
    for (const [key, inner] of Object.entries(at)) yield* places(inner, [...path, key]);
}

/** Whether the page sees that a figure is another than it was: by one of its units, or by a thousandth. */
function isNoticed(path: readonly string[]): boolean {
  const value = structuredClone(s) as unknown as Record<string, unknown>;
  const last = path.at(-1)!;
  const at = path.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, value);
  const was = at[last] as bigint;
  at[last] = was + (was > 10n ** 9n || was < -(10n ** 9n) ? was / 1_000n : 1n);
  const changed = { ...look, snapshot: { ...look.snapshot, value: value as unknown as typeof s } };
  return every(changed).some(({ apart }) => Boolean(apart));
}
const said = {
  view: viewOf(s, deployment.chainId, market.on.market.address, head),
  books: openOf(s.expiries).map((e) => ({
    expiry: Number(e.expiry),
    most: maximum(bookOf(e)),
    owed: [0n, 1_000n, 2_345n, 1_000_000n].map((price) => payoff(bookOf(e), price)),
  })),
  exposure: exposureOf(s),
  losses: lossesOf(book),
  shocked: jumpsNow(look).map(({ found }) => Number(found.replaceAll(",", "").replace("−", "-"))),
  worst: worstOf(book, mark, look.hedge.value, s.spot),
  differ: checks
    .filter((check) => !agrees(check))
    .map(({ name, said: one, found, apart }) => [name, one, found, apart]),
  compared: checks.length,
  unnoticed: [...places(s)].filter((path) => !isNoticed(path)).map((path) => path.join(".")),
};
console.log(JSON.stringify(said, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
