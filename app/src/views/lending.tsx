/** The two forms of an LP: coming in, and asking to leave. */

import { useEffect, useState } from "preact/hooks";
import type { Address } from "viem";

import { Refused } from "../chain/reader.ts";
import { Fault, Field, Notice, Pairs, Waiting, clock, fixed, percent, span } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { WAD, InputError, parseAmount, usd, usdOf, wad, wadOf } from "../protocol/units.ts";
import { type DepositPreview, depositPreview, depositSteps, earliest, exitStep } from "../state/lending.ts";
import { useAnswer } from "../state/live.ts";
import { marginOf, means } from "../state/losses.ts";
import type { Market, State } from "../state/market.ts";
import { SHARES } from "../state/stake.ts";
import type { Plan } from "./earn.tsx";

interface Given {
  readonly market: Market;
  readonly state: State;
  readonly onPlan: (plan: Plan) => void;
}

/** What is typed, and what is wrong with it. */
function read(text: string, places: number, what: string): { amount: bigint; fault: string } {
  try {
    const amount = parseAmount(text, places, what);
    return { amount, fault: amount ? "" : "More than nothing" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { amount: 0n, fault: error.message };
  }
}

export function Deposit({ market, state, account, onPlan }: Given & { account: Address | null }) {
  const [text, setText] = useState("1000");
  const { amount, fault } = read(text, 6, "Amount");
  const { value, error } = useAnswer(fault ? "" : `${amount}:${account}`, state.head.hash, () =>
    fault ? null : depositPreview(market, account, amount, state.head),
  );
  const refused = value instanceof Refused ? value : null;
  const preview = value !== null && !(value instanceof Refused) && value.amount === amount ? value : null;
  const lacks = preview !== null && preview.held !== null && preview.held < amount;
  const review = (found: DepositPreview): void => {
    if (!account) return;
    onPlan({
      account,
      title: `Deposit ${usd(found.amount)} USD`,
      steps: depositSteps(market, account, found),
      deed: {
        title: "Deposited",
        rows: [
          ["put in", `${usd(found.amount)} USD`],
          ["shares, at least", wad(found.least, 6)],
        ],
      },
    });
  };
  return (
    <section class="ticket card" aria-label="Deposit">
      <h2>Put money in</h2>
      <Field label="Amount" unit="USD" value={text} fault={fault} onInput={setText} />
      {refused && <Fault error={refused} />}
      {error ? <Fault error={error} /> : null}
      {preview ? (
        <Pairs
          label="What a deposit gets"
          rows={[
            [<Term word="share">shares</Term>, wad(preview.shares, 6)],
            ["at, a share", preview.shares ? `${fixed(usdOf(preview.amount) / wadOf(preview.shares), 6)} USD` : "–"],
            ["at least, or it is refused", `${wad(preview.least, 6)} shares`],
            ["fee", "none"],
            ...(preview.held === null ? [] : [["you have", `${usd(preview.held)} USD`] as const]),
          ]}
        />
      ) : (
        !refused && !fault && !error && <Waiting lines={4} label="Asking what it gets" />
      )}
      {preview && preview.allowed > amount && (
        <Notice kind="info">
          The Vault may take {usd(preview.allowed)} USD from before. This takes {usd(amount)}, and the end of the other{" "}
          {usd(preview.allowed - amount)} is offered after it.
        </Notice>
      )}
      {lacks && <Notice kind="warn">You have {usd(preview.held!)} USD: deposit at most that.</Notice>}
      <Limits {...{ market, state }} />
      <button class="main" disabled={!preview || !account || lacks} onClick={() => preview && review(preview)}>
        {account ? "Review the deposit" : "Connect a wallet to deposit"}
      </button>
    </section>
  );
}

const liesThere = (margin: bigint | null): string =>
  margin === null ? "Nobody knows how many USD" : `${wad(margin, 2)} USD`;

/** What the promise does not cover, where the money is typed in. */
function Limits({ market, state }: { market: Market; state: State }) {
  const { terms } = state;
  const { owed } = means(state);
  const lies = liesThere(marginOf(state));
  return (
    <Notice kind="warn">
      <h3>What you can lose</h3>
      <ul class="plainly">
        <li>
          Holders are paid first. What is left is yours: you sell volatility, and when the price moves more than options
          were priced for, you lose. Nobody promises a return.
        </li>
        <li>
          <strong>The venue.</strong> {lies} of margin lie there now, and more follow as the hedge needs it. If it
          fails, is robbed or lies, they are gone. No holder's money is there.
        </li>
        <li>
          <strong>A jump beyond the gate.</strong> No option opens that leaves more than{" "}
          {percent(terms.gate / 10_000, 0)} of the NAV at stake in the worst of eight instant jumps, from −50 to +100 %,
          and more than it found. A larger one, two in a row, or a price that runs while no hedge fills can cost more:
          at the worst all that options may pay, {usd(owed)} USD now, and all that goes to the venue.
        </li>
        <li>
          <strong>The signers.</strong> They post volatility. If enough of their keys lie together, options sell at
          wrong prices, up to the largest move of an hour, and of up to six hours in which they were silent, and the
          hour's opens.
        </li>
        <li>
          <strong>The owner.</strong> He may change the terms, inside fixed bounds: what only stops opens at once, all
          else after a public delay. He cannot touch code, floor, past settlements or claims. A guardian may stop opens
          at once, and take the venue down: then nothing is hedged, and exits wait three days and leave without its
          margin.
        </li>
        <OfTime {...{ market, state }} />
        <li>
          <strong>The dollar.</strong> Everything is owed in the quote token, whatever that is worth. The price feed is
          believed. And this is software that nobody audited.
        </li>
      </ul>
    </Notice>
  );
}

/** For how long money is bound that is asked for now, at the least. */
function OfTime({ market, state }: { market: Market; state: State }) {
  const { value: due } = useAnswer("", state.head.hash, () => earliest(market, state.head));
  return (
    <li>
      <strong>Time.</strong> Leaving takes {due === null ? "a delay" : span(due - state.head.timestamp)} at least, then
      a calm moment, and cash that no option could need. Opens leave some free:{" "}
      {percent(state.terms.reserve / 10_000, 0)} of the NAV, or as much as all options may pay where that is less,{" "}
      {usd(means(state).reserve)} USD now.
    </li>
  );
}

export function Leave(props: Given & { account: Address; shares: bigint; worth: bigint }) {
  const { market, state, account, shares, worth, onPlan } = props;
  const [text, setText] = useState("");
  useEffect(() => setText(""), [shares]);
  const { amount, fault } = text ? read(text, SHARES, "Shares") : { amount: 0n, fault: "" };
  const over = amount > shares ? `You have ${wad(shares, 6)}` : "";
  const { value: due } = useAnswer("", state.head.hash, () => earliest(market, state.head));
  const price = shares ? (worth * WAD) / shares : 0n;
  const about = (amount * price) / WAD;
  const review = (): void =>
    onPlan({
      account,
      title: "Ask to leave",
      steps: [exitStep(market, account, amount)],
      deed: {
        title: "Asked to leave",
        rows: [
          ["shares", wad(amount, 6)],
          ["processed at the earliest", due ? clock(due) : "–"],
        ],
      },
    });
  return (
    <section aria-label="Leave">
      <h3>Take money out</h3>
      <div class="side-by-side">
        <Field
          label="Shares"
          unit=""
          value={text}
          fault={fault || over}
          hint={`of ${wad(shares, 6)}`}
          onInput={setText}
        />
        <div class="beside">
          <button onClick={() => setText(exact(shares))}>All of them</button>
        </div>
      </div>
      {amount > 0n && !over && (
        <Pairs
          label="What an exit brings"
          rows={[
            ["worth at the last low NAV", `${usd(about)} USD`],
            ["processed at the earliest", due ? clock(due) : "–"],
          ]}
        />
      )}
      <p class="about">
        It cannot be taken back. The price is the low NAV of the moment at which it is processed, so it may be more or
        less than now; you bear gains and losses until then.
      </p>
      <button disabled={!amount || over !== "" || fault !== ""} onClick={review}>
        Review the exit
      </button>
    </section>
  );
}

/** All decimals of shares, so that all of them means all. */
const exact = (shares: bigint): string => {
  const text = wad(shares, SHARES).replaceAll(",", "");
  return text.replace(/\.?0+$/, "");
};
