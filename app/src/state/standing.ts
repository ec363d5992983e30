/** Venues, parameters and code: what stands around the book, checked. */

import type { Standing } from "../chain/deployment.ts";
import type { Evidence } from "../chain/evidence.ts";
import { unpackTerms } from "../protocol/terms.ts";
import { BPS, TO_WAD, WAD, abs, decimals, least, most, up } from "../protocol/units.ts";
import { type Check, alone, ends, exact } from "./check.ts";
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

/** What a venue's account is worth by the worse of two valuations, and what it lacks, as the margin desk reckons it
 * (contracts/lib/margin.vy). room: WAD USD, the largest order's notional that is kept carried; lends: token units, what
 * the Vault may send there; sent: what it sent there and has not had back. */
function standsFor(
  { account, bounds }: Look["venues"]["value"][number],
  spot: bigint,
  room: bigint,
  band: bigint,
  lends: bigint,
  sent: bigint,
) {
  const worse = least(account.equity, account.venue_equity);
  const usable = least(account.equity, account.margin_equity);
  const notional = (abs(account.position) * spot) / WAD;
  const need = notional + room;
  const isLost = worse < 0n && -worse > (notional * band) / BPS; // a loss that is the venue's: nothing is sent after it
  const isDue = usable < (need * bounds.least) / WAD && !isLost;
  const ours = least(most(account.equity, 0n), sent * TO_WAD); // with what is there of what was sent, no more than it is for
  const gap = least((need * bounds.target) / WAD - usable, need - ours);
  const due = isDue ? up(most(gap, 0n), TO_WAD) : 0n;
  const mayGet = !isLost && lends > 0n;
  return { equity: account.equity, low: most(worse, 0n), usable, need, due, barred: mayGet ? 0n : due, mayGet };
}

/** Each venue's account as it stands. Where none may get margin nothing that one lacks is barred. */
function accountsOf({ snapshot, venues, lends, sent }: Look) {
  const { funds, spot, terms: words } = snapshot.value;
  const terms = unpackTerms(words);
  const room = (funds.nav * TO_WAD * BigInt(terms.max_trade)) / BPS;
  const each = venues.value.map((venue, i) =>
    standsFor(venue, spot, room, BigInt(terms.fill_band), lends[i] ?? 0n, sent[i] ?? 0n),
  );
  return each.some(({ mayGet }) => mayGet) ? each : each.map((one) => ({ ...one, barred: 0n }));
}

/** Rows of the account: name, how it is found, of the account, of each venue's, decimals. */
const ACCOUNT = [
  ["equity at spot", "The sum of what each venue's account is worth at spot.", "equity", "equity", 18],
  [
    "by the worse valuation",
    "Of each venue the lower of its equity at spot and by its own price, and no less than nothing.",
    "equity_low",
    "low",
    18,
  ],
  ["carries orders", "Of each venue the lower of its equity and of what carries orders.", "usable", "usable", 18],
  [
    "notional and headroom",
    "Of each venue its position at spot, and the largest trade that NAV allows.",
    "need",
    "need",
    18,
  ],
  ["top-up due", "What lifts an account that is under its least margin to its target.", "top_up", "due", 6],
  [
    "of that held back for nobody",
    "What a venue lacks that may get nothing for what it lost, while another may.",
    "barred",
    "barred",
    6,
  ],
] as const;

/** The hedge as one account, put together again out of what each venue says of its own. */
export function accountChecks(look: Look): Check[] {
  const { snapshot, venues } = look;
  const { account, account_known: isKnown, spot_fresh: isFresh } = snapshot.value;
  const call = snapshot.call;
  // while spot is refused margin goes by the venue's own price, which the page has not
  const isWhole = isFresh && venues.value.every((venue) => venue.answers && !venue.is_down);
  const each = accountsOf(look);
  return ACCOUNT.map(([name, how, said, of, places]) => {
    if (!isKnown) {
      return bare(call, "A venue does not say what its account is worth.")(name, "not known", "");
    }
    if (!isWhole) {
      const why = "A venue is down or silent, or spot is old.";
      return alone({ name, unit: "USD", how: why, call }, account[said], places, 2);
    }
    const sum = each.reduce((all, one) => all + one[of], 0n);
    return exact({ name, unit: "USD", how, call }, account[said], sum, places, 2);
  });
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

/** Roles: the Guardian's list of each, beside what it answers where one of these acts. */
export function roleChecks(rules: Rules): Check[] {
  const count = (accounts: number): string => (accounts === 1 ? "1 account" : `${accounts} accounts`);
  return rules.roles.map(({ name, members, acts }) => {
    const idle = members.value.filter((_, i) => !acts[i]);
    return {
      name,
      unit: "",
      said: count(members.value.length),
      found: count(members.value.length - idle.length),
      apart: idle.length ? `${idle.join(", ")} may not act` : "",
      how: "Of each account on the list the Guardian is asked by itself whether it has the role (has_role), as it is wherever one acts.",
      call: members.call,
    };
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
