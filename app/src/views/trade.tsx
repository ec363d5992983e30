/** Buying and selling back: the chain beside the ticket. */

import { useEffect, useState } from "preact/hooks";

import { idOf, seriesOf } from "../protocol/series.ts";
import type { State } from "../state/market.ts";
import { Notice, Words } from "../parts/basic.tsx";
import { isPaused } from "../protocol/terms.ts";
import { inWords } from "../chain/refusal.ts";
import type { Shown } from "./index.tsx";
import { type Chosen, Menu } from "./menu.tsx";
import { EMPTY, type Form, readForm } from "../state/form.ts";
import { Ticket } from "./ticket.tsx";

/** The series that an address names by its id, where it is listed. */
function namedIn(state: State, rest: string): Chosen | null {
  if (!/^\d{1,78}$/.test(rest)) return null;
  const series = seriesOf(BigInt(rest));
  const isListed = state.expiries.some(({ expiry }) => expiry === series.expiry);
  return isListed && idOf(series) === BigInt(rest) ? { series, isClose: false } : null;
}

export function Trade({ market, state, rest, onTraded }: Shown) {
  const [chosen, setChosen] = useState<Chosen | null>(() => namedIn(state, rest));
  useEffect(() => {
    if (rest) setChosen(namedIn(state, rest));
  }, [rest]);
  const [form, setForm] = useState<Form>(EMPTY);
  const { units: size } = readForm(form);
  const paused = isPaused(state.terms) ? inWords("market: paused") : null;
  return (
    <div class="trade">
      {paused && (
        <Notice kind="warn">
          <p>
            <Words text={paused.what} />
          </p>
          <p class="next">
            <Words text={paused.next} />
          </p>
        </Notice>
      )}
      <Menu {...{ market, state, size, chosen }} onChoose={setChosen} />
      {chosen ? (
        <Ticket {...{ market, state, chosen, form, onTraded }} onForm={setForm} />
      ) : (
        <section class="ticket card empty" aria-label="Trade">
          <h2>Choose a price</h2>
          <p>
            An ask buys, a bid sells back. What you buy is hedged in the same transaction: the vault computes how much
            of the asset the option behaves like, trades that on its venue, and refuses all of it where the hedge does
            not fill.
          </p>
        </section>
      )}
    </div>
  );
}
