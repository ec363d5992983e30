/** All that the Verify view asks of one block: each answer with its call. */

import { type Address, encodeEventTopics, parseEventLogs } from "viem";

import { type Seen, seen } from "../chain/evidence.ts";
import { type Log, logsIn, stretches } from "../chain/logs.ts";
import { type Head, type Reader, orRefused } from "../chain/reader.ts";
import { ROLES } from "../abi/names.ts";
import { TERMS } from "../abi/terms.ts";
import type { Term } from "../protocol/terms.ts";
import { opensAt } from "./announced.ts";
import type { Market } from "./market.ts";

/** Figures that change with every block. */
export async function lookAt(market: Market, head: Head) {
  const { reader, on } = market;
  const [snapshot, slices, funds, held, gate, hedge, lot, venues, feed, decimals, losses] = await Promise.all([
    seen(reader, on.lens, "Lens", "snapshot", [], head),
    seen(reader, on.surface, "VolSurface", "slices", [], head),
    seen(reader, on.vault, "Vault", "funds", [], head),
    seen(reader, on.token, "USDC", "balanceOf", [on.vault.address], head),
    seen(reader, on.router, "HedgeRouter", "gate_words", [], head),
    seen(reader, on.router, "HedgeRouter", "last_position", [], head),
    seen(reader, on.venue, "hedge venue", "lot", [], head),
    seen(reader, on.venueLens, "VenueLens", "venues", [], head),
    orRefused(seen(reader, on.feed, "price feed", "latestRoundData", [], head)),
    orRefused(seen(reader, on.feed, "price feed", "decimals", [], head)),
    orRefused(seen(reader, on.stress, "StressTest", "losses", [], head)),
  ]);
  // of an only venue nothing is barred, whatever it may get
  const several = venues.value.length > 1 ? venues.value : [];
  const lends = await Promise.all(several.map(({ venue }) => reader.read(on.vault, "would_lend", [venue], head)));
  const sent = await Promise.all(venues.value.map(({ venue }) => reader.read(on.desk, "sent", [venue], head)));
  return { head, snapshot, slices, funds, held, gate, hedge, lot, venues, lends, sent, feed, decimals, losses };
}

export type Look = Awaited<ReturnType<typeof lookAt>>;
export type Snapshot = Look["snapshot"]["value"];

/** One parameter as the Guardian has it. atOnce: which change applies at once; queued: the change under way and from
 * when on it may be applied, seconds. */
export interface Parameter {
  readonly name: Term;
  readonly meaning: string;
  readonly term: Seen<readonly [bigint, bigint, bigint, boolean, boolean]>;
  readonly atOnce: "any" | "up" | "down" | "none" | "set";
  readonly queued: { readonly amount: number; readonly readyAt: number } | null;
}

export interface Role {
  readonly name: string;
  readonly members: Seen<readonly Address[]>;
  /** Of each of these, whether the Guardian lets it act. */
  readonly acts: readonly boolean[];
  readonly offers: readonly { readonly account: Address; readonly readyAt: number }[];
}

export interface Rules {
  readonly delay: number;
  readonly parameters: readonly Parameter[];
  readonly roles: readonly Role[];
}

/** What owners and guardians may change, and who they are. Throws Refused, NodeDown. */
export async function rulesAt({ reader, on }: Market, head: Head): Promise<Rules> {
  const names = Object.keys(TERMS) as Term[];
  const held = Number(await reader.read(on.guardian, "held_until", [], head));
  const [delay, parameters, roles] = await Promise.all([
    reader.read(on.guardian, "DELAY", [], head),
    Promise.all(names.map((name) => parameterAt(reader, on.guardian, name, head, held))),
    Promise.all(
      ROLES.map(async (name, number): Promise<Role> => {
        const role = BigInt(number);
        const [members, offers] = await Promise.all([
          seen(reader, on.guardian, "Guardian", "members", [role], head),
          reader.read(on.guardian, "offers", [role], head),
        ]);
        const acts = await Promise.all(
          members.value.map((account) => reader.read(on.guardian, "has_role", [role, account], head)),
        );
        return {
          name,
          members,
          acts,
          offers: offers.flatMap(({ account, ready_at }) => {
            const readyAt = opensAt(Number(ready_at), held, head.timestamp);
            return readyAt === null ? [] : [{ account, readyAt }];
          }),
        };
      }),
    ),
  ]);
  return { delay: Number(delay), parameters, roles };
}

async function parameterAt(
  reader: Reader,
  guardian: Market["on"]["guardian"],
  name: Term,
  head: Head,
  held: number,
): Promise<Parameter> {
  const { index, meaning } = TERMS[name];
  const [term, queued] = await Promise.all([
    seen(reader, guardian, "Guardian", "term", [BigInt(index)], head),
    reader.read(guardian, "queued", [BigInt(index)], head),
  ]);
  const [, , , up, down] = term.value;
  const isFlags = name === "flags";
  const tighter = up ? (down ? "any" : "up") : down ? "down" : "none";
  const atOnce = isFlags ? "set" : tighter;
  const readyAt = opensAt(Number(queued.ready_at), isFlags ? 0 : held, head.timestamp);
  const change = readyAt === null ? null : { amount: Number(queued.amount), readyAt };
  return { name, meaning, term, atOnce, queued: change };
}

/** Blocks back in which the slice before is looked for, and of a range at most. */
const BACK = 5_000;
const WIDEST = 1_000;

/** The slice that was posted for an expiry before the one that stands; null where none is found. Throws NodeDown. */
export async function sliceBefore(
  { reader, on }: Market,
  head: Head,
  now: { readonly expiry: bigint; readonly slice_word: bigint },
): Promise<bigint | null> {
  const { abi, address } = on.surface;
  const topics = encodeEventTopics({ abi, eventName: "SlicePosted", args: { expiry: now.expiry } });
  const ask = (low: number, high: number): Promise<Log[]> => logsIn(reader, { address, topics }, low, high);
  const first = Math.max(head.number - BACK, 0);
  for await (const [, , logs] of stretches(reader, first, head.number, { widest: WIDEST, isDown: true }, ask)) {
    const posted = parseEventLogs({ abi, eventName: "SlicePosted", logs: logs as never });
    const word = posted.map(({ args }) => args.slice_word).findLast((each) => each !== now.slice_word);
    if (word !== undefined) return word;
  }
  return null;
}
