/** What every expiry owes by settlement price, and its smile beside the one before: two pictures. */

import { useState } from "preact/hooks";

import { bookOf, maximum, openOf, payoff } from "../../model/book.ts";
import { type Smile, forward, unpackSmile, vol } from "../../model/smile.ts";
import { fixed, span } from "../../parts/basic.tsx";
import { Term } from "../../parts/glossary.tsx";
import { type Line, Plot } from "../../parts/plot.tsx";
import { dateOf } from "../../protocol/series.ts";
import { YEAR, usd, usdOf, wadOf } from "../../protocol/units.ts";
import { SELDOM, useAnswer } from "../../state/live.ts";
import { type Look, sliceBefore } from "../../state/look.ts";
import type { Market } from "../../state/market.ts";

const POINTS = 120;
/** How much of the spot price a picture shows beyond its last strike. */
const BEYOND = 1.25;
/** Deviations to either side of the forward that a smile is shown. */
const REACH = 2.5;

/** One of several expiries; the first where the chosen one is gone. */
function useChoice(expiries: readonly number[]): [number, (expiry: number) => void] {
  const [chosen, setChosen] = useState(0);
  return [expiries.includes(chosen) ? chosen : (expiries[0] ?? 0), setChosen];
}

function Tabs(props: {
  label: string;
  expiries: readonly number[];
  chosen: number;
  onChoose: (expiry: number) => void;
}) {
  return (
    <div class="tabs" role="group" aria-label={props.label}>
      {props.expiries.map((expiry) => (
        <button key={expiry} aria-pressed={expiry === props.chosen} onClick={() => props.onChoose(expiry)}>
          {dateOf(expiry)}
        </button>
      ))}
    </div>
  );
}

export function Payoffs({ look }: { look: Look }) {
  const open = openOf(look.snapshot.value.expiries);
  const [chosen, choose] = useChoice(open.map((e) => Number(e.expiry)));
  const found = open.find((e) => Number(e.expiry) === chosen);
  if (!found) return <p class="about">Nothing is open: nobody can be owed anything.</p>;
  const book = bookOf(found);
  const worst = maximum(book);
  const spot = wadOf(look.snapshot.value.spot);
  const end = Math.max(spot, ...book.nodes.map(([strike]) => Number(strike))) * BEYOND;
  const even = Array.from({ length: POINTS + 1 }, (_, i) => Math.round((end * i) / POINTS));
  const xs = [...new Set([...even, ...book.nodes.map(([strike]) => Number(strike))])].sort((a, b) => a - b);
  const owed = xs.map((price) => usdOf(payoff(book, BigInt(price))));
  const most = worst ? usdOf(worst.amount) : null;
  const lines: Line[] = [
    { name: "owed to holders", values: owed, colour: "ink" },
    { name: "the most", values: xs.map(() => most), colour: "loss", isDashed: true },
  ];
  const said = worst ? `${usd(worst.amount)} USD, at ${fixed(Number(worst.price), 0)} USD` : "without end";
  return (
    <>
      <Tabs label="Expiries" expiries={open.map((e) => Number(e.expiry))} chosen={chosen} onChoose={choose} />
      <Plot
        xs={xs}
        lines={lines}
        here={spot}
        label={`Owed at ${dateOf(chosen)} by settlement price; the most is ${said}`}
      />
      <p class="about number">Worst case: {said}. The dotted line is where the price stands.</p>
    </>
  );
}

/** Volatility by strike. */
const curve = (smile: Smile, f: number, xs: readonly number[]): number[] =>
  xs.map((x) => vol(smile, Math.log(x / f)) * 100);

export function Smiles({ market, look }: { market: Market; look: Look }) {
  const now = look.head.timestamp;
  const posted = look.slices.value.filter((slice) => Number(slice.expiry) > now);
  const [chosen, choose] = useChoice(posted.map((slice) => Number(slice.expiry)));
  const slice = posted.find((each) => Number(each.expiry) === chosen);
  const { value: before } = useAnswer(
    `${chosen}:${slice?.slice_word}`,
    String(Math.floor(look.head.number / SELDOM)),
    () => (slice ? sliceBefore(market, look.head, slice) : null),
  );
  if (!slice) return <p class="about">No slice is posted.</p>;
  const spot = wadOf(look.snapshot.value.spot);
  const life = (chosen - now) / YEAR;
  const smile = unpackSmile(slice.slice_word);
  const f = forward(smile, spot, life);
  const reach = REACH * vol(smile, 0) * Math.sqrt(life);
  const xs = Array.from({ length: POINTS / 2 + 1 }, (_, i) => f * Math.exp(reach * ((4 * i) / POINTS - 1)));
  const last = before === null ? null : unpackSmile(before);
  const lines: Line[] = [
    { name: "now, %", values: curve(smile, f, xs), colour: "ink" },
    ...(last ? [{ name: "the one before", values: curve(last, f, xs), colour: "faint", isDashed: true } as const] : []),
    ...(slice.beside
      ? [
          {
            name: "quoted beside it",
            values: curve(unpackSmile(slice.beside), f, xs),
            colour: "loss",
            isDashed: true,
          } as const,
        ]
      : []),
  ];
  const moved = last ? (vol(smile, 0) - vol(last, 0)) * 100 : null;
  return (
    <>
      <Tabs label="Slices" expiries={posted.map((each) => Number(each.expiry))} chosen={chosen} onChoose={choose} />
      <Plot xs={xs} lines={lines} here={spot} label={`Volatility of ${dateOf(chosen)} by strike, in per cent`} />
      <p class="about number">
        The <Term word="surface" /> is {span(Number(slice.age))} old; at the money {fixed(vol(smile, 0) * 100)} %
        {moved === null ? ", the slice before it is not at hand" : `, ${fixed(moved)} points from the slice before`}.
      </p>
    </>
  );
}
