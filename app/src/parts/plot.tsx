/** A line picture that follows its box, and says in words what it shows. */

import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: "gain" | "loss" | "ink" | "faint";
  readonly isDashed?: boolean;
}

const HEIGHT = 220;
/** Where two ticks are nearer than this, in pixels, one is left out. */
const TICK_SPACE = 70;

/** Moments under a picture as people of every country read them, UTC: days, minutes or seconds, as they lie apart. */
function moments(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  const [from, to] = step >= 86_400 ? [5, 10] : step >= 60 ? [11, 16] : [11, 19];
  return splits.map((at) => new Date(at * 1_000).toISOString().slice(from, to));
}

/** As many decimals as tell two ticks apart. */
function amounts(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  const shown = Math.min(Math.max(Math.ceil(-Math.log10(step)), 0), 8);
  return splits.map((at) => at.toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown }));
}

/** What a picture is drawn of. here: a value of x that is marked, asked at each drawing. */
interface Drawn {
  readonly lines: readonly Line[];
  readonly isTime: boolean;
  readonly here: () => number | undefined;
}

/** A dashed line from top to bottom, in the canvas' own pixels. */
function mark(u: uPlot, here: number | undefined, colour: string): void {
  if (here === undefined) return;
  const x = Math.round(u.valToPos(here, "x", true));
  u.ctx.save();
  u.ctx.strokeStyle = colour;
  u.ctx.setLineDash([3, 3]);
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.bbox.top);
  u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
  u.ctx.restore();
}

const sizeIn = (at: HTMLElement) => ({ width: Math.max(at.clientWidth, 200), height: HEIGHT });

/** In the colours that its box has now. */
function optionsOf(at: HTMLElement, { lines, isTime, here }: Drawn): uPlot.Options {
  const paint = (name: string) => getComputedStyle(at).getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: paint("faint"),
    grid: { stroke: paint("line"), width: 1 },
    ticks: { stroke: paint("line"), width: 1 },
    font: `12px ${getComputedStyle(at).fontFamily}`,
    space: TICK_SPACE,
  };
  return {
    ...sizeIn(at),
    legend: { show: false },
    cursor: { y: false },
    scales: { x: { time: isTime } },
    padding: [null, isTime ? TICK_SPACE / 2 : null, null, null],
    axes: [isTime ? { ...axis, values: moments } : axis, { ...axis, space: 40, size: 76, values: amounts }],
    series: [
      {},
      ...lines.map((line) => ({
        label: line.name,
        stroke: paint(line.colour),
        width: 2,
        points: { show: false },
        ...(line.isDashed && { dash: [6, 4] }),
      })),
    ],
    hooks: { draw: [(u: uPlot) => mark(u, here(), paint("faint"))] },
  };
}

/** Draws in a box, and again where its size, the scheme of colours, or what is drawn changes. */
function useDrawn(data: uPlot.AlignedData, drawn: Drawn) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const key = drawn.lines.map((line) => line.name).join();
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const draw = (): void => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(at, drawn), data, at);
    };
    draw();
    const sized = new ResizeObserver(() => plot.current?.setSize(sizeIn(at)));
    sized.observe(at);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", draw);
    return () => {
      sized.disconnect();
      scheme.removeEventListener("change", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [key, drawn.isTime]);
  useEffect(() => plot.current?.setData(data), [data]);
  return box;
}

export function Plot(props: {
  xs: readonly number[];
  lines: readonly Line[];
  label: string;
  /** A value of x that is marked, as where the price stands. */
  here?: number;
  isTime?: boolean;
}) {
  const { xs, lines, label, here, isTime = false } = props;
  const marked = useRef(here);
  marked.current = here;
  const data = [xs, ...lines.map((line) => line.values)] as unknown as uPlot.AlignedData;
  const box = useDrawn(data, { lines, isTime, here: () => marked.current });
  return (
    <figure class="plot">
      <div ref={box} role="img" aria-label={label} />
      <figcaption>
        {lines.map((line) => (
          <span key={line.name} class={`key ${line.colour} ${line.isDashed ? "dashed" : ""}`}>
            {line.name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
