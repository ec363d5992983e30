/** The hedge venues: whether each answers, what lies there, and how far the price may move before it is short. */

import { Notice } from "../../parts/basic.tsx";
import { Term } from "../../parts/glossary.tsx";
import type { Look } from "../../state/look.ts";
import type { Market } from "../../state/market.ts";
import { accountChecks, venueChecks } from "../../state/standing.ts";
import { Checks } from "./checks.tsx";

export function Venues({ market, look }: { market: Market; look: Look }) {
  const { asset, venues: names } = market.deployment;
  return (
    <section class="card wide" aria-label="Venues">
      <h2>Where the hedge lives</h2>
      <div class="grid">
        {look.venues.value.map((v, i) => (
          <div key={v.venue}>
            <h3>
              <Term word="venue">{names[i] ?? v.venue}</Term>
            </h3>
            {v.is_down && <Notice kind="bad">A guardian took it down: its margin counts for nothing.</Notice>}
            {!v.answers && <Notice kind="bad">It does not answer.</Notice>}
            <Checks label={`Venue ${names[i] ?? v.venue}`} rows={venueChecks(look, i, asset)} />
          </div>
        ))}
        <div>
          <h3>The account as one</h3>
          <Checks label="The hedge account" rows={accountChecks(look)} />
        </div>
      </div>
    </section>
  );
}
