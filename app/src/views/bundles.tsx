/** Bundles: options that do one thing together, bought leg by leg. */

import { useState } from "preact/hooks";
import { Field, Notice } from "../parts/basic.tsx";
import { type Series, dateOf } from "../protocol/series.ts";
import { DAY } from "../protocol/units.ts";
import { type Choice, type Kind, endsOf, legsOfChoice, nearest } from "../state/bundle.ts";
import { EMPTY, type Form, fieldOf, readForm } from "../state/form.ts";
import type { State } from "../state/market.ts";
import { markOf } from "./held.tsx";
import type { Shown } from "./index.tsx";
import { KINDS, Offer } from "./bundle-offer.tsx";

/** What a form begins with: days to expiry, and the delta of what is bought out of the money. */
const DAYS = 21;
const OUT = 0.3;

const opening = (state: State): number =>
  nearest(
    state.expiries.map(({ expiry }) => expiry),
    state.head.timestamp + DAYS * DAY,
  );

/** The strike at which the model's delta is nearest to what a form begins with. */
function begun(state: State, strikes: readonly number[], series: (strike: number) => Series): number {
  const away = (strike: number): number => Math.abs(Math.abs(markOf(state, series(strike))?.delta ?? 0) - OUT);
  return strikes.reduce((best, strike) => (away(strike) < away(best) ? strike : best), strikes[0] ?? 0);
}

function chosenOf(state: State, kind: Kind, expiry: number, low: number | null, high: number | null): Choice {
  const { lows } = endsOf(state, kind, expiry, 0);
  const put = (strike: number): Series => ({ expiry, isPut: true, strike, other: 0 });
  const out =
    kind === "spread"
      ? nearest(lows, state.spot)
      : begun(
          state,
          lows.filter((strike) => strike <= state.spot),
          put,
        );
  const first = low !== null && lows.includes(low) ? low : out || (lows[0] ?? 0);
  const { highs } = endsOf(state, kind, expiry, first);
  const call = (strike: number): Series => ({ expiry, isPut: false, strike, other: strike * 2 });
  const second =
    high !== null && highs.includes(high) ? high : kind === "spread" ? (highs[0] ?? 0) : begun(state, highs, call);
  return { kind, expiry, low: first, high: second };
}

export function Bundles({ market, state, onTraded }: Shown) {
  const [kind, setKind] = useState<Kind>("put");
  const [day, setDay] = useState<number | null>(null);
  const [ends, setEnds] = useState<readonly [number | null, number | null]>([null, null]);
  const [form, setForm] = useState<Form>(EMPTY);
  const expiry = state.expiries.find((each) => each.expiry === day)?.expiry ?? opening(state);
  if (!expiry) return <Notice kind="info">No expiry is listed now. The lister adds new ones; look again later.</Notice>;
  const choice = chosenOf(state, kind, expiry, ...ends);
  const { lows, highs } = endsOf(state, kind, expiry, choice.low);
  const legs = legsOfChoice(state, choice);
  const { fault } = readForm(form);
  const field = fieldOf(form, fault, setForm);
  return (
    <div class="trade">
      <section class="card" aria-label="Bundle">
        <h2>Bundles</h2>
        <Tabs kind={kind} onKind={setKind} />
        <p class="about">{KINDS[kind].about}</p>
        <div class="side-by-side">
          <Choose
            label="Expiry"
            value={expiry}
            options={state.expiries.map((each) => each.expiry)}
            say={dateOf}
            onChoose={setDay}
          />
          <Field label="Size of each leg" unit={market.deployment.asset} {...field("size")} />
          <Choose
            label={KINDS[kind].low}
            value={choice.low}
            options={lows}
            say={price}
            onChoose={(low) => setEnds([low, ends[1]])}
          />
          {highs.length > 0 && (
            <Choose
              label={KINDS[kind].high}
              value={choice.high}
              options={highs}
              say={price}
              onChoose={(high) => setEnds([ends[0], high])}
            />
          )}
          <Field label="Slippage" unit="%" {...field("slippage")} />
          <Field label="Good for" unit="min" {...field("minutes")} />
        </div>
      </section>
      {legs.length ? <Offer {...{ market, state, kind, legs, form, onTraded }} /> : <NoEnd kind={kind} />}
    </div>
  );
}

function Tabs({ kind, onKind }: { kind: Kind; onKind: (kind: Kind) => void }) {
  return (
    <div class="tabs" role="group" aria-label="Kind">
      {(Object.keys(KINDS) as Kind[]).map((each) => (
        <button key={each} aria-pressed={each === kind} onClick={() => onKind(each)}>
          {KINDS[each].name}
        </button>
      ))}
    </div>
  );
}

function NoEnd({ kind }: { kind: Kind }) {
  return (
    <section class="ticket card empty" aria-label="What it costs">
      <h2>{KINDS[kind].name}</h2>
      <p>The ladder of that day has no strike for its other end. Choose another strike, or another expiry.</p>
    </section>
  );
}

const price = (strike: number): string => `${strike.toLocaleString("en-US")} USD`;

function Choose(props: {
  label: string;
  value: number;
  options: readonly number[];
  say: (option: number) => string;
  onChoose: (option: number) => void;
}) {
  return (
    <label class="choose">
      <span>{props.label}</span>
      <select value={String(props.value)} onChange={(event) => props.onChoose(Number(event.currentTarget.value))}>
        {props.options.map((option) => (
          <option key={option} value={String(option)}>
            {props.say(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
