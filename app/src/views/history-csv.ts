/** What happened as a table for spreadsheets. */

import { tell } from "../protocol/happened.ts";
import type { Entry } from "../protocol/happenings.ts";
import { decimals, moment } from "../protocol/units.ts";

const HEAD = ["time", "block", "transaction", "kind", "what", "hedge", "usd", "account"];

/** One line for each entry, folded or not. What a spreadsheet would take for a formula is text. */
export function csvOf(entries: readonly Entry[], asset: string): string {
  const lines = entries.map((entry) => {
    const told = tell(entry, asset);
    const paid = told.paid === null ? "" : decimals(told.paid, 6, 6).replaceAll(",", "").replace("−", "-");
    return [moment(entry.time), String(entry.block), entry.tx, entry.kind, told.what, told.hedge, paid, told.who];
  });
  return [HEAD, ...lines].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) || /^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
