/** The table of what is held: what it cost, what it is worth and why not, and the ways out. */

import { Refused } from "../chain/reader.ts";
import { inWords } from "../chain/refusal.ts";
import { type Mark, mark } from "../model/mark.ts";
import { Gain, Words, fixed, span } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { type Series, idOf, nameOf } from "../protocol/series.ts";
import { sizeOf, units, usd, usdOf, wad } from "../protocol/units.ts";
import type { State } from "../state/market.ts";
import { type Position, isCostKnown, keyOf, profitOf, totalsOf } from "../state/portfolio.ts";

export interface Ways {
  readonly chosen: Series | null;
  readonly busy: Series | null;
  readonly onClose: (position: Position) => void;
  readonly onRedeem: (position: Position) => void;
}

/** The model's mark of a series on the slice that is posted; null without one. */
export function markOf(state: State, series: Series): Mark | null {
  const smile = state.expiries.find((each) => each.expiry === series.expiry)?.posted?.smile;
  return smile && series.expiry > state.head.timestamp ? mark(series, smile, state.spot, state.head.timestamp) : null;
}

export const signed = (amount: bigint): string => `${amount > 0n ? "+" : ""}${usd(amount)}`;

/** Why a holding has no value now, in words; "" where it has one. */
export function whyNot(position: Position, asset: string): string {
  const { quote, value } = position;
  if (value !== null || quote === null) return "";
  if (quote instanceof Refused) {
    const { what, next } = inWords(quote.message);
    return `${what} ${next}`;
  }
  return `Only ${units(quote.units)} ${asset} can be sold back now.`;
}

/** Of all of it: delta a dollar, USD a point of volatility, USD a day. */
const greeks = (model: Mark, size: number): string =>
  `gamma ${fixed(model.gamma * size, 6)} · vega ${fixed((model.vega * size) / 100)} · theta ${fixed(model.theta * size)}`;

export function HeldTable(props: { state: State; asset: string; positions: readonly Position[]; ways: Ways }) {
  const { state, asset, positions, ways } = props;
  const totals = totalsOf(positions);
  return (
    <table class="stacked" aria-label="Positions">
      <thead>
        <tr>
          <th scope="col" class="text">
            <Term word="series" />
          </th>
          {["size", "paid", "received", "value", "profit"].map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
          <th scope="col">
            <Term word="delta" />
          </th>
          <th scope="col">
            <span class="hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {positions.map((position) => (
          <Row key={keyOf(position)} {...{ state, asset, position, ways }} />
        ))}
      </tbody>
      {positions.length > 1 && (
        <tfoot>
          <tr>
            <th scope="row" class="text" colSpan={2}>
              together
            </th>
            <td class="number" data-label="paid">
              {usd(totals.paid)}
            </td>
            <td class="number" data-label="received">
              {usd(totals.received)}
            </td>
            <td class="number" data-label="value">
              {totals.value === null ? "–" : usd(totals.value)}
            </td>
            <td class="number" data-label="profit">
              <Profit amount={totals.profit} />
            </td>
            <td colSpan={2} class="rest" />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Profit({ amount }: { amount: bigint | null }) {
  return amount === null ? <>–</> : <Gain amount={usdOf(amount)} text={signed(amount)} />;
}

function Row({ state, asset, position, ways }: { state: State; asset: string; position: Position; ways: Ways }) {
  const { series, settlement } = position;
  const name = nameOf(series, asset);
  const left = series.expiry - state.head.timestamp;
  const model = position.units ? markOf(state, series) : null;
  const why = whyNot(position, asset);
  const when = left > 0 ? `expires in ${span(left)}` : settlement ? `settled at ${wad(settlement, 2)} USD` : "expired";
  return (
    <tr class={ways.chosen && idOf(ways.chosen) === idOf(series) ? "near" : ""}>
      <th scope="row" class="text">
        {left > 0 ? <a href={`#/trade/${idOf(series)}`}>{name}</a> : name} <small>{when}</small>
        {model && <small class="line number">{greeks(model, sizeOf(position.units))}</small>}
        {(position.transferred !== 0n || !isCostKnown(position)) && (
          <small class="line">
            {position.transferred ? `${units(position.transferred)} ${asset}` : "As much"} came or went by a transfer,
            whose cost is not known{isCostKnown(position) ? "" : ": so there is no profit to tell"}
          </small>
        )}
        {why && (
          <small class="line">
            <Words text={why} />
          </small>
        )}
      </th>
      <td class="number" data-label="size">
        {units(position.units)}
      </td>
      <td class="number" data-label="paid">
        {usd(position.paid)}
      </td>
      <td class="number" data-label="received">
        {usd(position.received)}
      </td>
      <td class="number" data-label="value">
        {position.value === null ? "–" : usd(position.value)}
      </td>
      <td class="number" data-label="profit">
        <Profit amount={profitOf(position)} />
      </td>
      <td class="number" data-label="delta">
        {model ? fixed(model.delta * sizeOf(position.units), 4) : "–"}
      </td>
      <td class="act">{position.units ? <Act {...{ name, position, ways }} isOver={left <= 0} /> : null}</td>
    </tr>
  );
}

function Act({ name, position, ways, isOver }: { name: string; position: Position; ways: Ways; isOver: boolean }) {
  if (!isOver) {
    return (
      <button aria-label={`Sell back ${name}`} onClick={() => ways.onClose(position)}>
        Sell back
      </button>
    );
  }
  return (
    <button aria-label={`Redeem ${name}`} disabled={ways.busy !== null} onClick={() => ways.onRedeem(position)}>
      {ways.busy && idOf(ways.busy) === idOf(position.series) ? "Looking" : "Redeem"}
    </button>
  );
}
