/** What the market earned over a span, by cause: from its logs and its states at past blocks, read here and now from the
 * visitor's own node, and by nobody believed (tandem report is its twin). */

import { type Head, NodeDown } from "../chain/reader.ts";
import {
  type Moment as Known,
  type Terms,
  NOTHING,
  inCents,
  isKnown,
  navOf,
  plus,
  stepOf,
} from "../model/attribution.ts";
import type { Smile } from "../model/smile.ts";
import { causePlaces, flowsIn } from "../protocol/causes.ts";
import type { Part } from "../protocol/happenings.ts";
import { type Holder, type Mine, type Step } from "./earned.ts";
import type { Market } from "./market.ts";
import { type Mark, Marks } from "./marks.ts";
import { LogPast, MOST } from "./past.ts";
import { Clock, type Moment, TooLong, gridOf, hashed, momentOf } from "./steps.ts";

/** Steps of an account: each is three questions of a past block. */
const MOST_STEPS = 1_500;
/** Causes of steps that are remembered, so that a new block costs one. */
const REMEMBERED = 4 * MOST_STEPS;

/** Money in whole cents, as USD. first, last: where it begins and ends; unread: blocks whose state was not to be had, told
 * with the next; late: whether it begins later than was asked. */
export interface Earned {
  readonly first: Moment;
  readonly last: Moment;
  readonly terms: Terms;
  readonly nav: readonly [number, number];
  readonly lpFlows: number;
  readonly total: number;
  readonly trades: number;
  readonly steps: number;
  readonly unread: number;
  readonly isLate: boolean;
  readonly mine: Mine | null;
}

type Surface = ReadonlyMap<number, Smile>;
type NavStep = Step & { readonly nav: number; readonly navEnd: number };

/** start: the block that was asked for; ends: blocks at which steps of the whole end; past: slices of what had expired
 * there. */
interface Around {
  readonly holder: Holder | null;
  readonly ends: ReadonlySet<number>;
  readonly unread: number;
  readonly start: number;
  readonly past: Surface;
}

/** How far reading is. */
export type Told = (done: number, all: number) => void;

const cent = (usd: number): number => Math.round(usd * 100) / 100;

export class Earnings {
  readonly #market: Market;
  readonly #logs: LogPast;
  readonly #marks: Marks;
  readonly #clock: Clock;
  readonly #steps = new Map<string, Terms>();
  #ready: Promise<unknown> | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(market: Market) {
    this.#market = market;
    this.#logs = new LogPast(market, causePlaces(market.deployment), "causes");
    this.#marks = new Marks(market);
    this.#clock = new Clock(market.reader);
  }

  /** From a moment, or a block, to a head; one reading at a time. Throws PastLost, TooLong, Refused, NodeDown. */
  read(head: Head, from: { readonly time?: number; readonly block?: number }, holder: Holder | null, told: Told) {
    const asked = this.#turn.catch(() => {}).then(() => this.#read(head, from, holder, told));
    this.#turn = asked;
    return asked;
  }

  async #read(
    head: Head,
    from: { readonly time?: number; readonly block?: number },
    holder: Holder | null,
    told: Told,
  ) {
    await (this.#ready ??= Promise.all([this.#logs.remember(), this.#marks.remember()]));
    await this.#stand();
    const [start, parts] = await this.#spanOf(head, from);
    const [blocks, ends] = await this.#blocksOf(head, start, parts, holder);
    const marks = await this.#marks.read(blocks, (done) => told(done, blocks.length));
    const past = await this.#pastOf(marks[0]);
    await this.#isSame(head);
    await this.#marks.keep(marks.filter(({ block }) => block !== start.block && block !== head.number));
    const unread = blocks.length - marks.length;
    return this.#earned(marks, parts, { holder, ends, unread, start: start.block, past });
  }

  /** What is on blocks that are the chain's no more is forgotten. */
  async #stand(): Promise<void> {
    await this.#marks.stand();
    for (const { block, time } of this.#marks.all) this.#clock.note(block, time);
  }

  /** Where it begins, and its events. Logs are read before it is known whether the chain is the one that it was: where it
   * is not, the times of its blocks were another's. */
  async #spanOf(head: Head, from: { readonly time?: number; readonly block?: number }): Promise<[Moment, Part[]]> {
    const lost = this.#logs.lost;
    const start = await this.#startOf(head, from);
    const parts = await this.#partsOf(head, start.block);
    if (this.#logs.lost === lost) return [start, parts];
    this.#clock.forget();
    const again = await this.#startOf(head, from);
    return [again, await this.#partsOf(head, again.block)];
  }

  async #startOf(head: Head, { time, block }: { readonly time?: number; readonly block?: number }): Promise<Moment> {
    const first = this.#market.deployment.block;
    const found = block ?? (await this.#clock.blockAt(time ?? 0, first, head.number - 1));
    const start = Math.max(Math.min(found, head.number - 1), first);
    return { block: start, time: await this.#clock.of(start) };
  }

  /** Events after the span's first block, in order. */
  async #partsOf(head: Head, first: number): Promise<Part[]> {
    const logs = this.#logs;
    await logs.read(head, () => {}, first + 1);
    if (!(await logs.isOf(head))) throw new NodeDown("it is behind what was read of it before");
    if (logs.low > first + 1) throw new TooLong(`that span has more than ${MOST} events`);
    const rows = logs.rows.filter(({ block }) => first < block && block <= head.number);
    return rows.map((row) => logs.places.read(row)).filter((part) => part !== null);
  }

  /** Blocks whose state is read, and those of them at which steps of the whole end. An account's transfers end its own
   * steps alone, or what the market earned would be told otherwise to each who looks. */
  async #blocksOf(head: Head, start: Moment, parts: readonly Part[], holder: Holder | null) {
    const end = momentOf(head);
    this.#clock.note(end.block, end.time);
    const events = new Map(parts.map(({ row }) => [row.block, row.hash]));
    const moved = (holder?.transfers ?? []).filter((block) => start.block < block && block < end.block);
    const grid = await gridOf(this.#clock, start, end, MOST_STEPS);
    const ends = new Set([start.block, ...events.keys(), ...grid]);
    const blocks = new Set([...ends, ...moved]);
    if (blocks.size - 1 > MOST_STEPS) throw new TooLong(`that span has more than ${MOST_STEPS} steps`);
    const hash = (block: number) => events.get(block) ?? this.#marks.known(block)?.hash ?? null;
    const known = (block: number) => (block === head.number ? head.hash : hash(block));
    return [await hashed(this.#market.reader, [...blocks], known), ends] as const;
  }

  /** The last slices of what had expired when it begins, and waited for its settlement. */
  async #pastOf(first: Mark | undefined): Promise<Surface> {
    const found = new Map<number, Smile>();
    if (!first) return found;
    const listed = new Set(first.surface.map(([expiry]) => expiry));
    for (const { expiry } of first.book.filter((owed) => !listed.has(owed.expiry))) {
      const block = (await this.#clock.blockAt(expiry, this.#market.deployment.block, first.block)) - 1;
      const [known] = await hashed(this.#market.reader, [block], (at) => this.#marks.known(at)?.hash ?? null);
      const before = await this.#marks.read(known ? [known] : [], () => {});
      await this.#marks.keep(before);
      for (const [at, smile] of before[0]?.surface ?? []) found.set(at, smile);
    }
    return found;
  }

  /** All of it is of one chain where its head still stands after it. */
  async #isSame(head: Head): Promise<void> {
    const now = await this.#market.reader.block(BigInt(head.number));
    if (now?.hash !== head.hash) throw new NodeDown("the chain changed while it was read");
  }

  async #earned(
    marks: readonly Mark[],
    parts: readonly Part[],
    { holder, ends, unread, start, past }: Around,
  ): Promise<Earned> {
    const whole = marks.filter(({ block }) => ends.has(block));
    const [steps, flows] = this.#stepsOf(whole, parts, past);
    const [first, last] = [steps[0], steps.at(-1)];
    if (!first || !last) throw new NodeDown("the contracts did not say how the market stood in that span");
    const [begin, end, lpFlows] = [cent(first.nav), cent(last.navEnd), cent(flows)];
    const total = Math.round((end - begin - lpFlows) * 100);
    const terms = steps.reduce((sum, step) => plus(sum, step.terms), NOTHING);
    const after = first.before.block;
    const exits = new Set(parts.filter(({ name }) => name === "EpochProcessed").map(({ row }) => row.block));
    return {
      first: { block: after, time: first.before.time },
      last: { block: last.after.block, time: last.after.time },
      terms: inCents(terms, total),
      nav: [begin, end],
      lpFlows,
      total: total / 100,
      trades: parts.filter(({ name, row }) => row.block > after && TRADES.has(name)).length,
      steps: steps.length,
      unread,
      isLate: after > start,
      mine: holder ? await holder.part(this.#stepsOf(marks, parts, past)[0], exits) : null,
    };
  }

  /** Each step, and deposits less exits in all of them. */
  #stepsOf(marks: readonly Mark[], parts: readonly Part[], past: Surface): [NavStep[], number] {
    const steps: NavStep[] = [];
    let [lpFlows, place] = [0, 0];
    let before: { mark: Mark; state: Known; carried: string; nav: number } | null = null;
    for (const mark of marks) {
      const { state, carried } = stateOf(mark, before?.state.surface ?? past);
      const since: Part[] = [];
      for (; place < parts.length && parts[place]!.row.block <= mark.block; place += 1) since.push(parts[place]!);
      if (!isKnown(state)) {
        if (before) throw new NodeDown("an open expiry has no slice");
        continue;
      }
      const nav = navOf(state);
      if (before) {
        const key = `${before.mark.hash}${mark.hash}${before.carried}${carried}`;
        const flows = flowsIn(since);
        const terms = this.#steps.get(key) ?? stepOf(before.state, state, flows);
        if (this.#steps.size > REMEMBERED) this.#steps.clear();
        this.#steps.set(key, terms);
        lpFlows += flows.lpFlows;
        const [start, end] = [shareOf(before.nav, before.mark), shareOf(nav, mark)];
        steps.push({ before: before.mark, after: mark, terms, start, end, nav: before.nav, navEnd: nav });
      }
      before = { mark, state, carried, nav };
    }
    return [steps, lpFlows];
  }
}

const TRADES: ReadonlySet<string> = new Set(["OptionMinted", "OptionClosed"]);

/** NAV of one share, USD; 0 where there is none. */
const shareOf = (nav: number, { supply }: Mark): number => (supply ? nav / supply : 0);

/** With the last slices of expiries that are past and not settled; carried: which those are. */
function stateOf(mark: Mark, before: Surface): { state: Known; carried: string } {
  const own = new Map(mark.surface);
  const past = mark.book.filter(({ expiry }) => !own.has(expiry) && before.has(expiry));
  for (const { expiry } of past) own.set(expiry, before.get(expiry)!);
  return { state: { ...mark, surface: own }, carried: JSON.stringify(past.map(({ expiry }) => own.get(expiry))) };
}
