/** The hedge venues: whether each answers, what lies there, and how far the price may move before it is short. */

import { Notice } from "../../parts/basic.tsx";
import { Term } from "../../parts/glossary.tsx";
import type { Check } from "../../state/check.ts";
import type { Look } from "../../state/look.ts";
import { Checks } from "./checks.tsx";

/** names: of the venues; venues: what is compared of each, in the same order; account: of all as one. */
export function Venues(props: {
  look: Look;
  names: readonly string[];
  venues: readonly (readonly Check[])[];
  account: readonly Check[];
}) {
  const { look, names, venues, account } = props;
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
            <Checks label={`Venue ${names[i] ?? v.venue}`} rows={venues[i] ?? []} />
          </div>
        ))}
        <div>
          <h3>The account as one</h3>
          <Checks label="The hedge account" rows={account} />
        </div>
      </div>
    </section>
  );
}
