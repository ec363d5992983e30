/** A quote, taken apart: what it is made of, and the hedge that trades with it. */

import { Pairs, clock, fixed, percent } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { Legs } from "../parts/legs.tsx";
import { Payoffs } from "../parts/payoffs.tsx";
import type { Quote } from "../protocol/deal.ts";
import { legsNow } from "../protocol/legs.ts";
import { partsOf } from "../protocol/parts.ts";
import { idOf } from "../protocol/series.ts";
import { abs, units, usd, usdOf, wad, wadOf } from "../protocol/units.ts";
import { useAnswer } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { type Bounds, boundOf } from "../state/trade.ts";
import type { Chosen } from "./menu.tsx";

function rowsOf(quote: Quote) {
  const isClose = quote.wanted.isClose;
  const parts = partsOf(quote);
  return [
    [<Term word="mark" />, `${usd(parts.mark)} USD at ${percent(wadOf(quote.vol), 2)}`],
    [<Term word="spread" />, `${usd(parts.spread)} USD`],
    [<Term word="fee" />, `${usd(parts.fee)} USD`],
    ...(isClose ? [] : [[<Term word="capital charge" />, `${usd(parts.charge)} USD`] as const]),
    ...(isClose ? [] : [[<Term word="carry" />, `${usd(parts.carry)} USD`] as const]),
    [<Term word="hedge">hedge's cost</Term>, `${usd(parts.hedge)} USD`],
  ] as const;
}

/** The quote, part by part, and the hedge that trades with it. */
export function Taken({
  market,
  quote,
  bounds,
  state,
}: {
  market: Market;
  quote: Quote;
  bounds: Bounds;
  state: State;
}) {
  const asset = market.deployment.asset;
  const isClose = quote.wanted.isClose;
  return (
    <div aria-live="off">
      <Pairs label="The price taken apart" rows={rowsOf(quote)} />
      <p class="total number">
        <span>{isClose ? "You are paid" : "You pay"}</span> <strong>{usd(quote.total)} USD</strong>
      </p>
      <p class="about number">
        {isClose ? "at least" : "at most"} {usd(boundOf(quote, bounds))} USD, until{" "}
        {clock(state.head.timestamp + bounds.lifetime).slice(11)}
        {quote.units < quote.wanted.units && ` · only ${units(quote.units)} ${asset} can be closed now`}
      </p>
      <Hedge {...{ market, quote, state }} />
      <h3>Greeks for 1 {asset}</h3>
      <Pairs
        label="Greeks"
        rows={[
          [<Term word="delta" />, fixed(wadOf(quote.delta), 4)],
          [<Term word="gamma" />, fixed(wadOf(quote.gamma), 6)],
          [<Term word="vega" />, `${fixed(wadOf(quote.vega) / 100, 2)} USD a point`],
        ]}
      />
    </div>
  );
}

/** The hedge that trades with it, and what is left open. */
function Hedge({ market, quote, state }: { market: Market; quote: Quote; state: State }) {
  const asset = market.deployment.asset;
  return (
    <>
      <h3>
        The <Term word="hedge" /> in the same transaction
      </h3>
      <Pairs
        label="The hedge"
        rows={[
          [
            `order on ${market.deployment.venues.join("+")}`,
            quote.order
              ? `${quote.order > 0n ? "buy" : "sell"} ${wad(abs(quote.order))} ${asset}`
              : "none: the band holds it",
          ],
          ["filled at", quote.order ? `${fixed(wadOf(quote.fill))} USD` : "–"],
          [<Term word="residual">residual before</Term>, `${wad(quote.before)} ${asset}`],
          ["residual after", `${wad(quote.after)} ${asset}`],
          ["band around it", `± ${wad(quote.hard)} ${asset}`],
        ]}
      />
      <Split {...{ market, quote, state }} />
    </>
  );
}

/** The order by venue, where there are several. */
function Split({ market, quote, state }: { market: Market; quote: Quote; state: State }) {
  const { head } = state;
  const { series, units: size, isClose } = quote.wanted;
  const { value } = useAnswer(`${idOf(series)}:${size}:${isClose}`, `${head.hash}:${quote.order}`, () =>
    legsNow(market.reader, market, quote.order, quote.worst, head),
  );
  return <Legs legs={value ?? []} asset={market.deployment.asset} />;
}

/** A cap that is farther than this from spot is left out of the picture. */
const FAR = 1.8;

/** What the trade is worth at expiry and today, by price: its profit where it has a price, of the part that it is of. */
export function Picture(props: { state: State; quote: Quote | null; chosen: Chosen; units: bigint }) {
  const { state, quote, chosen, units: size } = props;
  const { series, isClose } = chosen;
  const isNear = series.other > 0 && series.other < state.spot * FAR;
  const ends = [series.strike, state.spot, ...(isNear ? [series.other] : [])];
  const cost = quote ? usdOf(quote.total) : 0;
  const filled = quote?.units ?? size;
  return (
    <Payoffs
      state={state}
      legs={[{ series, units: isClose ? -filled : filled }]}
      cost={isClose ? -cost : cost}
      span={[Math.min(...ends) * 0.75, Math.max(...ends) * 1.25]}
      what={quote ? "Profit of the trade" : "What it pays, without what it costs,"}
      model="today"
    />
  );
}
