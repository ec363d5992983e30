/** Bundles: options that do one thing together, bought leg by leg. */

import { useState } from "preact/hooks";
import type { Address } from "viem";

import { Refused } from "../chain/reader.ts";
import type { Receipt, Step } from "../chain/sending.ts";
import { useAccount } from "../parts/account.tsx";
import { Fault, Field, Notice, Pairs, Waiting } from "../parts/basic.tsx";
import { type Deed, Done } from "../parts/done.tsx";
import { Term } from "../parts/glossary.tsx";
import { Payoffs } from "../parts/payoffs.tsx";
import { Signing } from "../parts/signing.tsx";
import type { Quote } from "../protocol/deal.ts";
import { type Series, dateOf, nameOf, seriesOf } from "../protocol/series.ts";
import { DAY, abs, sizeOf, units, usd, usdOf, wad } from "../protocol/units.ts";
import { type Choice, type Kind, bundleSteps, endsOf, legsOfChoice, nearest, offered } from "../state/bundle.ts";
import { EMPTY, type Form, readForm } from "../state/form.ts";
import { useAnswer } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { boundOf, legsOf } from "../state/trade.ts";
import { markOf } from "./held.tsx";
import type { Shown } from "./index.tsx";

/** name, what it is for, how its two ends are called. */
const KINDS: Readonly<Record<Kind, { name: string; about: string; low: string; high: string }>> = {
  put: {
    name: "Protective put",
    about:
      "For who holds the asset: below the strike the put pays what the asset loses. It costs its price, whatever comes.",
    low: "Strike",
    high: "",
  },
  spread: {
    name: "Call spread",
    about:
      "Pays what the price is above the first strike, up to the second. Cheaper than a call with a wider cap. One option.",
    low: "From",
    high: "Up to",
  },
  strangle: {
    name: "Strangle",
    about:
      "A put and a call: pays when the price moves far, whichever way. It loses its cost where the price stays between.",
    low: "Put at",
    high: "Call at",
  },
};

/** What a form begins with: days to expiry, and the delta of what is bought out of the money. */
const DAYS = 21;
const OUT = 0.3;

const opening = (state: State): number =>
  nearest(
    state.expiries.map(({ expiry }) => expiry),
    state.head.timestamp + DAYS * DAY,
  );

/** The strike at which the model's delta is nearest to what a form begins with. */
function begun(state: State, strikes: readonly number[], series: (strike: number) => Series): number {
  const away = (strike: number): number => Math.abs(Math.abs(markOf(state, series(strike))?.delta ?? 0) - OUT);
  return strikes.reduce((best, strike) => (away(strike) < away(best) ? strike : best), strikes[0] ?? 0);
}

function chosenOf(state: State, kind: Kind, expiry: number, low: number | null, high: number | null): Choice {
  const { lows } = endsOf(state, kind, expiry, 0);
  const put = (strike: number): Series => ({ expiry, isPut: true, strike, other: 0 });
  const out =
    kind === "spread"
      ? nearest(lows, state.spot)
      : begun(
          state,
          lows.filter((strike) => strike <= state.spot),
          put,
        );
  const first = low !== null && lows.includes(low) ? low : out || (lows[0] ?? 0);
  const { highs } = endsOf(state, kind, expiry, first);
  const call = (strike: number): Series => ({ expiry, isPut: false, strike, other: strike * 2 });
  const second =
    high !== null && highs.includes(high) ? high : kind === "spread" ? (highs[0] ?? 0) : begun(state, highs, call);
  return { kind, expiry, low: first, high: second };
}

export function Bundles({ market, state, onTraded }: Shown) {
  const [kind, setKind] = useState<Kind>("put");
  const [day, setDay] = useState<number | null>(null);
  const [ends, setEnds] = useState<readonly [number | null, number | null]>([null, null]);
  const [form, setForm] = useState<Form>(EMPTY);
  const expiry = state.expiries.find((each) => each.expiry === day)?.expiry ?? opening(state);
  if (!expiry) return <Notice kind="info">No expiry is listed now. The lister adds new ones; look again later.</Notice>;
  const choice = chosenOf(state, kind, expiry, ...ends);
  const { lows, highs } = endsOf(state, kind, expiry, choice.low);
  const legs = legsOfChoice(state, choice);
  const { fault } = readForm(form);
  const field = (part: "size" | "slippage" | "minutes") => ({
    value: form[part],
    fault: fault[part] ?? "",
    onInput: (text: string) => setForm({ ...form, [part]: text }),
  });
  return (
    <div class="trade">
      <section class="card" aria-label="Bundle">
        <h2>Bundles</h2>
        <div class="tabs" role="group" aria-label="Kind">
          {(Object.keys(KINDS) as Kind[]).map((each) => (
            <button key={each} aria-pressed={each === kind} onClick={() => setKind(each)}>
              {KINDS[each].name}
            </button>
          ))}
        </div>
        <p class="about">{KINDS[kind].about}</p>
        <div class="side-by-side">
          <Choose
            label="Expiry"
            value={expiry}
            options={state.expiries.map((each) => each.expiry)}
            say={dateOf}
            onChoose={setDay}
          />
          <Field label="Size of each leg" unit={market.deployment.asset} {...field("size")} />
          <Choose
            label={KINDS[kind].low}
            value={choice.low}
            options={lows}
            say={price}
            onChoose={(low) => setEnds([low, ends[1]])}
          />
          {highs.length > 0 && (
            <Choose
              label={KINDS[kind].high}
              value={choice.high}
              options={highs}
              say={price}
              onChoose={(high) => setEnds([ends[0], high])}
            />
          )}
          <Field label="Slippage" unit="%" {...field("slippage")} />
          <Field label="Good for" unit="min" {...field("minutes")} />
        </div>
      </section>
      <Offer {...{ market, state, kind, legs, form, onTraded }} />
    </div>
  );
}

const price = (strike: number): string => `${strike.toLocaleString("en-US")} USD`;

function Choose(props: {
  label: string;
  value: number;
  options: readonly number[];
  say: (option: number) => string;
  onChoose: (option: number) => void;
}) {
  return (
    <label class="choose">
      <span>{props.label}</span>
      <select value={String(props.value)} onChange={(event) => props.onChoose(Number(event.currentTarget.value))}>
        {props.options.map((option) => (
          <option key={option} value={String(option)}>
            {props.say(option)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Offer(props: {
  market: Market;
  state: State;
  kind: Kind;
  legs: readonly Series[];
  form: Form;
  onTraded: () => void;
}) {
  const { market, state, kind, legs, form, onTraded } = props;
  const { wallet } = useAccount();
  const [plan, setPlan] = useState<{ account: Address; steps: readonly Step[] } | null>(null);
  const [deed, setDeed] = useState<Deed | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const asset = market.deployment.asset;
  const { units: size, bounds, fault } = readForm(form);
  const isRight = Object.keys(fault).length === 0;
  const names = legs.map((series) => nameOf(series, asset));
  const account = wallet?.account ?? null;
  const asked = isRight ? `${names.join()}:${size}:${account}` : "";
  const { value: found, error } = useAnswer(asked, state.head.hash, () =>
    isRight ? offered(market, state, legs, size, account) : null,
  );
  const good = (found?.answers ?? []).filter((each): each is Quote => !(each instanceof Refused));
  const isWhole = found !== null && good.length === legs.length;
  const total = good.reduce((sum, quote) => sum + quote.total, 0n);
  const bound = good.reduce((sum, quote) => sum + boundOf(quote, bounds), 0n);
  const lacks = isWhole && found.held !== null && found.held < bound;
  const review = (): void => {
    if (!wallet || !isWhole) return;
    setFailed(null);
    const { account } = wallet;
    bundleSteps(market, account, good, bounds, state.head.timestamp + bounds.lifetime).then(
      (steps) => setPlan({ account, steps }),
      setFailed,
    );
  };
  const end = (receipts: readonly Receipt[]): void => {
    if (receipts.length) setDeed(bought(market, receipts));
    setPlan(null);
    onTraded();
  };
  return (
    <section class="ticket card" aria-label="What it costs">
      <h2>{KINDS[kind].name}</h2>
      {error ? <Fault error={error} /> : null}
      {failed ? <Fault error={failed} isOnce /> : null}
      {found?.answers.map((answer, i) =>
        answer instanceof Refused ? (
          <div key={names[i]}>
            <h3>{names[i]}</h3>
            <Fault error={answer} />
          </div>
        ) : null,
      )}
      {!found && isRight && !error && <Waiting lines={4} label="Asking for quotes" />}
      {isWhole && (
        <>
          <Pairs
            label="Legs"
            rows={good.map((quote, i) => [
              names[i]!,
              `${usd(quote.total)} USD · hedge ${quote.order ? `${wad(quote.order, 4)} ${asset}` : "none"}`,
            ])}
          />
          <p class="total number">
            <span>You pay</span> <strong>{usd(total)} USD</strong>
          </p>
          <p class="about number">at most {usd(bound)} USD together</p>
          {legs.length > 1 && <InTurn alone={found.alone} />}
        </>
      )}
      {lacks && (
        <Notice kind="warn">
          You have {usd(found.held!)} USD, and this may take {usd(bound)}.
        </Notice>
      )}
      {legs.length > 1 && (
        <p class="about">
          Each leg is a transaction of its own, with its own hedge and its own bound. If a later one is refused, what
          was bought before stays yours: try the rest again, or sell it back under Positions, where an{" "}
          <Term word="allowance" /> that is left can be ended too.
        </p>
      )}
      <button class="main" disabled={!isWhole || !wallet || !isRight || lacks} onClick={review}>
        {wallet ? "Review the purchase" : "Connect a wallet to trade"}
      </button>
      <Payoffs
        {...{ state }}
        legs={legs.map((series) => ({ series, units: size }))}
        cost={isWhole ? usdOf(total) : 0}
        beside={kind === "put" ? sizeOf(size) : 0}
        what={`What ${kind === "put" ? `${units(size)} ${asset} of yours and the put` : "the legs"} of ${dateOf(legs[0]?.expiry ?? 0)} come to`}
      />
      {kind === "put" && (
        <p class="about">
          The picture counts {units(size)} {asset} that you hold yourself, from today's price. This page does not look
          whether you do.
        </p>
      )}
      {plan && <Signing {...{ market, ...plan }} title={KINDS[kind].name} onClose={() => end([])} onDone={end} />}
      {deed && <Done deed={deed} onClose={() => setDeed(null)} />}
    </section>
  );
}

/** How the legs were quoted. */
function InTurn({ alone }: { alone: string }) {
  if (!alone)
    return (
      <p class="about">The second leg is quoted as the market is after the first: with its hedge, and in its book.</p>
    );
  return (
    <Notice kind="warn">
      <p>
        Each leg is quoted as if it were alone: this node does not say what comes after a trade (eth_simulateV1: {alone}
        ).
      </p>
      <p class="next">The second may cost more or less, within its bound; another node may tell before.</p>
    </Notice>
  );
}

function bought(market: Market, receipts: readonly Receipt[]): Deed {
  const asset = market.deployment.asset;
  const legs = receipts.flatMap((receipt) => legsOf(market, receipt) ?? []);
  const order = (amount: bigint): string => `${amount > 0n ? "bought" : "sold"} ${wad(abs(amount))} ${asset}`;
  return {
    title: legs.length > 1 ? "Bought, each leg with its hedge" : "Bought, with its hedge",
    receipts,
    rows: [
      ...legs.flatMap(({ id, paid, hedge, units: size }) => [
        [nameOf(seriesOf(id), asset), `${units(size)} ${asset} for ${usd(paid)} USD`] as const,
        ["its hedge", hedge?.order ? order(hedge.order) : "none was needed"] as const,
      ]),
      ["you paid", `${usd(legs.reduce((sum, { paid }) => sum + paid, 0n))} USD`],
    ],
  };
}
