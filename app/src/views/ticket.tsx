/** One trade: its size and bounds, the quote taken apart, what it pays, and the way to the wallet. */

import { useState } from "preact/hooks";
import type { Address } from "viem";

import { Refused } from "../chain/reader.ts";
import { inWords } from "../chain/refusal.ts";
import type { Receipt } from "../chain/receipts.ts";
import type { Step } from "../chain/sending.ts";
import { useAccount } from "../parts/account.tsx";
import { Fault, Field, Notice, Waiting, Words } from "../parts/basic.tsx";
import { Term } from "../parts/glossary.tsx";
import { Signing } from "../parts/signing.tsx";
import { quotes } from "../protocol/deal.ts";
import { roomOf } from "../protocol/room.ts";
import { type Series, idOf, nameOf } from "../protocol/series.ts";
import { type Form, fieldOf, holdingOf, lackOf, readForm } from "../state/form.ts";
import { useAnswer } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { deadlineOf, legsOf, stepsOf } from "../state/trade.ts";
import type { Chosen } from "./menu.tsx";
import { Picture, Taken } from "./quoted.tsx";
import { ReceiptCard, type Told } from "./receipt.tsx";
import { units, usd } from "../protocol/units.ts";

/** What is being signed, and for whom: it stays as it was reviewed, whatever the address names meanwhile. */
interface Plan {
  readonly account: Address;
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

interface Asked {
  readonly market: Market;
  readonly state: State;
  readonly chosen: Chosen;
  readonly form: Form;
}

/** What the form asks for, what the chain answers, and what of it the account can pay or give. */
function useQuote({ market, state, chosen, form }: Asked, account: Address | null) {
  const { units: size, bounds, fault } = readForm(form);
  const wanted = { series: chosen.series, units: size, isClose: chosen.isClose };
  const isRight = Object.keys(fault).length === 0;
  const id = idOf(chosen.series);
  const asked = isRight ? `${id}:${size}:${chosen.isClose}` : "";
  const { value: answer, error } = useAnswer(asked, state.head.hash, () =>
    isRight ? quotes(market.reader, market.on, [wanted], state.head).then(([found]) => found!) : null,
  );
  const quote = answer instanceof Refused ? null : answer;
  const { value: holding } = useAnswer(`${id}:${account}`, state.head.hash, () =>
    account ? holdingOf(market, account, chosen.series) : null,
  );
  const lack = holding ? lackOf(holding, wanted, quote, bounds, market.deployment.asset) : "";
  return { size, bounds, fault, isRight, answer, quote, error, holding, lack };
}

/** From a review to a receipt. */
function usePlan(market: Market, onTraded: () => void) {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const done = (receipts: readonly Receipt[]): void => {
    const found = receipts.map((receipt) => ({ receipt, legs: legsOf(market, receipt) })).find(({ legs }) => legs);
    if (plan && found?.legs) setTold({ name: plan.name, receipt: found.receipt, legs: found.legs });
    setPlan(null);
    onTraded();
  };
  const review = (of: Omit<Plan, "steps">, steps: Promise<readonly Step[]>): void => {
    setFailed(null);
    steps.then((found) => setPlan({ ...of, steps: found }), setFailed);
  };
  const dialogues = (
    <>
      {plan && (
        <Signing
          market={market}
          account={plan.account}
          title={plan.title}
          steps={plan.steps}
          onClose={() => setPlan(null)}
          onDone={done}
        />
      )}
      {told && <ReceiptCard market={market} told={told} onClose={() => setTold(null)} />}
    </>
  );
  return { failed, review, dialogues };
}

export function Ticket(props: Asked & { onForm: (form: Form) => void; onTraded: () => void }) {
  const { market, state, chosen, form, onForm, onTraded } = props;
  const { wallet } = useAccount();
  const asset = market.deployment.asset;
  const { size, bounds, fault, isRight, answer, quote, error, holding, lack } = useQuote(
    props,
    wallet?.account ?? null,
  );
  const { failed, review, dialogues } = usePlan(market, onTraded);
  const name = nameOf(chosen.series, asset);
  const verb = chosen.isClose ? "Sell back" : "Buy";
  const reviewed = (): void => {
    if (!quote || !wallet) return;
    const { account } = wallet;
    const title = `${verb} ${units(size)} ${asset} of ${name}`;
    const made = async () => stepsOf(market, account, quote, bounds, deadlineOf(market, state.head, bounds));
    review({ account, name, title }, made());
  };
  return (
    <section class="ticket card" aria-label="Trade">
      <h2>
        {verb} {name}
      </h2>
      <Fields {...{ asset, form, fault, onForm }} isClose={chosen.isClose} />
      {!chosen.isClose && <RoomLine {...{ market, state, series: chosen.series }} />}
      {answer instanceof Refused && !lack ? <Fault error={answer} /> : null}
      {error ? <Fault error={error} /> : null}
      {failed ? <Fault error={failed} isOnce /> : null}
      {quote && <Taken {...{ market, quote, bounds, state }} />}
      {!answer && isRight && !error && <Waiting lines={8} label="Asking for a quote" />}
      {holding && <Holds {...{ ...holding, asset }} />}
      {lack && <Notice kind="warn">{lack}</Notice>}
      <button class="main" disabled={!quote || !wallet || !isRight || lack !== ""} onClick={reviewed}>
        {wallet ? (chosen.isClose ? "Review the sale" : "Review the purchase") : "Connect a wallet to trade"}
      </button>
      <Picture {...{ state, quote, chosen, units: size }} />
      {dialogues}
    </section>
  );
}

function Holds({ options, money, asset }: { options: bigint; money: bigint; asset: string }) {
  return (
    <p class="about number">
      You hold {units(options)} {asset} of it, and {usd(money)} USD.
    </p>
  );
}

/** Size and bounds. */
function Fields(props: {
  asset: string;
  form: Form;
  fault: Parameters<typeof fieldOf>[1];
  onForm: (form: Form) => void;
  isClose: boolean;
}) {
  const { asset, form, fault, onForm, isClose } = props;
  const field = fieldOf(form, fault, onForm);
  return (
    <>
      <Field label="Size" unit={asset} {...field("size")} />
      <div class="side-by-side">
        <Field label="Slippage" unit="%" {...field("slippage")} />
        <Field label="Good for" unit="min" {...field("minutes")} />
      </div>
      {!isClose && (
        <label class="check">
          <input
            type="checkbox"
            checked={form.byPermit}
            onChange={(event) => onForm({ ...form, byPermit: event.currentTarget.checked })}
          />
          Allow by a permit that ends with the trade
        </label>
      )}
    </>
  );
}

/** Seconds for which an answer about room stands: it takes four round trips. */
const ROOM_SECONDS = 20;

/** How much can be opened now, and what stops more. */
function RoomLine({ market, state, series }: { market: Market; state: State; series: Series }) {
  const { snapshot, terms, head } = state;
  const capital = { nav: snapshot.funds.nav, spot: snapshot.spot, terms };
  const { value: room, isLate } = useAnswer(`${idOf(series)}`, `${Math.floor(head.timestamp / ROOM_SECONDS)}`, () =>
    roomOf(market.reader, market.on, series, capital, head),
  );
  return (
    <p class="about number room" aria-busy={isLate}>
      <Term word="room" />: {room ? `${units(room.units)} ${market.deployment.asset}. Then:` : "…"}{" "}
      {room && <Words text={inWords(room.reason).what} />}
    </p>
  );
}
