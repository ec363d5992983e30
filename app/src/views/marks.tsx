/** The Vault's mark and the gate's: how old they are, and their renewal by hand. */

import type { Address } from "viem";

import { Refused } from "../chain/reader.ts";
import { Fault, Pairs, fixed, span } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { usd, wadOf } from "../protocol/units.ts";
import { beat, useAnswer } from "../state/live.ts";
import { type Renewal, renewalOf, renewalSteps, renewedIn } from "../state/renewal.ts";
import type { Market, State } from "../state/market.ts";
import type { Plan } from "./earn.tsx";

export function Marks(props: { market: Market; state: State; account: Address | null; onPlan: (plan: Plan) => void }) {
  const { market, state, account, onPlan } = props;
  const { funds, gate } = state.snapshot;
  const { value, error } = useAnswer(account ?? "", beat(market, state.head), () =>
    renewalOf(market, account, state.head),
  );
  const ago = (time: bigint): string => (time ? `${span(state.head.timestamp - Number(time))} ago` : "never");
  const steps = value ? renewalSteps(market, value) : [];
  const review = (): void => {
    if (!account || !steps.length) return;
    onPlan({
      account,
      title: "Renew the marks",
      steps,
      deed: (receipts) => ({ title: "Marked anew", rows: renewedIn(market, receipts), receipts }),
    });
  };
  return (
    <section class="card" aria-label="Marks">
      <h2>Marks</h2>
      <Pairs
        label="Marks and their age"
        rows={[
          [<Term word="NAV">low NAV</Term>, `${usd(funds.nav)} USD, marked ${ago(funds.nav_time)}`],
          [<Term word="gate">worst jump</Term>, `${fixed(wadOf(gate.worst))} USD, marked ${ago(gate.mark.time)}`],
          ["it would be now", worstNow(value)],
        ]}
      />
      <p class="about">
        The low NAV is what reserve, gate and the hour's opens are parts of; the gate's mark is what opens go by, for an
        hour or a fiftieth of a move. A keeper renews both, and anybody may: it costs gas, moves no money, and who asks
        changes nothing in it. With the gate's mark the breaker looks, and stops opens or frees them.
      </p>
      {error ? <Fault error={error} /> : null}
      {value?.vault && <Fault error={value.vault} />}
      {value?.worst instanceof Refused && <Fault error={value.worst} />}
      <button disabled={!account || !steps.length} onClick={review}>
        {account ? "Review their renewal" : "Connect a wallet to renew them"}
      </button>
    </section>
  );
}

function worstNow(value: Renewal | null): string {
  if (!value) return "…";
  return value.worst instanceof Refused ? "refused" : `${fixed(wadOf(value.worst))} USD`;
}
