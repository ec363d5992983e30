/** Whether it is true: what the contracts say beside what the page computes from state, with the calls to ask again. */

import { codesOf } from "../chain/deployment.ts";
import { Fault, Notice, Waiting } from "../parts/basic.tsx";
import { type Check, agrees, differs } from "../state/check.ts";
import { hedging, prices, solvency } from "../state/checks.ts";
import { SELDOM, useAnswer } from "../state/live.ts";
import { type Look, lookAt, rulesAt } from "../state/look.ts";
import type { Market } from "../state/market.ts";
import { jumps, jumpsNow } from "../state/shocks.ts";
import { accountChecks, codeChecks, parameters, roleChecks, venueChecks } from "../state/standing.ts";
import type { Shown } from "./index.tsx";
import { Attested } from "./verify/attested.tsx";
import { Bands } from "./verify/bands.tsx";
import { Payoffs, Smiles } from "./verify/book.tsx";
import { Checks } from "./verify/checks.tsx";
import { Contracts, Parameters, Roles } from "./verify/rules.tsx";
import { Venues } from "./verify/venues.tsx";

export function Verify({ market, state }: Shown) {
  const { head, snapshot } = state;
  const { deployment, reader } = market;
  const seldom = String(Math.floor(head.number / SELDOM));
  const figures = useAnswer("", head.hash, async () => lookAt(market, await reader.before(head)));
  const rules = useAnswer(snapshot.terms.join(), seldom, () => rulesAt(market, head));
  const codes = useAnswer("", seldom, () => codesOf(reader, deployment));
  const look = figures.value;
  if (!look)
    return figures.error ? <Fault error={figures.error} /> : <Waiting lines={16} label="Reading every figure" />;
  const groups = groupsOf(look, deployment.asset);
  const venues = look.venues.value.map((_, i) => venueChecks(look, i, deployment.asset));
  const account = accountChecks(look);
  const terms = rules.value && parameters(rules.value, snapshot);
  const roles = rules.value && roleChecks(rules.value);
  const code = codes.value && codeChecks(codes.value, head.number);
  const all = [...Object.values(groups), ...venues, account, terms ?? [], roles ?? [], code ?? []].flat();
  return (
    <div class="grid verify">
      <Summary all={all} look={look} source={market.source} />
      {figures.error || rules.error || codes.error ? (
        <div class="wide">
          <Fault error={figures.error ?? rules.error ?? codes.error} />
        </div>
      ) : null}
      <Figures {...{ look, market, groups }} />
      {code ? <Contracts checks={code} /> : <Pending label="Reading the contracts" />}
      <Venues {...{ look, venues, account }} names={deployment.venues} />
      <Attested market={market} />
      {rules.value && roles ? <Roles rules={rules.value} checks={roles} /> : <Pending label="Reading the roles" />}
      {rules.value && terms ? (
        <Parameters rules={rules.value} checks={terms} />
      ) : (
        <Pending label="Reading the parameters" />
      )}
    </div>
  );
}

const groupsOf = (look: Look, asset: string) => ({
  solvency: solvency(look),
  hedging: hedging(look, asset),
  jumps: jumps(look),
  now: jumpsNow(look),
  prices: prices(look),
});

function Figures({ look, market, groups }: { look: Look; market: Market; groups: ReturnType<typeof groupsOf> }) {
  const marked = look.snapshot.value.gate.mark.time > 0n;
  return (
    <>
      <section class="card" aria-label="Solvency">
        <h2>Can everybody be paid?</h2>
        <Checks label="Solvency" rows={groups.solvency} />
      </section>
      <section class="card" aria-label="Payoffs">
        <h2>What could be owed</h2>
        <Payoffs look={look} />
      </section>
      <section class="card" aria-label="Greeks and hedge">
        <h2>Is it hedged?</h2>
        <Bands snapshot={look.snapshot.value} asset={market.deployment.asset} />
        <Checks label="Greeks and hedge" rows={groups.hedging} />
      </section>
      <section class="card" aria-label="Surface">
        <h2>At which volatility?</h2>
        <Smiles {...{ market, look }} />
        <Checks label="Spot and surface" rows={groups.prices} />
      </section>
      <section class="card" aria-label="Jumps">
        <h2>What would a jump cost?</h2>
        <p class="about">
          {marked
            ? "What each jump costs the book alone, as it was marked last and trades have followed since."
            : "The book was never marked: options open only once it is."}
        </p>
        <Checks label="Jumps" rows={groups.jumps} />
        <p class="about">By the price and the surface of this block: the contract's bound beside the model.</p>
        {groups.now.length ? (
          <Checks label="Jumps now" rows={groups.now} />
        ) : (
          <p class="about">Nothing to compare: a price is stale, or an expiry waits for its own.</p>
        )}
      </section>
    </>
  );
}

const Pending = ({ label }: { label: string }) => (
  <section class="card wide" aria-label={label}>
    <Waiting lines={10} label={label} />
  </section>
);

function Summary({ all, look, source }: { all: readonly Check[]; look: Look; source: string }) {
  const wrong = all.filter(differs);
  const right = all.filter(agrees).length;
  return (
    <section class="wide" aria-label="Verdict">
      <Notice kind={wrong.length ? "bad" : "good"}>
        <h1>
          {wrong.length ? `${wrong.length} of ${wrong.length + right} figures differ` : `All ${right} figures agree`}
        </h1>
        {wrong.length > 0 && <p class="next">{wrong.map((each) => each.name).join(", ")}</p>}
        <p>
          Each is what a contract says, beside what this page computes from state by itself. Choose a verdict to see the
          call that gave the figure, so that you can ask it again elsewhere.
        </p>
        <p class="code hash number">
          block {look.head.number.toLocaleString("en-US")} · {look.head.hash} · through {source}
        </p>
      </Notice>
    </section>
  );
}
