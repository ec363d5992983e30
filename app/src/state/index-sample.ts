/** Stretches of blocks, chosen by chance, of which a node's logs are held beside an index's rows both ways: what the index
 * leaves out is found as what it makes up is.
 *
 * Drawn apart where the index shows something and where it shows nothing, so that neither hides behind the other. Of B
 * such stretches, m of which are wrong, a look at k misses all with the chance C(B - m, k) / C(B, k). */

import { type Row, ranges } from "../chain/logs.ts";
import { NodeDown, Refused } from "../chain/reader.ts";
import { Places } from "../protocol/happenings.ts";
import type { Market } from "./market.ts";

/** Blocks of a stretch, which most nodes answer at once. */
export const WIDTH = 2_000;
/** Stretches of each kind at the first look, and at each later one. */
export const FIRST = 4;
const LATER = 1;
/** Milliseconds between two looks. */
const PAUSE = 10_000;

/** Blocks, both included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

export class Sample {
  /** Stretches that were compared and agree, of so many. */
  compared = 0;
  whole = 0;
  readonly #market: Market;
  readonly #places: Places;
  readonly #chance: () => number;
  /** How far a stretch was compared and agrees, by its begin: the newest one grows with the chain. */
  readonly #good = new Map<number, number>();
  #next = 0;

  /** chance: from 0 to 1. */
  constructor(market: Market, chance: () => number) {
    this.#market = market;
    this.#places = new Places(market.deployment);
    this.#chance = chance;
  }

  /** What differs in what was drawn, in words; "" where nothing does, or it is too early for another look. rows: all that
   * the index shows of blocks low to high. What the node does not answer for is not compared. */
  async look(rows: readonly Row[], low: number, high: number): Promise<string> {
    if (Date.now() < this.#next) return "";
    const all = this.#stretches(low, high);
    this.whole = all.length;
    const known = rows.filter((row) => this.#places.read(row));
    const busy = new Set(known.map((row) => this.#begin(row.block)));
    const isBusy = ({ first }: Stretch): boolean => busy.has(this.#begin(first));
    const left = all.filter(({ first, last }) => (this.#good.get(this.#begin(first)) ?? -1) < last);
    const count = this.#next ? LATER : FIRST;
    const drawn = [left.filter(isBusy), left.filter((each) => !isBusy(each))].flatMap((of) => this.#draw(of, count));
    this.#next = Date.now() + PAUSE;
    const found = await Promise.all(drawn.map((stretch) => this.#compare(stretch, known)));
    this.compared = Math.min(this.#good.size, this.whole);
    return found.find((said) => said) ?? "";
  }

  #begin(block: number): number {
    const { block: first } = this.#market.deployment;
    return first + Math.floor((block - first) / WIDTH) * WIDTH;
  }

  #stretches(low: number, high: number): Stretch[] {
    const found: Stretch[] = [];
    for (let begin = this.#begin(low); begin <= high; begin += WIDTH) {
      found.push({ first: Math.max(begin, low), last: Math.min(begin + WIDTH - 1, high) });
    }
    return found;
  }

  #draw(from: readonly Stretch[], count: number): Stretch[] {
    const left = [...from];
    const drawn: Stretch[] = [];
    while (left.length && drawn.length < count) {
      drawn.push(...left.splice(Math.min(Math.floor(this.#chance() * left.length), left.length - 1), 1));
    }
    return drawn;
  }

  async #compare(stretch: Stretch, rows: readonly Row[]): Promise<string> {
    const { first, last } = stretch;
    const shown = new Map(rows.filter(({ block }) => first <= block && block <= last).map((row) => [keyOf(row), row]));
    // of several nodes behind one address one may be late: what differs is asked again before it is said
    for (let turn = 0; turn < 2; turn += 1) {
      const there = await this.#logsOf(stretch);
      if (there === null) return "";
      const lacking = [...there].filter((key) => !shown.has(key)).length;
      const invented = [...shown.keys()].filter((key) => !there.has(key)).length;
      if (!lacking && !invented) {
        this.#good.set(this.#begin(first), last);
        return "";
      }
      const what = [lacking && `leaves out ${lacking}`, invented && `makes up ${invented}`].filter(Boolean);
      if (turn) return `of blocks ${first} to ${last} it ${what.join(" and ")} of ${there.size} events`;
    }
    return "";
  }

  /** null where the node does not answer for these blocks: many keep the logs of the last months alone. */
  async #logsOf({ first, last }: Stretch): Promise<ReadonlySet<string> | null> {
    const found = new Set<string>();
    try {
      for await (const { rows } of ranges(this.#market.reader, this.#places.question, first, last, false)) {
        for (const row of rows) if (this.#places.read(row)) found.add(keyOf(row));
      }
      return found;
    } catch (error) {
      if (error instanceof NodeDown || error instanceof Refused) return null;
      throw error;
    }
  }
}

/** All that a log says, and where it stands. */
const keyOf = (row: Row): string =>
  [row.block, row.index, row.hash, row.tx, row.address, row.topics.join(), row.data].join(" ");
