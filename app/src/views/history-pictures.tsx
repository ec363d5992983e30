/** Pictures of a market's past, drawn from what its events carry. */

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";

import { inOrder } from "../chain/logs.ts";
import { Term } from "../parts/glossary.tsx";
import { type Line, Plot } from "../parts/plot.tsx";
import type { Entry, Part } from "../protocol/happenings.ts";
import { number, wadOf } from "../protocol/units.ts";

interface Picture {
  readonly xs: readonly number[];
  readonly lines: readonly Line[];
}

interface Point {
  readonly time: number;
  readonly values: readonly number[];
}

const SHARE = 18;

/** entries: newest first. */
export function Pictures({ entries, asset }: { entries: readonly Entry[]; asset: string }) {
  const drawn = useMemo(() => {
    const parts = entries.flatMap((entry) => entry.parts).sort((a, b) => inOrder(a.row, b.row));
    return {
      spot: picture(parts.flatMap(spotOf), [{ name: "spot", colour: "ink" }]),
      share: picture(parts.flatMap(shareOf), [{ name: "NAV a share, as it is paid out", colour: "ink" }]),
      floor: picture(parts.flatMap(floorOf), [{ name: "floor", colour: "gain" }]),
      residual: picture(parts.flatMap(residualOf), [
        { name: "residual", colour: "ink" },
        { name: "band, above", colour: "loss", isDashed: true },
        { name: "band, below", colour: "loss", isDashed: true },
      ]),
    };
  }, [entries]);
  return (
    <div class="grid pictures">
      <Drawn title="Price" unit="USD" picture={drawn.spot} label={`The price of ${asset}`} />
      <Drawn title="A share" unit="USD" picture={drawn.share} label="What a share is worth" />
      <Drawn
        title={<Term word="floor">Floor</Term>}
        unit="USD"
        picture={drawn.floor}
        label="The floor after each trade"
      />
      <Drawn
        title={<Term word="residual">Residual in its band</Term>}
        unit={asset}
        picture={drawn.residual}
        label="The residual after each order, between the two sides of its band"
      />
    </div>
  );
}

function Drawn(props: { title: ComponentChildren; unit: string; picture: Picture | null; label: string }) {
  const { title, unit, picture: found, label } = props;
  return (
    <section class="card" aria-label={label}>
      <h2>
        {title} <small>{unit}</small>
      </h2>
      {found ? (
        <Plot xs={found.xs} lines={found.lines} isTime label={`${label}: ${spoken(found)}`} />
      ) : (
        <p class="empty-plot">Fewer than two events carry it yet.</p>
      )}
    </section>
  );
}

function spoken({ lines, xs }: Picture): string {
  const values = (lines[0]?.values ?? []).filter((value): value is number => value !== null);
  const told = [Math.min(...values), Math.max(...values), values.at(-1) ?? 0].map((value) =>
    value.toLocaleString("en-US", { maximumSignificantDigits: 5 }),
  );
  return `${xs.length} points from ${told[0]} to ${told[1]}, now ${told[2]}`;
}

/** null of fewer than two. points: in order; those of one second stand a thousandth apart. */
function picture(points: readonly Point[], lines: readonly Omit<Line, "values">[]): Picture | null {
  const ordered = points.filter(({ time }) => time > 0);
  if (ordered.length < 2) return null;
  let last = 0;
  return {
    xs: ordered.map(({ time }) => (last = Math.max(time, last + 0.001))),
    lines: lines.map((line, i) => ({ ...line, values: ordered.map(({ values }) => values[i] ?? null) })),
  };
}

const point = (part: Part, ...values: number[]): Point[] => [{ time: part.row.time, values }];

function spotOf(part: Part): Point[] {
  const found = part.args["oracle_price"] ?? (part.kind === "trade" ? part.args["spot"] : undefined);
  return found === undefined ? [] : point(part, wadOf(found));
}

function shareOf(part: Part): Point[] {
  const { nav_low: nav, supply } = part.args as { nav_low?: bigint; supply?: bigint };
  return nav === undefined || !supply ? [] : point(part, number(nav, 6) / number(supply, SHARE));
}

function floorOf(part: Part): Point[] {
  return part.args["floor"] === undefined ? [] : point(part, number(part.args["floor"], 6));
}

function residualOf(part: Part): Point[] {
  if (part.name !== "Hedged") return [];
  const band = wadOf(part.args["hard_band"]);
  return point(part, wadOf(part.args["residual_after"]), band, -band);
}
