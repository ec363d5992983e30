/** The option chain: strikes of one expiry, what each side costs for a size, and why one cannot be opened. */

import { useEffect, useMemo, useState } from "preact/hooks";

import { Refused } from "../chain/reader.ts";
import { inWords } from "../chain/refusal.ts";
import { type Mark, mark } from "../model/mark.ts";
import { Fault, Notice, Waiting, Words, fixed, span } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { type Quote, type Wanted, quotes } from "../protocol/deal.ts";
import { type Series, dateOf, idOf, nameOf } from "../protocol/series.ts";
import { nearest } from "../state/bundle.ts";
import { beat, useAnswer } from "../state/live.ts";
import type { Expiry, Market, State } from "../state/market.ts";
import { units, usd } from "../protocol/units.ts";

/** A series, and whether it is to be sold back. */
export interface Chosen {
  readonly series: Series;
  readonly isClose: boolean;
}

interface Sides {
  readonly ask: Quote | Refused;
  readonly bid: Quote | Refused;
}

/** size: units that its prices are for. */
interface Table {
  readonly size: bigint;
  readonly sides: ReadonlyMap<bigint, Sides>;
}

async function sidesOf(market: Market, state: State, expiry: Expiry, size: bigint): Promise<Table> {
  const every = expiry.rows.flatMap(({ call, put }) => (call ? [call, put] : [put]));
  const wanted: Wanted[] = [false, true].flatMap((isClose) =>
    every.map((series) => ({ series, units: size, isClose })),
  );
  const answers = await quotes(market.reader, market.on, wanted, state.head);
  const sides = every.map(
    (series, i) => [idOf(series), { ask: answers[i]!, bid: answers[i + every.length]! }] as const,
  );
  return { size, sides: new Map(sides) };
}

export function Menu(props: {
  market: Market;
  state: State;
  size: bigint;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen) => void;
}) {
  const { market, state, size, chosen, onChoose } = props;
  const [day, setDay] = useState<number | null>(chosen?.series.expiry ?? null);
  const [isPut, setPut] = useState(chosen?.series.isPut ?? false);
  const expiry = state.expiries.find((each) => each.expiry === day) ?? state.expiries[0];
  useEffect(() => {
    if (expiry && day !== expiry.expiry) setDay(expiry.expiry);
  }, [expiry, day]);
  const { value: table, error } = useAnswer(`${expiry?.expiry}`, `${beat(market, state.head)}:${size}`, () =>
    expiry ? sidesOf(market, state, expiry, size) : null,
  );
  if (!expiry) return <Notice kind="info">No expiry is listed now. The lister adds new ones; look again later.</Notice>;
  return (
    <section class="menu" aria-label="Option chain">
      <div class="tabs" role="group" aria-label="Expiry">
        {state.expiries.map((each) => (
          <button key={each.expiry} aria-pressed={each === expiry} onClick={() => setDay(each.expiry)}>
            {dateOf(each.expiry)} <small>{span(each.expiry - state.head.timestamp)}</small>
          </button>
        ))}
      </div>
      <div class="tabs only-narrow" role="group" aria-label="Calls or puts">
        <button aria-pressed={!isPut} onClick={() => setPut(false)}>
          Calls
        </button>
        <button aria-pressed={isPut} onClick={() => setPut(true)}>
          Puts
        </button>
      </div>
      <p class="about number">
        {expiry.forward === null ? "No surface is posted for this expiry." : `Forward ${fixed(expiry.forward)} USD`}
        {expiry.posted && ` · surface ${span(expiry.posted.age)} old`} · prices for {units(table?.size ?? size)}{" "}
        {market.deployment.asset}
      </p>
      {expiry.posted && expiry.posted.age > state.terms.surface_age && (
        <Notice kind="warn">
          <Words text={inWords("market: surface stale").what} /> <Words text={inWords("market: surface stale").next} />
        </Notice>
      )}
      {error ? <Fault error={error} /> : null}
      <div class="scroll" tabIndex={0} role="region" aria-label="Strikes">
        <Rows {...{ market, state, expiry, table, chosen, onChoose, isPut }} />
      </div>
      {!table && !error && <Waiting lines={2} label="Asking the chain for prices" />}
    </section>
  );
}

/** What the model says of each series. */
function marksOf({ spot, head }: State, { rows, posted }: Expiry): ReadonlyMap<bigint, Mark> {
  if (!posted) return new Map();
  const every = rows.flatMap(({ call, put }) => (call ? [call, put] : [put]));
  return new Map(every.map((series) => [idOf(series), mark(series, posted.smile, spot, head.timestamp)]));
}

function Rows(props: {
  market: Market;
  state: State;
  expiry: Expiry;
  table: Table | null;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen) => void;
  isPut: boolean;
}) {
  const { market, state, expiry, table, chosen, onChoose, isPut } = props;
  const marks = useMemo(() => marksOf(state, expiry), [expiry, state]);
  const near = nearest(
    expiry.rows.map(({ put }) => put.strike),
    state.spot,
  );
  const cells = (series: Series | null) =>
    series ? (
      <Cells
        name={nameOf(series, market.deployment.asset)}
        isPut={series.isPut}
        sides={table?.sides.get(idOf(series)) ?? null}
        model={marks.get(idOf(series)) ?? null}
        pressed={chosen && idOf(chosen.series) === idOf(series) ? chosen : null}
        onChoose={(isClose) => onChoose({ series, isClose })}
      />
    ) : (
      <NoCap />
    );
  return (
    <table class={isPut ? "puts" : "calls"}>
      <Heads />
      <tbody>
        {expiry.rows.map(({ call, put }) => (
          <tr key={put.strike} class={put.strike === near ? "near" : ""}>
            {cells(call)}
            <Strike strike={put.strike} cap={call?.other ?? null} />
            {cells(put)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const NoCap = () => (
  <td colSpan={4} class="none">
    no cap listed
  </td>
);

function Strike({ strike, cap }: { strike: number; cap: number | null }) {
  return (
    <th scope="row" class="number">
      {strike.toLocaleString("en-US")}
      {cap !== null && <small> ≤ {cap.toLocaleString("en-US")}</small>}
    </th>
  );
}

const HEADS = ["bid", "ask", "volatility", "delta"] as const;

function Heads() {
  return (
    <thead>
      <tr>
        <th colSpan={4} class="call">
          <Term word="call">Calls</Term>
        </th>
        <th rowSpan={2} scope="col">
          <Term word="strike">Strike</Term>
        </th>
        <th colSpan={4} class="put">
          <Term word="put">Puts</Term>
        </th>
      </tr>
      <tr>
        {["call", "put"].flatMap((kind) =>
          HEADS.map((head) => (
            <th key={kind + head} class={kind} scope="col">
              {head === "volatility" ? "vol" : head}
            </th>
          )),
        )}
      </tr>
    </thead>
  );
}

function Cells(props: {
  name: string;
  isPut: boolean;
  sides: Sides | null;
  model: Mark | null;
  pressed: Chosen | null;
  onChoose: (isClose: boolean) => void;
}) {
  const { name, isPut, sides, model, pressed, onChoose } = props;
  const kind = isPut ? "put" : "call";
  return (
    <>
      <Price
        {...{ kind, name, isClose: true, answer: sides?.bid ?? null, isPressed: pressed?.isClose === true, onChoose }}
      />
      <Price
        {...{ kind, name, isClose: false, answer: sides?.ask ?? null, isPressed: pressed?.isClose === false, onChoose }}
      />
      <td class={`number ${kind}`}>{model ? `${fixed(model.vol * 100, 1)} %` : "–"}</td>
      <td class={`number ${kind}`}>{model ? fixed(model.delta) : "–"}</td>
    </>
  );
}

/** What a part of the size pays is no price of it. */
const whyNot = (answer: Quote | Refused): { what: string; next: string } =>
  answer instanceof Refused
    ? inWords(answer.message)
    : { what: `Only ${units(answer.units)} of it can be closed now.`, next: "Choose it to see what that pays." };

function Price(props: {
  kind: string;
  name: string;
  isClose: boolean;
  answer: Quote | Refused | null;
  isPressed: boolean;
  onChoose: (isClose: boolean) => void;
}) {
  const { kind, name, isClose, answer, isPressed, onChoose } = props;
  const verb = isClose ? "Sell back" : "Buy";
  if (answer === null) return <td class={`number price ${kind}`}>…</td>;
  if (answer instanceof Refused || answer.units < answer.wanted.units) {
    const words = whyNot(answer);
    return (
      <td class={`number price ${kind}`}>
        <button
          class="plain off"
          aria-label={`${verb} ${name}: not now. ${words.what}`}
          title={`${words.what} ${words.next}`}
          onClick={() => onChoose(isClose)}
        >
          –
        </button>
      </td>
    );
  }
  return (
    <td class={`number price ${kind}`}>
      <button
        class="plain"
        aria-pressed={isPressed}
        aria-label={`${verb} ${name} for ${usd(answer.total)} USD`}
        onClick={() => onChoose(isClose)}
      >
        {usd(answer.total)}
      </button>
    </td>
  );
}
