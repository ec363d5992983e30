/** Prints what the page reads of a market's past: node tests/past.ts RPC DEPLOYMENT. */

import { readFileSync } from "node:fs";

import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, httpAsk } from "../src/chain/reader.ts";
import { tell } from "../src/protocol/happened.ts";
import { entriesOf } from "../src/protocol/happenings.ts";
import { marketOf } from "../src/state/market.ts";
import { LogPast } from "../src/state/past.ts";

const [, , url = "", file = ""] = process.argv;
const reader = new Reader(httpAsk(url));
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const past = new LogPast(marketOf(deployment, reader, "node"));
const head = await reader.head();
await past.read(head, () => {});
const entries = entriesOf(past.rows, past.places);
const kinds = Object.fromEntries(
  entries.flatMap(({ kind, parts }) => parts.map(({ row }) => [`${row.block}-${row.index}`, kind])),
);
const people = Object.fromEntries(
  entries.flatMap(({ people, parts }) => parts.map(({ row }) => [`${row.block}-${row.index}`, people])),
);
const told = entries.map((entry) => {
  const { what, hedge, paid, who } = tell(entry, deployment.asset);
  return { tx: entry.tx, kind: entry.kind, what, hedge, paid: paid === null ? null : String(paid), who };
});
process.stdout.write(JSON.stringify({ block: head.number, low: past.low, rows: past.rows, kinds, people, told }));
