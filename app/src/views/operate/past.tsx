/** What a keeper asks, what it warned of, and what it did. */

import { fixed, percent, shortened } from "../../parts/basic.tsx";
import { dateOf } from "../../protocol/series.ts";
import { type Figures, type Keeper, WEI } from "../../state/figures.ts";

/** Lines of a list. */
const SHOWN = 25;

const BESIDES = new Set(["time", "level", "event"]);

export function Nodes({ figures, head }: { figures: Figures; head: number }) {
  const nodes = figures.of("tandem_node_up");
  const figure = (name: string, node: string): number =>
    figures.of(name).find(({ labels }) => labels["node"] === node)?.value ?? NaN;
  return (
    <section class="card wide" aria-label="Nodes">
      <h2>Nodes</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Nodes, one a line">
        <table class="stacked">
          <thead>
            <tr>
              <th class="text" scope="col">
                node
              </th>
              <th scope="col">answers</th>
              <th scope="col">block</th>
              <th scope="col">behind</th>
              <th scope="col">a request takes</th>
              <th scope="col">fails</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map(({ labels, value }) => {
              const node = labels["node"] ?? "";
              const height = figure("tandem_node_block_height", node);
              return (
                <tr key={node}>
                  <td class="text code">{node}</td>
                  <td data-label="answers" class={value ? "gain" : "loss"}>
                    {value ? "yes" : "no"}
                  </td>
                  <td class="number" data-label="block">
                    {fixed(height, 0)}
                  </td>
                  <td class="number" data-label="behind">
                    {fixed(Math.max(head - height, 0), 0)}
                  </td>
                  <td class="number" data-label="a request takes">
                    {fixed(figure("tandem_node_latency_seconds", node) * 1_000, 1)} ms
                  </td>
                  <td class="number" data-label="fails">
                    {percent(figure("tandem_node_error_share", node))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Warnings({ keeper }: { keeper: Keeper }) {
  return (
    <section class="card wide" aria-label="Warnings">
      <h2>Warnings</h2>
      {keeper.warnings.length === 0 && <p>None since it began.</p>}
      <ul class="lines">
        {keeper.warnings.slice(0, SHOWN).map((each, i) => (
          <li key={i}>
            <span class="code number">{each.time ?? ""}</span> <strong>{String(each.event ?? "")}</strong>{" "}
            <span class="about">
              {Object.entries(each)
                .filter(([name, value]) => !BESIDES.has(name) && value !== null)
                .map(([name, value]) => `${name} ${String(value)}`)
                .join(", ")}
            </span>
          </li>
        ))}
      </ul>
      <p class="about">
        What each means and what to do is in the operators' guide. Who is not looking is told by{" "}
        <code>tandem alerts</code>.
      </p>
    </section>
  );
}

export function Acts({ keeper }: { keeper: Keeper }) {
  return (
    <section class="card wide" aria-label="Journal">
      <h2>Journal</h2>
      {keeper.acts.length === 0 && <p>Nothing it did is in a block yet.</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label="The journal, one act a line">
        <table class="stacked">
          <thead>
            <tr>
              <th class="text" scope="col">
                act
              </th>
              <th class="text" scope="col">
                became
              </th>
              <th scope="col">block</th>
              <th scope="col">nonce</th>
              <th scope="col">gas</th>
              <th scope="col">ETH</th>
              <th class="text" scope="col">
                hash
              </th>
              <th class="text" scope="col">
                why
              </th>
            </tr>
          </thead>
          <tbody>
            {keeper.acts.slice(0, SHOWN).map((act) => (
              <tr key={act.id}>
                <td class="text">
                  {act.id} {act.kind}
                </td>
                <td class={`text ${act.state === "mined" ? "" : "loss"}`}>{act.state}</td>
                <td class="number" data-label="block">
                  {act.block.toLocaleString("en-US")}
                </td>
                <td class="number" data-label="nonce">
                  {act.nonce ?? ""}
                </td>
                <td class="number" data-label="gas">
                  {act.gas_used?.toLocaleString("en-US") ?? ""}
                </td>
                <td class="number" data-label="ETH">
                  {act.paid === null ? "" : fixed(act.paid / WEI, 6)}
                </td>
                <td class="text code">{act.hash ? shortened(act.hash) : ""}</td>
                <td class="text">{act.note ? `${dated(act.reason)} (${act.note})` : dated(act.reason)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="about">
        <code>tandem journal</code> has all of it, with filters.
      </p>
    </section>
  );
}

/** A keeper says of an expiry when it is, in seconds. */
const dated = (reason: string): string =>
  reason.replace(/\bexpiry (\d{10})\b/, (_, at: string) => `expiry ${dateOf(Number(at))}`);
