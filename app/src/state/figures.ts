/** A keeper's figures as Prometheus has them: names, labels and numbers in lines of text. */

import { boundedJson } from "../chain/bounded.ts";
import { plain } from "../chain/foreign.ts";

/** Of one ETH. */
export const WEI = 1e18;

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPES: Record<string, string> = { n: "\n" };

/** What cannot be read is left out: it is somebody else's. */
export function parseFigures(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const found = line.startsWith("#") ? null : LINE.exec(line);
    if (!found) return [];
    const [, name = "", inner = "", said = ""] = found;
    const labels = [...inner.matchAll(LABEL)].map(([, key = "", value = ""]) => [
      key,
      plain(value.replace(/\\(.)/g, (_, one: string) => ESCAPES[one] ?? one)),
    ]);
    const value = said === "+Inf" ? Infinity : said === "-Inf" ? -Infinity : Number(said);
    return [{ name, labels: Object.fromEntries(labels), value }];
  });
}

export class Figures {
  readonly samples: readonly Sample[];

  constructor(samples: readonly Sample[]) {
    this.samples = samples;
  }

  of(name: string): Sample[] {
    return this.samples.filter((each) => each.name === name);
  }

  /** The figure of a name without regard to labels; NaN where nobody has it. */
  one(name: string): number {
    return this.of(name)[0]?.value ?? NaN;
  }

  sum(name: string): number {
    return this.of(name).reduce((sum, each) => sum + each.value, 0);
  }

  /** A histogram's value below which a share of it lies, as its buckets bound it. */
  quantile(name: string, share: number): number {
    const buckets = this.of(`${name}_bucket`).map(({ labels, value }) => [
      labels["le"] === "+Inf" ? Infinity : Number(labels["le"]),
      value,
    ]);
    const all = Math.max(...buckets.map(([, count]) => count ?? 0), 0);
    if (!all) return NaN;
    const within = buckets.filter(([, count]) => (count ?? 0) >= share * all).map(([bound]) => bound ?? Infinity);
    return Math.min(...within);
  }
}

/** What LPs keep of an open an hour later: of how many, and on average, USD; NaN where nobody says. */
export function openMarkouts(figures: Figures): { readonly fills: number; readonly mean: number } {
  const of = (name: string): number =>
    figures.of(name).find(({ labels }) => labels["horizon"] === "1h" && labels["side"] === "open")?.value ?? NaN;
  return { fills: of("tandem_markout_fills"), mean: of("tandem_markout_usd") };
}

/** An ended action of the journal; paid: wei. */
export interface Act {
  readonly id: number;
  readonly kind: string;
  readonly reason: string;
  readonly block: number;
  readonly created_at: number;
  readonly state: string;
  readonly note: string;
  readonly hash: string | null;
  readonly nonce: number | null;
  readonly gas_used: number | null;
  readonly paid: number | null;
}

export interface Warning {
  readonly time?: string;
  readonly level?: string;
  readonly event?: string;
  readonly [field: string]: unknown;
}

/** What a keeper says of itself now. health, ready: "ok", or what is wrong. */
export interface Keeper {
  readonly figures: Figures;
  readonly health: string;
  readonly ready: string;
  readonly acts: readonly Act[];
  readonly warnings: readonly Warning[];
}

/** Bytes that are read of a keeper's figures: as many as `tandem ui` passes on of its five answers. */
const MOST_BYTES = 20_000_000;

/** Characters of one thing that a keeper says. */
const LONG = 1_000;
const told = (_: string, value: unknown): unknown => (typeof value === "string" ? plain(value, LONG) : value);

/** Throws where the keeper is away. */
export async function askKeeper(): Promise<Keeper> {
  const answer = await fetch("./keeper.json", { cache: "no-store" });
  if (!answer.ok) throw new Error("the keeper does not answer");
  const said = (await boundedJson(answer, MOST_BYTES)) as Record<
    "metrics" | "health" | "ready" | "journal" | "warnings",
    string
  >;
  return {
    figures: new Figures(parseFigures(said.metrics)),
    health: plain(said.health.trim()),
    ready: plain(said.ready.trim()),
    acts: JSON.parse(said.journal, told) as Act[],
    warnings: JSON.parse(said.warnings, told) as Warning[],
  };
}
