/** Venues, parameters and code: what stands around the book, checked. */

import type { Standing } from "../chain/deployment.ts";
import type { Evidence } from "../chain/evidence.ts";
import { unpackTerms } from "../protocol/terms.ts";
import { WAD, abs, decimals, least, most } from "../protocol/units.ts";
import { type Check, ends, exact } from "./check.ts";
import type { Look, Rules, Snapshot } from "./look.ts";

/** No price does it, or there is no position. */
export const NEVER = 2n ** 255n - 1n;
const MOST_SPOT = 2n ** 96n - 1n;

/** By which fraction the price may move before margin is at its least, WAD: from the account alone. */
function moveOf(
  account: { position: bigint; equity: bigint; margin_equity: bigint },
  leastMargin: bigint,
  spot: bigint,
): bigint {
  if (account.position === 0n) return NEVER;
  const notional = (abs(account.position) * spot) / WAD;
  const spare = least(account.equity, account.margin_equity) - (notional * leastMargin) / WAD;
  if (spare <= 0n) return 0n;
  const sign = account.position > 0n ? -1n : 1n;
  const perMove = (notional * (WAD + sign * leastMargin)) / WAD;
  if (perMove <= 0n || (sign < 0n && spare >= perMove)) return NEVER;
  return sign * ((spare * WAD) / perMove);
}

/** More of the asset than any venue fills. */
const ENDLESS = 10n ** 6n * WAD;

const money = (amount: bigint): string => decimals(amount, 18, 2);
const percent = (share: bigint, shown: number): string => `${decimals(share * 100n, 18, shown)} %`;
const moved = (move: bigint): string => (move === NEVER ? "none does it" : percent(move, 2));
const fits = (amount: bigint): string => (amount >= ENDLESS ? "no limit" : decimals(amount, 18, 2));

/** A figure beside which the page has none. */
const bare =
  (call: Evidence, how: string) =>
  (name: string, said: string, unit: string): Check => ({
    name,
    said,
    unit,
    found: "–",
    apart: null,
    how,
    call,
  });

/** What one venue says, and what follows from its account. place: in the order of the guardians' bits. */
export function venueChecks({ snapshot, venues }: Look, place: number, asset: string): Check[] {
  const v = venues.value[place];
  if (!v?.answers) return [];
  const row = bare(venues.call, "What the venue reports of itself. Nobody else knows it.");
  const spot = least(most(snapshot.value.spot, 10n ** 16n), MOST_SPOT);
  const found = moveOf(v.account, v.bounds.least, spot);
  return [
    row("position", decimals(v.account.position, 18, 6), asset),
    row("equity", money(v.account.equity), "USD"),
    row("least margin", percent(v.bounds.least, 1), "of notional"),
    row("most margin", percent(v.bounds.most, 1), "of notional"),
    {
      name: "move until margin is short",
      unit: "",
      said: moved(v.move),
      found: moved(found),
      apart: v.move === found ? "" : decimals(abs(v.move - found), 18, 18),
      how: "From position, equity and the least margin, in integers.",
      call: venues.call,
    },
    row("a long costs a day", percent(v.long, 4), ""),
    row("a short costs a day", percent(v.short, 4), ""),
    row("room to buy", fits(v.buys), v.buys >= ENDLESS ? "" : asset),
    row("room to sell", fits(v.sells), v.sells >= ENDLESS ? "" : asset),
    row("free to come home", decimals(v.free, 6, 2), "USD"),
  ];
}

/** The hedge as one account; what covers it follows from the two figures above it. */
export function accountChecks({ snapshot, venues }: Look): Check[] {
  const { account } = snapshot.value;
  const row = bare(snapshot.call, "The venues' accounts as the router puts them together.");
  const isOne = venues.value.length === 1;
  const [venue] = venues.value;
  const low = venue && most(least(venue.account.equity, venue.account.venue_equity), 0n);
  const worse: Check =
    isOne && venue?.answers && venue.account.equity === account.equity && low !== undefined
      ? exact(
          {
            name: "by the worse valuation",
            unit: "USD",
            how: "The lower of the equity at spot and the venue's own.",
            call: snapshot.call,
          },
          account.equity_low,
          low,
          18,
          2,
        )
      : row("by the worse valuation", money(account.equity_low), "USD");
  return [
    row("equity at spot", money(account.equity), "USD"),
    worse,
    row("carries orders", money(account.usable), "USD"),
    row("notional and headroom", money(account.need), "USD"),
    row("top-up due", decimals(account.top_up, 6, 2), "USD"),
  ];
}

/** Parameters: the Guardian's answers against its packed words, and inside their bounds. */
export function parameters(rules: Rules, s: Snapshot): Check[] {
  const words = unpackTerms(s.terms);
  return rules.parameters.map(({ name, meaning, term }) => {
    const [amount, low, high] = term.value;
    const isOut = amount < low || (amount > high && name !== "flags");
    const check = exact(
      { name, unit: "", how: `Unpacked from the words that trades read. ${meaning}`, call: term.call },
      amount,
      BigInt(words[name]),
      0,
      0,
    );
    return isOut ? { ...check, apart: "out of its bounds" } : check;
  });
}

/** Code hashes as the deployment's file has them, beside the chain's. */
export function codeChecks(standing: readonly Standing[], block: number): Check[] {
  return standing.map(({ name, address, due, found }) => ({
    name,
    unit: "",
    said: ends(due),
    found: ends(found),
    apart: due === found ? "" : "other code",
    how: `keccak256 of the code that stands at ${address}. The file says ${due}.`,
    call: { contract: name, address, name: "eth_getCode", args: [address], block, data: "0x", answer: found },
  }));
}
