/** Earning as an LP: the stake and what it brought, the way in, the way out, and what can be lost. */

import { useMemo, useState } from "preact/hooks";
import type { Address } from "viem";

import { Refused } from "../chain/reader.ts";
import { inWords } from "../chain/refusal.ts";
import type { Receipt } from "../chain/receipts.ts";
import type { Step } from "../chain/sending.ts";
import { useAccount } from "../parts/account.tsx";
import { Fault, Gain, Notice, Pairs, Waiting, Words, clock, percent, span } from "../parts/basic.tsx";
import { type Deed, Done } from "../parts/done.tsx";
import { Term } from "../parts/glossary.tsx";
import { Signing } from "../parts/signing.tsx";
import { HOUR, usd, usdOf, wad, wadOf } from "../protocol/units.ts";
import { claimStep, processStep } from "../state/lending.ts";
import { useFollowed } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { type Stake, earnedOf, flowsOf, stakeAt } from "../state/stake.ts";
import { Causes } from "./causes.tsx";
import { signed } from "./held.tsx";
import type { Shown } from "./index.tsx";
import { Deposit, Leave } from "./lending.tsx";
import { Losses } from "./losses.tsx";
import { Marks } from "./marks.tsx";

/** What is to be signed, and what is said of it once it is in a block. */
export interface Plan {
  readonly account: Address;
  readonly title: string;
  readonly steps: readonly Step[];
  readonly deed: Omit<Deed, "receipts"> | ((receipts: readonly Receipt[]) => Deed);
}

export function Earn({ market, state, turn, onTraded }: Shown) {
  const { wallet } = useAccount();
  const [plan, setPlan] = useState<Plan | null>(null);
  const [deed, setDeed] = useState<Deed | null>(null);
  const done = (receipts: readonly Receipt[]): void => {
    if (plan) setDeed(typeof plan.deed === "function" ? plan.deed(receipts) : { ...plan.deed, receipts });
    setPlan(null);
    onTraded();
  };
  const account = wallet?.account ?? null;
  return (
    <div class="trade earn">
      <section class="card" aria-label="Your stake">
        <h2>Earn</h2>
        <p class="about">
          The Vault sells options and hedges each in the same transaction. An <Term word="LP" /> puts up the money: he
          earns spread, fees, and what options cost beyond what hedging them does, and loses where they cost less.
        </p>
        {account ? (
          <Mine key={account} {...{ market, state, turn, account }} onPlan={setPlan} />
        ) : (
          <p>Connect a wallet to see your stake.</p>
        )}
      </section>
      <Losses {...{ market, state }} />
      <Marks {...{ market, state, account }} onPlan={setPlan} />
      <Deposit {...{ market, state, account }} onPlan={setPlan} />
      {plan && (
        <Signing
          {...{ market, account: plan.account, title: plan.title, steps: plan.steps }}
          onClose={() => setPlan(null)}
          onDone={done}
        />
      )}
      {deed && <Done deed={deed} onClose={() => setDeed(null)} />}
    </div>
  );
}

interface Given {
  readonly market: Market;
  readonly state: State;
  readonly account: Address;
  readonly onPlan: (plan: Plan) => void;
}

function Mine(props: Given & { turn: number }) {
  const { market, state, turn, account, onPlan } = props;
  const { reader, on, deployment } = market;
  const history = useMemo(() => flowsOf(on, account, deployment.block), [market, account]);
  const { value: stake, error } = useFollowed("", `${state.head.hash}:${turn}`, () =>
    stakeAt(reader, on, account, history, state.head),
  );
  if (!stake) return error ? <Fault error={error} /> : <Waiting lines={7} label="Reading your stake" />;
  const earned = earnedOf(stake);
  const part = stake.supply ? wadOf((stake.shares * 10n ** 18n) / stake.supply) : 0;
  const isNobody = !stake.shares && !stake.pending && !stake.claimable && !stake.put;
  return (
    <>
      {error ? <Fault error={error} /> : null}
      {isNobody && <p class="about">This account never put anything in.</p>}
      <Pairs
        label="Stake"
        rows={[
          [<Term word="share">shares</Term>, `${wad(stake.shares, 6)}, ${percent(part, 2)} of all`],
          ["worth at the last low NAV", `${usd(stake.worth)} USD`],
          ["put in", `${usd(stake.put)} USD`],
          ["taken out", `${usd(stake.taken)} USD`],
          [
            "waits to leave",
            stake.pending ? `${wad(stake.pending, 6)} shares, ${usd(stake.pendingWorth)} USD` : "nothing",
          ],
          ["to claim", `${usd(stake.claimable)} USD`],
          [
            "earned so far",
            earned === null ? (
              "unknown: shares came or went by a transfer"
            ) : (
              <Gain amount={usdOf(earned)} text={`${signed(earned)} USD`} />
            ),
          ],
        ]}
      />
      <p class="about">
        Earned is what it is worth now and what was taken out, less what was put in, at the low <Term word="NAV" />:
        what the book would cost to buy back. So it begins a little under nothing.
      </p>
      <Way {...{ market, state, account, stake, onPlan }} />
      {stake.shares > 0n && <Leave {...{ market, state, account, onPlan }} shares={stake.shares} worth={stake.worth} />}
      {!isNobody && (
        <section aria-label="What it earned, by cause">
          <h3>What it earned, and by which cause</h3>
          <Causes {...{ market, state, owner: { account, history } }} />
        </section>
      )}
    </>
  );
}

/** What waits to leave: for what, and since when; what is ready to be taken. */
function Way({ market, state, account, stake, onPlan }: Given & { stake: Stake }) {
  const claim = (): void =>
    onPlan({
      account,
      title: `Claim ${usd(stake.claimable)} USD`,
      steps: [claimStep(market, account, stake.claimShares, stake.claimable)],
      deed: { title: "Claimed", rows: [["you were paid", `${usd(stake.claimable)} USD`]] },
    });
  const process = (): void =>
    onPlan({
      account,
      title: "Process the exits that are due",
      steps: [processStep(market)],
      deed: { title: "Processed", rows: [["what is set aside", "can be claimed now"]] },
    });
  return (
    <>
      {stake.claimable > 0n && (
        <Notice kind="good">
          <p>{usd(stake.claimable)} USD were set aside for you. They do not lapse.</p>
          <button class="main" onClick={claim}>
            Claim {usd(stake.claimable)} USD
          </button>
        </Notice>
      )}
      {stake.tickets.length > 0 && (
        <section aria-label="Waiting to leave">
          <h3>On the way out</h3>
          <Tickets tickets={stake.tickets} now={state.head.timestamp} />
          <Waits stake={stake} onProcess={process} />
        </section>
      )}
    </>
  );
}

/** now: seconds. */
function Tickets({ tickets, now }: { tickets: Stake["tickets"]; now: number }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Exits, one a line">
      <table class="stacked" aria-label="Exits that wait">
        <thead>
          <tr>
            <th scope="col" class="text">
              due at
            </th>
            <th scope="col">
              <Term word="epoch" />
            </th>
            <th scope="col">shares that wait</th>
          </tr>
        </thead>
        <tbody>
          {tickets.map(({ epoch, waiting }) => (
            <tr key={epoch}>
              <th scope="row" class="text number">
                {clock(epoch * HOUR)}{" "}
                <small>
                  {epoch * HOUR > now ? `in ${span(epoch * HOUR - now)}` : `since ${span(now - epoch * HOUR)}`}
                </small>
              </th>
              <td class="number" data-label="epoch">
                {epoch}
              </td>
              <td class="number" data-label="shares that wait">
                {wad(waiting, 6)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What processing waits for at this moment; it is one queue for all. */
function Waits({ stake, onProcess }: { stake: Stake; onProcess: () => void }) {
  const { isDue, pays } = stake.queue;
  if (!isDue) {
    return (
      <p class="about">
        Exits are processed by the hour after a delay, in a calm moment, as far as the <Term word="floor" /> allows, at
        the low NAV of that moment. The keeper does it; anybody may.
      </p>
    );
  }
  if (pays instanceof Refused) {
    const words = inWords(pays.message);
    return (
      <Notice kind="warn">
        <p>
          Exits are due and wait. <Words text={words.what} />
        </p>
        <p class="next">
          <Words text={words.next} />
        </p>
        <p class="code">{words.code}</p>
      </Notice>
    );
  }
  if (!pays) {
    return (
      <Notice kind="warn">
        <p>Exits are due, and the floor has no cash to spare for them: options that are outstanding could need it.</p>
        <p class="next">Closes, settlements and deposits bring some. Nothing has to be done.</p>
      </Notice>
    );
  }
  return (
    <Notice kind="info">
      <p>Exits are due, and processing would set aside {usd(pays)} USD now. A keeper does it by itself; anybody may.</p>
      <button onClick={onProcess}>Process now</button>
    </Notice>
  );
}
