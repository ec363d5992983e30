/** A list of figures: what a contract says, what the page computes, and whether they agree. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Evidence } from "../../chain/evidence.ts";
import { Dialog, Pairs } from "../../parts/basic.tsx";
import type { Check } from "../../state/check.ts";

/** What stands over the two columns. */
export type Heads = readonly [string, string];
const HEADS: Heads = ["contract says", "page computes"];

export function Checks(props: { label: string; rows: readonly Check[]; heads?: Heads; first?: string }) {
  const { label, rows, heads = HEADS, first = "figure" } = props;
  const [opened, setOpened] = useState<Check | null>(null);
  return (
    <>
      <table class="checks" aria-label={label}>
        <thead>
          <tr>
            <th class="text">{first}</th>
            <th>{heads[0]}</th>
            <th class="second">{heads[1]}</th>
            <th>
              <span class="hidden">verdict</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" class="text">
                {row.name}
              </th>
              <td class="number">
                {row.said} <span class="unit">{row.unit}</span>
              </td>
              <td class="number second">{row.found}</td>
              <td>
                <Mark check={row} onOpen={() => setOpened(row)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {opened && <Shown check={opened} heads={heads} onClose={() => setOpened(null)} />}
    </>
  );
}

/** Whether it agrees, which opens how that was found. */
export function Mark({ check, onOpen }: { check: Check; onOpen: () => void }) {
  const [kind, word, shown] =
    check.apart === null
      ? ["", "not compared", "the call"]
      : check.apart
        ? ["off", "differs", "✗ differs"]
        : ["ok", "agrees", "✓ agrees"];
  return (
    <button class={`plain mark ${kind}`} aria-label={`${check.name}: ${word}. Show the call`} onClick={onOpen}>
      {shown}
    </button>
  );
}

export function Shown({ check, heads = HEADS, onClose }: { check: Check; heads?: Heads; onClose: () => void }) {
  const { call } = check;
  const apart = check.apart === null ? "not compared" : check.apart || "nothing";
  return (
    <Dialog title={check.name} onClose={onClose}>
      <Pairs
        label="The two figures"
        rows={[
          [heads[0], `${check.said} ${check.unit}`],
          [heads[1], `${check.found} ${check.unit}`],
          ["they differ by", apart],
        ]}
      />
      <p class="about hash">{check.how}</p>
      <h3>The call that gave it</h3>
      <Call call={call} />
    </Dialog>
  );
}

function Call({ call }: { call: Evidence }) {
  return (
    <>
      <dl class="args">
        {(
          [
            ["contract", call.contract],
            ["address", call.address],
            ["function", `${call.name}(${call.args.join(", ")})`],
            ["block", String(call.block)],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Raw name="sent" text={call.data} />
      <Raw name="raw answer" text={call.answer} />
    </>
  );
}

function Raw({ name, text }: { name: string; text: ComponentChildren }) {
  return (
    <>
      <p class="about">{name}</p>
      <pre class="raw code" tabIndex={0} aria-label={name}>
        {text}
      </pre>
    </>
  );
}
