/** A keeper as it is now: its heart, its gas, the hedge and what fills leave. */

import { Gain, Notice, Pairs, fixed, percent, shortened, span } from "../../parts/basic.tsx";
import { type Figures, type Keeper, WEI, openMarkouts } from "../../state/figures.ts";

export function Health({ keeper, head }: { keeper: Keeper; head: number }) {
  const { figures, health, ready } = keeper;
  const behind = head - figures.one("tandem_block_height");
  const isWell = health === "ok" && ready === "ok";
  return (
    <section class="card" aria-label="Heartbeat">
      <h2>Heartbeat</h2>
      <Notice kind={isWell ? "good" : "bad"}>
        <p>{isWell ? "It lives, and has what it needs." : `${health === "ok" ? "It lives" : health}; ${ready}`}</p>
      </Notice>
      <Pairs
        label="Heartbeat's figures"
        rows={[
          ["last good cycle", `${span(figures.one("tandem_since_success_seconds"))} ago`],
          ["block it saw", `${fixed(figures.one("tandem_block_height"), 0)}${behind > 2 ? `, ${behind} behind` : ""}`],
          [
            "cycles, failed",
            `${fixed(figures.one("tandem_cycle_seconds_count"), 0)}, ${fixed(figures.one("tandem_cycles_failed_total"), 0)}`,
          ],
          ["half of cycles take at most", `${fixed(figures.quantile("tandem_cycle_seconds", 0.5), 2)} s`],
          ["99 of 100 take at most", `${fixed(figures.quantile("tandem_cycle_seconds", 0.99), 2)} s`],
          ["left undone in the last plan", fixed(figures.one("tandem_notes"), 0)],
        ]}
      />
    </section>
  );
}

export function Money({ figures }: { figures: Figures }) {
  const paid = figures.sum("tandem_paid_wei_total") / WEI;
  return (
    <section class="card" aria-label="Gas">
      <h2>Gas</h2>
      <Pairs
        label="Gas figures"
        rows={[
          ["account holds", `${fixed(figures.one("tandem_account_balance_eth"), 4)} ETH`],
          ["paid since it began", `${fixed(paid, 6)} ETH`],
          ["gas used", fixed(figures.sum("tandem_gas_used_total"), 0)],
          ["one act that can wait may cost", `${fixed(figures.one("tandem_action_cap_eth"), 4)} ETH`],
          ["signed and in no block yet", fixed(figures.one("tandem_open_transactions"), 0)],
        ]}
      />
      <h3>By what it was for</h3>
      <Pairs
        label="Gas by kind"
        rows={figures
          .of("tandem_paid_wei_total")
          .filter(({ value }) => value > 0)
          .map(({ labels, value }) => [labels["kind"] ?? "", `${fixed(value / WEI, 6)} ETH`])}
      />
    </section>
  );
}

/** Of the oldest slice in use; where nothing is open none is. */
const surfaceAge = (age: number, limit: number) =>
  Number.isNaN(limit) ? "–" : Number.isNaN(age) ? "nothing open that needs one" : `${span(age)} of ${span(limit)}`;

/** What traders' fills left to LPs, the hedge in its band, and the venue. */
export function Flow({ figures }: { figures: Figures }) {
  const venue = figures.of("tandem_venue_basis")[0]?.labels["venue"] ?? "";
  const { fills, mean } = openMarkouts(figures);
  return (
    <section class="card" aria-label="Hedge and flow">
      <h2>Hedge and flow</h2>
      <Pairs
        label="Flow figures"
        rows={[
          ["residual", fixed(figures.one("tandem_residual_asset"), 4)],
          ["hard band", `± ${fixed(figures.one("tandem_hard_band_asset"), 4)}`],
          ["margin lacking", `${fixed(figures.one("tandem_margin_lacking_usd"))} USD`],
          [
            "surface",
            surfaceAge(figures.one("tandem_surface_age_seconds"), figures.one("tandem_surface_age_limit_seconds")),
          ],
          ["venue", venue ? shortened(venue) : "–"],
          ["its price over the index", percent(figures.one("tandem_venue_basis"), 3)],
          ["our position pays a day", percent(figures.one("tandem_venue_funding_day"), 4)],
          ["its depth", `${fixed(figures.one("tandem_venue_depth_usd"), 0)} USD`],
          ["opens seen again after an hour", fixed(fills, 0)],
          [
            "LPs keep of one, on average",
            fills > 0 ? <Gain amount={mean} text={`${fixed(mean)} USD`} /> : "too few opens",
          ],
          [
            "half-spread, and what fills advise",
            `${percent(figures.one("tandem_half_spread"), 2)}, ${percent(figures.one("tandem_half_spread_advised"), 2)}`,
          ],
        ]}
      />
    </section>
  );
}
