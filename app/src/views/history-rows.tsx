/** What happened, one line each; lines that say the same again are folded. */

import { Gain, clock, shortened } from "../parts/basic.tsx";
import { tell } from "../protocol/happened.ts";
import type { Entry, Kind } from "../protocol/happenings.ts";
import { usd } from "../protocol/units.ts";

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  trade: "Trade",
  rebalance: "Hedge",
  settlement: "Settlement",
  redemption: "Redemption",
  deposit: "Deposit",
  exit: "Exit",
  surface: "Surface",
  margin: "Margin",
  mark: "Mark",
  breaker: "Breaker",
  guardian: "Guardian",
  terms: "Terms",
  listing: "Listing",
};

export function Rows({ lines, asset }: { lines: readonly (readonly Entry[])[]; asset: string }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="What happened, one line each">
      <table class="happened">
        <thead>
          <tr>
            {["when", "kind", "what", "USD", "who", "block"].map((name) => (
              <th key={name} scope="col" class={name === "USD" || name === "block" ? "" : "text"}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Happened key={line.at(-1)!.key} line={line} asset={asset} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Happened({ line, asset }: { line: readonly Entry[]; asset: string }) {
  const entry = line[0]!;
  const told = tell(entry, asset);
  return (
    <tr data-kind={entry.kind}>
      <td class="text number">{clock(entry.time)}</td>
      <td class="text">{KIND_NAMES[entry.kind]}</td>
      <td class="text what">
        {line.length > 1 ? (
          <details>
            <summary>
              {told.what} <small>and {line.length - 1} more like it</small>
            </summary>
            <ul class="lines">
              {line.slice(1).map((each) => (
                <li key={each.key}>
                  <span class="number">{clock(each.time)}</span> {tell(each, asset).what}
                </li>
              ))}
            </ul>
          </details>
        ) : (
          told.what
        )}
        {told.hedge && <p class="about">its hedge: {told.hedge}</p>}
        <p class="code" title={entry.tx}>
          {shortened(entry.tx)}
        </p>
      </td>
      <td class="number paid">{told.paid === null ? "" : <Gain amount={Number(told.paid)} text={usd(told.paid)} />}</td>
      <td class="text code by" title={told.who}>
        {told.who ? shortened(told.who) : ""}
      </td>
      <td class="number at">{entry.block.toLocaleString("en-US")}</td>
    </tr>
  );
}
