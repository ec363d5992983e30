/** What options of one expiry are worth together, by price: at expiry, and by the model today. */

import { useMemo } from "preact/hooks";

import { mark } from "../model/mark.ts";
import { type Series, dateOf, payoff } from "../protocol/series.ts";
import { sizeOf } from "../protocol/units.ts";
import type { State } from "../state/market.ts";
import { fixed } from "./basic.tsx";
import { Plot } from "./plot.tsx";

/** units: 1e-6 of the asset. */
export interface Leg {
  readonly series: Series;
  readonly units: bigint;
}

const POINTS = 121;
/** The picture goes at least from half of spot to one and a half. */
const REACH = 0.5;

function around(spot: number, legs: readonly Leg[]): readonly [number, number] {
  const strikes = legs.map(({ series }) => series.strike);
  return [
    Math.min(spot * (1 - REACH), ...strikes.map((strike) => strike * 0.8)),
    Math.max(spot * (1 + REACH), ...strikes.map((strike) => strike * 1.2)),
  ];
}

/** cost: USD that is taken off; beside: how many of the asset are held beside, from today's price; span: the prices that
 * are shown; what: is drawn; model: what the line of today is called. */
export function Payoffs(props: {
  state: State;
  legs: readonly Leg[];
  cost?: number;
  beside?: number;
  span?: readonly [number, number];
  what?: string;
  model?: string;
}) {
  const { state, legs, cost = 0, beside = 0, model: called = "today, by the model" } = props;
  const expiry = legs[0]?.series.expiry ?? 0;
  const smile = state.expiries.find((each) => each.expiry === expiry)?.posted?.smile;
  const key = legs
    .map(({ series, units }) => `${series.expiry}/${series.strike}/${series.other}/${series.isPut}/${units}`)
    .join();
  const { xs, then, now } = useMemo(() => {
    const [low, high] = props.span ?? around(state.spot, legs);
    const grid = Array.from({ length: POINTS }, (_, i) => low + ((high - low) * i) / (POINTS - 1));
    const rest = (price: number): number => beside * (price - state.spot) - cost;
    const sum = (of: (series: Series) => number): number =>
      legs.reduce((all, { series, units }) => all + of(series) * sizeOf(units), 0);
    const model = (price: number): number | null =>
      smile ? sum((series) => mark(series, smile, price, state.head.timestamp).value) + rest(price) : null;
    return {
      xs: grid,
      then: grid.map((price) => sum((series) => payoff(series, price)) + rest(price)),
      now: grid.map(model),
    };
  }, [key, state, cost, beside]);
  return (
    <Plot
      xs={xs}
      here={state.spot}
      label={`${props.what ?? `What the options of ${dateOf(expiry)} come to`} by price, at expiry and today; the price now is ${fixed(state.spot)} USD`}
      lines={[
        { name: "at expiry", values: then, colour: "ink" },
        { name: called, values: now, colour: "faint", isDashed: true },
      ]}
    />
  );
}
