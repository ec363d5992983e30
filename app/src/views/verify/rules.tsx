/** What owners and guardians may change, what is under way, who they are, and whose code stands. */

import { useState } from "preact/hooks";

import { clock, span } from "../../parts/basic.tsx";
import type { Check } from "../../state/check.ts";
import type { Rules } from "../../state/look.ts";
import { Checks, Mark, Shown } from "./checks.tsx";

/** checks: one for each of the parameters, in their order. */
export function Parameters({ rules, checks }: { rules: Rules; checks: readonly Check[] }) {
  const [opened, setOpened] = useState<Check | null>(null);
  const queued = rules.parameters.filter((each) => each.queued);
  return (
    <section class="card wide" aria-label="Parameters">
      <h2>Parameters and their bounds</h2>
      <p class="about">
        What applies at once is tighter. Everything else waits {span(rules.delay)} in public. {queued.length || "No"}{" "}
        change
        {queued.length === 1 ? " is" : "s are"} under way.
      </p>
      <div class="scroll">
        <table class="checks" aria-label="Parameters">
          <thead>
            <tr>
              <th class="text">parameter</th>
              <th>now</th>
              <th class="second">least</th>
              <th class="second">most</th>
              <th class="second">at once</th>
              <th>under way</th>
              <th>
                <span class="hidden">verdict</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rules.parameters.map((each, i) => (
              <tr key={each.name}>
                <th scope="row" class="text">
                  {each.name}
                </th>
                <td class="number">{String(each.term.value[0])}</td>
                <td class="number second">{String(each.term.value[1])}</td>
                <td class="number second">{String(each.term.value[2])}</td>
                <td class="second">{each.atOnce}</td>
                <td class="number">{each.queued ? `${each.queued.amount} from ${clock(each.queued.readyAt)}` : "–"}</td>
                <td>{checks[i] && <Mark check={checks[i]} onOpen={() => setOpened(checks[i] ?? null)} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened && <Shown check={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

/** checks: one for each of the roles, in their order. */
export function Roles({ rules, checks }: { rules: Rules; checks: readonly Check[] }) {
  const [opened, setOpened] = useState<Check | null>(null);
  return (
    <section class="card wide" aria-label="Roles">
      <h2>Who may do what</h2>
      <div class="roles">
        {rules.roles.map((role, i) => (
          <div key={role.name}>
            <h3>
              {role.name} {checks[i] && <Mark check={checks[i]} onOpen={() => setOpened(checks[i] ?? null)} />}
            </h3>
            {role.members.value.length === 0 && <p class="about">nobody</p>}
            {role.members.value.map((account) => (
              <p key={account} class="code hash">
                {account}
              </p>
            ))}
            {role.offers.map((offer) => (
              <p key={offer.account} class="about">
                offered to <span class="code hash">{offer.account}</span> from {clock(offer.readyAt)}
              </p>
            ))}
          </div>
        ))}
      </div>
      {opened && <Shown check={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

export function Contracts({ checks }: { checks: readonly Check[] }) {
  return (
    <section class="card" aria-label="Contracts">
      <h2>Whose code stands</h2>
      <p class="about">The hash of each contract's code, beside the one in the deployment's file.</p>
      <Checks label="Contracts" first="contract" rows={checks} heads={["the file says", "the chain has"]} />
    </section>
  );
}
