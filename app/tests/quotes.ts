/** Prints what the page's own arithmetic says of some trades, for a comparison with the commands'. Arguments: a node's
 * address, a deployment's file, and trades as JSON: [[id, units, isClose], …]. */

import { readFileSync } from "node:fs";

import { contractsOf } from "../src/chain/contracts.ts";
import { parseDeployment } from "../src/chain/deployment.ts";
import { Reader, Refused, httpAsk } from "../src/chain/reader.ts";
import { mark } from "../src/model/mark.ts";
import { unpackSmile } from "../src/model/smile.ts";
import { quotes } from "../src/protocol/deal.ts";
import { nameOf, seriesOf } from "../src/protocol/series.ts";

const [url = "", file = "", trades = "[]"] = process.argv.slice(2);
const deployment = parseDeployment(JSON.parse(readFileSync(file, "utf8")));
const on = contractsOf(deployment);
const reader = new Reader(httpAsk(url));
const head = await reader.before(await reader.head());
const wanted = (JSON.parse(trades) as [string, number, boolean][]).map(([id, units, isClose]) => ({
  series: seriesOf(BigInt(id)),
  units: BigInt(units),
  isClose,
}));
const slices = await reader.read(on.surface, "slices", [], head);
const spot = Number(await reader.read(on.spot, "spot", [], head)) / 1e18;
const answers = await quotes(reader, on, wanted, head);
const said = answers.map((answer, i) => {
  const { series } = wanted[i]!;
  const slice = slices.find((each) => Number(each.expiry) === series.expiry);
  const model = slice ? mark(series, unpackSmile(slice.slice_word), spot, head.timestamp) : null;
  const shown = { name: nameOf(series, deployment.asset), mark: model };
  return answer instanceof Refused ? { ...shown, refused: answer.message } : { ...shown, quote: answer };
});
console.log(
  JSON.stringify({ block: head.number, said }, (_, value) => (typeof value === "bigint" ? value.toString() : value)),
);
