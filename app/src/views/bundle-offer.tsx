/** What a bundle costs, leg by leg, and the way to the wallet. */

import { useState } from "preact/hooks";
import type { Address } from "viem";
import { Refused } from "../chain/reader.ts";
import type { Receipt } from "../chain/receipts.ts";
import type { Step } from "../chain/sending.ts";
import { useAccount } from "../parts/account.tsx";
import { Fault, Notice, Pairs, Waiting } from "../parts/basic.tsx";
import { type Deed, Done } from "../parts/done.tsx";
import { Term } from "../parts/glossary.tsx";
import { Payoffs } from "../parts/payoffs.tsx";
import { Signing } from "../parts/signing.tsx";
import type { Quote } from "../protocol/deal.ts";
import { type Series, dateOf, nameOf, seriesOf } from "../protocol/series.ts";
import { abs, sizeOf, units, usd, usdOf, wad } from "../protocol/units.ts";
import { type Kind, bundleSteps, offered } from "../state/bundle.ts";
import { type Form, readForm } from "../state/form.ts";
import { useAnswer } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { boundOf, deadlineOf, legsOf } from "../state/trade.ts";

/** name, what it is for, how its two ends are called. */
export const KINDS: Readonly<Record<Kind, { name: string; about: string; low: string; high: string }>> = {
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

export function Offer(props: {
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
    const made = async () => bundleSteps(market, account, good, bounds, deadlineOf(market, state.head, bounds));
    made().then((steps) => setPlan({ account, steps }), setFailed);
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
