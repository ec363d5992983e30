/** What LPs can lose, by the chain's own figures: the gate's jumps, the floor and its reserve, the margin. */

import { useMemo } from "preact/hooks";

import type { Head } from "../chain/reader.ts";
import { Notice, Pairs, fixed, percent, span } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { Plot } from "../parts/plot.tsx";
import { breakerSays } from "../protocol/terms.ts";
import { TO_WAD, usd, usdOf, wad, wadOf } from "../protocol/units.ts";
import { useAnswer } from "../state/live.ts";
import { NOBODY_SAYS, jumps, leftAt, marginOf, means } from "../state/losses.ts";
import type { Market, State } from "../state/market.ts";

const POINTS = 121;
/** Settlement prices of the picture, shares of spot. */
const [LOWEST, HIGHEST] = [0.1, 3];

/** What each venue lost and is not forgotten, and past how much it gets no margin, in the deployment's order. */
async function lostAt({ reader, on, deployment }: Market, head: Head): Promise<(readonly [bigint, bigint])[]> {
  const several = deployment.venues.length > 1;
  const venues = several ? await reader.read(on.venueSet, "venues", [], head) : [deployment.adapter];
  return Promise.all(venues.map((venue) => reader.read(on.vault, "venue_losses", [venue], head)));
}

export function Losses({ market, state }: { market: Market; state: State }) {
  const { nav, cash, owed, floor, reserve, queued } = means(state);
  const { snapshot } = state;
  const { value: lost } = useAnswer("", state.head.hash, () => lostAt(market, state.head));
  const share = (amount: bigint): string => (nav ? ` · ${percent(Number(amount) / Number(nav), 0)}` : "");
  const lies = marginOf(state);
  const margin = lies === null ? NOBODY_SAYS : `${wad(lies, 2)} USD${share(lies / TO_WAD)}`;
  return (
    <section class="card" aria-label="What can be lost">
      <h2>What LPs can lose now</h2>
      <div class="legs">
        <Pairs
          label="Cash"
          rows={[
            [<Term word="NAV">low NAV</Term>, `${usd(nav)} USD`],
            ["cash, less what is set aside", `${usd(cash)} USD${share(cash)}`],
            ["most that options may pay", `${usd(owed)} USD${share(owed)}`],
            [<Term word="floor" />, `${usd(floor)} USD`],
            [<Term word="reserve">reserve that opens leave</Term>, `${usd(reserve)} USD`],
            ["owed to LPs who wait", `${usd(queued)} USD`],
          ]}
        />
        <Pairs
          label="Venue"
          rows={[
            [`margin on ${market.deployment.venues.join("+")}`, margin],
            ["hedge there", `${fixed(wadOf(snapshot.position), 4)} ${market.deployment.asset}`],
            ...market.deployment.venues.map((name, i, { length }): [string, string] => [
              length > 1 ? `lost at ${name} without a reason in prices` : "lost without a reason in prices",
              lost?.[i] ? `${usd(lost[i][0])} of ${usd(lost[i][1])} USD` : "–",
            ]),
            [<Term word="breaker" />, breakerSays(state.terms)],
          ]}
        />
      </div>
      <Gate state={state} />
      <Left state={state} />
    </section>
  );
}

/** The eight jumps and how much of the gate they use. */
function Gate({ state }: { state: State }) {
  const { gate } = state.snapshot;
  const rows = jumps(state);
  const [worst, limit, nav] = [wadOf(gate.worst), wadOf(gate.limit), usdOf(state.snapshot.funds.nav)];
  if (!rows)
    return <Notice kind="info">The book was never marked for the gate: nothing opens until somebody does.</Notice>;
  const used = limit > 0 ? worst / limit : 0;
  const most = Math.max(...rows.map(({ all }) => all));
  return (
    <>
      <h3>
        An instant jump, with no chance to hedge: the <Term word="gate" />
      </h3>
      <p class="number">
        The worst costs {fixed(worst)} USD, {percent(used, 0)} of the {fixed(limit)} USD that opens may leave
        {gate.is_fresh ? "" : "; the mark is old, and opens wait for a new one"} · marked{" "}
        {span(state.head.timestamp - Number(gate.mark.time))} ago
      </p>
      <progress max={1} value={Math.min(Math.max(used, 0), 1)} aria-label={`${percent(used, 0)} of the gate is used`} />
      <div class="scroll" tabIndex={0} role="region" aria-label="Jumps">
        <table class="plainly-headed" aria-label="What each jump costs">
          <thead>
            <tr>
              <th scope="col">jump</th>
              <th scope="col">options</th>
              <th scope="col">with hedge</th>
              <th scope="col">of NAV</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ move, book, all }) => (
              <tr key={move} class={all === most && most > 0.005 ? "near" : ""}>
                <th scope="row" class="number">
                  {move > 0 ? "+" : "−"}
                  {Math.abs(move * 100)} %
                </th>
                <td class="number">{fixed(book)}</td>
                <td class="number">{fixed(all)}</td>
                <td class="number">{nav ? percent(all / nav, 2) : "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="about">
        What it costs, in USD, at the most: sold options count at one and a half times their volatility, bought ones at
        four fifths. A negative cost is a gain.
      </p>
    </>
  );
}

function Left({ state }: { state: State }) {
  const { xs, left } = useMemo(() => {
    const grid = Array.from(
      { length: POINTS },
      (_, i) => state.spot * (LOWEST + ((HIGHEST - LOWEST) * i) / (POINTS - 1)),
    );
    return { xs: grid, left: grid.map((price) => leftAt(state, price)) };
  }, [state]);
  return (
    <>
      <h3>Left for LPs, should every expiry settle at a price and nobody hedge until then</h3>
      <Plot
        xs={xs}
        here={state.spot}
        label={`USD left for LPs by settlement price; the price now is ${fixed(state.spot)} USD`}
        lines={[{ name: "left for LPs, USD", values: left, colour: "ink" }]}
      />
    </>
  );
}
