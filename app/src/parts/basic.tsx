/** Small parts that every view is made of. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { inWords } from "../chain/refusal.ts";
import { NodeDown, NodeEndless, Refused } from "../chain/reader.ts";
import { WalletError } from "../chain/wallets.ts";
import { InputError, moment } from "../protocol/units.ts";
import { faultOf } from "../state/live.ts";

export const fixed = (value: number, shown = 2): string =>
  Number.isFinite(value)
    ? value.toLocaleString("en-US", { minimumFractionDigits: shown, maximumFractionDigits: shown }).replace("-", "−")
    : "–";
export const percent = (share: number, shown = 1): string => `${fixed(share * 100, shown)} %`;
export const shortened = (hex: string): string => `${hex.slice(0, 6)}…${hex.slice(-4)}`;
export const clock = moment;

export function span(seconds: number): string {
  if (seconds < 90) return `${Math.max(Math.round(seconds), 0)} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** A signed amount of money: its sign, a mark and a colour say the same. */
export function Gain({ amount, text }: { amount: number; text: string }) {
  const kind = amount > 0 ? "gain" : amount < 0 ? "loss" : "";
  const sign = amount > 0 ? "▲ " : amount < 0 ? "▼ " : "";
  return (
    <span class={`number ${kind}`}>
      <span aria-hidden="true">{sign}</span>
      {text}
    </span>
  );
}

/** Name and value, one a line. */
export function Pairs({
  rows,
  label,
}: {
  rows: readonly (readonly [ComponentChildren, ComponentChildren])[];
  label: string;
}) {
  return (
    <dl class="pairs" aria-label={label}>
      {rows.map(([name, value], i) => (
        <div key={i}>
          <dt>{name}</dt>
          <dd class="number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Notice({ kind, children }: { kind: "info" | "warn" | "bad" | "good"; children: ComponentChildren }) {
  return (
    <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** A sentence in which commands stand between backticks. */
export function Words({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</>;
}

/** An error in words, with the next step. isOnce: nobody asks again by himself. */
export function Fault({ error, isOnce = false }: { error: unknown; isOnce?: boolean }) {
  if (error instanceof Refused) {
    const { what, next, code } = inWords(error.message);
    return (
      <Notice kind="bad">
        <p>
          <Words text={what} />
        </p>
        <p class="next">
          <Words text={next} />
        </p>
        <p class="code">{code}</p>
      </Notice>
    );
  }
  const next =
    error instanceof WalletError || error instanceof NodeEndless
      ? error.next
      : error instanceof InputError
        ? ""
        : later(error, isOnce);
  return (
    <Notice kind="bad">
      <p>
        <Words text={faultOf(error)} />
      </p>
      {next && <p class="next">{next}</p>}
    </Notice>
  );
}

function later(error: unknown, isOnce: boolean): string {
  if (!isOnce) return "Nothing is lost; it is asked again.";
  return error instanceof NodeDown ? "Nothing is lost; try again once it answers." : "";
}

/** A label, a field, and what is wrong with it. */
export function Field(props: {
  label: ComponentChildren;
  value: string;
  unit: string;
  onInput: (text: string) => void;
  fault?: string;
  hint?: string;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="box">
        <input
          id={id}
          inputMode="decimal"
          autocomplete="off"
          spellcheck={false}
          value={props.value}
          aria-invalid={props.fault ? "true" : "false"}
          aria-describedby={`${id}-said`}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        <span class="unit">{props.unit}</span>
      </div>
      <p class={props.fault ? "said bad" : "said"} id={`${id}-said`}>
        {props.fault || props.hint || "\u00a0"}
      </p>
    </div>
  );
}

/** A dialogue over the page; Escape closes it, and the keyboard stays inside. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
  }, []);
  return (
    <dialog ref={box} aria-labelledby={id} onClose={onClose}>
      <header>
        <h2 id={id}>{title}</h2>
        <button class="plain" aria-label="Close" onClick={() => box.current?.close()}>
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Lines where something will stand, so that nothing jumps when it comes. */
export function Waiting({ lines, label }: { lines: number; label: string }) {
  return (
    <div class="waiting" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}
