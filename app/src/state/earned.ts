/** An account's part of what the market earned: each step's causes by the share that the account held when it began. */

import type { Address } from "viem";

import type { Log } from "../chain/logs.ts";
import { type Terms, NOTHING, plus, totalOf } from "../model/attribution.ts";
import { usdOf, wadOf } from "../protocol/units.ts";
import type { Market } from "./market.ts";
import type { Mark } from "./marks.ts";
import { type Way, sumsOf, waysOf } from "./stake.ts";

/** One step of the market. start, end: NAV of a share, USD; supply: shares, at its end. */
export interface Step {
  readonly before: Mark;
  readonly after: Mark;
  readonly terms: Terms;
  readonly start: number;
  readonly end: number;
}

/** What an account has at a block. shares: also those that wait to leave; put, out: USD until then, out with what can be
 * claimed; given: shares that came by transfers. */
interface Held {
  readonly shares: number;
  readonly put: number;
  readonly out: number;
  readonly given: number;
}

/** USD. entries: what others who came or left gave those who stayed; own: what the account's own ways in and out cost it
 * beside NAV; first, last: its stake at NAV; put, out: what went in and what was set aside or paid; given: worth of shares
 * that came by transfers, when they came; shares: at the end. */
export interface Mine {
  readonly terms: Terms;
  readonly entries: number;
  readonly own: number;
  readonly first: number;
  readonly last: number;
  readonly put: number;
  readonly out: number;
  readonly given: number;
  readonly shares: number;
}

/** What accounts had at states, asked once. */
const HELD = new WeakMap<Mark, Map<Address, readonly [shares: bigint, claimable: bigint]>>();

/** The account's deposits, claims and transfers. */
export class Holder {
  readonly account: Address;
  readonly ways: readonly Way[];
  readonly #market: Market;

  constructor(market: Market, account: Address, found: readonly (readonly Log[])[]) {
    this.#market = market;
    this.account = account;
    this.ways = waysOf(found, market.on.vault.address);
  }

  /** The block of the first share that it got; null where it never had one. */
  get first(): number | null {
    const came = this.ways.filter((way) => way.put > 0n || way.given > 0n).map((way) => way.block);
    return came.length ? Math.min(...came) : null;
  }

  /** Blocks at which shares came or went by a transfer: its steps end there too, or it would be said to have held them. */
  get transfers(): number[] {
    return this.ways.filter((way) => way.given).map((way) => way.block);
  }

  /** Its part of these steps. exits: blocks at which epochs were processed. Throws Refused, NodeDown. */
  async part(steps: readonly Step[], exits: ReadonlySet<number>): Promise<Mine | null> {
    const [first, last] = [steps[0]?.before, steps.at(-1)?.after];
    if (!first || !last) return null;
    const own = new Set(this.ways.map((way) => way.block));
    const changes = steps.map(({ after }) => after).filter(({ block }) => own.has(block) || exits.has(block));
    const asked = [...new Set([first, ...changes, last])];
    const held = new Map(await Promise.all(asked.map(async (mark) => [mark, await this.#at(mark)] as const)));
    return shared(steps, held);
  }

  async #at(mark: Mark): Promise<Held> {
    const known = HELD.get(mark) ?? new Map();
    const [shares, claimable] = known.get(this.account) ?? (await this.#ask(mark));
    HELD.set(mark, known.set(this.account, [shares, claimable]));
    const past = sumsOf(this.ways.filter((way) => way.block <= mark.block));
    return {
      shares: wadOf(shares),
      put: usdOf(past.put),
      out: usdOf(past.taken + claimable),
      given: wadOf(past.given),
    };
  }

  async #ask({ block, hash, time }: Mark): Promise<readonly [bigint, bigint]> {
    const { reader, on } = this.#market;
    const head = { number: block, hash, timestamp: time };
    const [shares, pending, claimable] = await Promise.all([
      reader.read(on.vault, "balanceOf", [this.account], head),
      reader.read(on.vault, "pendingRedeemRequest", [0n, this.account], head),
      reader.read(on.vault, "maxWithdraw", [this.account], head),
    ]);
    return [shares + pending, claimable];
  }
}

/** held: at both ends, and at every step's end at which it changed. */
function shared(steps: readonly Step[], held: ReadonlyMap<Mark, Held>): Mine {
  const begin = held.get(steps[0]!.before)!;
  let [now, terms, entries, own, given] = [begin, NOTHING, 0, 0, 0];
  for (const step of steps) {
    if (step.after.supply) {
      const part = now.shares / step.after.supply;
      terms = plus(terms, step.terms, part);
      entries += now.shares * (step.end - step.start) - part * totalOf(step.terms);
    }
    const next = held.get(step.after);
    if (!next) continue;
    const came = (next.given - now.given) * step.end;
    own += (next.shares - now.shares) * step.end - came - (next.put - now.put) + (next.out - now.out);
    given += came;
    now = next;
  }
  const [put, out] = [now.put - begin.put, now.out - begin.out];
  const [first, last] = [begin.shares * steps[0]!.start, now.shares * steps.at(-1)!.end];
  return { terms, entries, own, first, last, put, out, given, shares: now.shares };
}
