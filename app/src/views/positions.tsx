/** What an account holds: value, profit, Greeks, and the ways out. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Address } from "viem";

import { LEAST_TRADE } from "../abi/constants.ts";
import type { Receipt } from "../chain/receipts.ts";
import type { Step } from "../chain/sending.ts";
import { useAccount } from "../parts/account.tsx";
import { endedAllowance } from "../parts/allowance-line.tsx";
import { Fault, Notice, Pairs, Waiting, fixed } from "../parts/basic.tsx";
import { type Deed, Done } from "../parts/done.tsx";
import { Term } from "../parts/glossary.tsx";
import { Payoffs } from "../parts/payoffs.tsx";
import { Signing } from "../parts/signing.tsx";
import { type Series, dateOf, nameOf } from "../protocol/series.ts";
import { decimals, sizeOf, units, allowed, usd, wad } from "../protocol/units.ts";
import { EMPTY, type Form } from "../state/form.ts";
import { useFollowed } from "../state/live.ts";
import type { Market, State } from "../state/market.ts";
import { type Position, portfolioAt, tradesOf } from "../state/portfolio.ts";
import { type Redemption, redeemedIn, redemptionOf, revoking } from "../state/redeeming.ts";
import { HeldTable, markOf } from "./held.tsx";
import type { Shown } from "./index.tsx";
import { Ticket } from "./ticket.tsx";

export function Positions({ market, state, turn, onTraded }: Shown) {
  const { wallet } = useAccount();
  if (!wallet) {
    return (
      <section class="card empty">
        <h2>Positions</h2>
        <p>Connect a wallet to see what its account holds, what it cost, what it is worth, and how to sell it back.</p>
      </section>
    );
  }
  return <Mine key={wallet.account} {...{ market, state, turn, onTraded }} account={wallet.account} />;
}

/** What is being signed, and what it was when it is done. */
interface Doing {
  readonly title: string;
  readonly steps: readonly Step[];
  readonly deed: (receipts: readonly Receipt[]) => Deed;
}

/** What is sold back, and as the ticket has it. */
interface Selling {
  readonly series: Series;
  readonly form: Form;
}

function Mine(props: { market: Market; state: State; turn: number; account: Address; onTraded: () => void }) {
  const { market, state, turn, account, onTraded } = props;
  const { reader, on, deployment } = market;
  const [selling, setSelling] = useState<Selling | null>(null);
  const acts = useActs(market, account);
  const history = useMemo(() => tradesOf(on, account, deployment.block), [market, account]);
  const { value: found, error } = useFollowed("", `${state.head.hash}:${turn}`, () =>
    portfolioAt(reader, on, account, history, state.head),
  );
  const asset = deployment.asset;
  if (!found) return error ? <Fault error={error} /> : <Waiting lines={10} label="Reading what the account did" />;
  const held = found.positions.filter(({ units: size }) => size);
  const close = ({ series, units: size }: Position): void =>
    setSelling({ series, form: { ...EMPTY, size: decimals(size - (size % LEAST_TRADE), 6, 2).replaceAll(",", "") } });
  const isHeld = selling && held.some(({ series }) => nameOf(series, asset) === nameOf(selling.series, asset));
  return (
    <div class="trade">
      <div class="column">
        <section class="card" aria-label="What is held">
          <h2>Positions</h2>
          <Listed
            {...{ state, asset, held, every: found.positions, faults: [error, acts.fault] }}
            ways={{
              chosen: selling?.series ?? null,
              busy: acts.busy,
              onClose: close,
              onRedeem: (each) => void acts.redeem(each),
            }}
          />
          {found.allowance > 0n && <Lingering allowance={found.allowance} onEnd={acts.revoke} />}
        </section>
        {held.length > 0 && <Risk {...{ state, held, asset }} />}
      </div>
      {selling && isHeld ? <Sale {...{ market, state, onTraded, selling, setSelling }} /> : <WaysOut />}
      <Signed {...{ market, account, acts, onTraded }} />
    </div>
  );
}

/** What an account does here beside trades: what is being signed, and what came of it. */
function useActs(market: Market, account: Address) {
  const [busy, setBusy] = useState<Series | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [doing, setDoing] = useState<Doing | null>(null);
  const [deed, setDeed] = useState<Deed | null>(null);
  const asset = market.deployment.asset;
  const redeem = async (position: Position): Promise<void> => {
    setBusy(position.series);
    setFault(null);
    try {
      const wanted = await redemptionOf(market, account, position.series, position.units);
      setDoing({
        title: `Redeem ${units(wanted.units)} ${asset} of ${nameOf(wanted.series, asset)}`,
        steps: wanted.steps,
        deed: (receipts) => redeemed(market, wanted, receipts),
      });
    } catch (refused) {
      setFault(refused);
    }
    setBusy(null);
  };
  const revoke = (): void =>
    setDoing({
      title: "End the allowance",
      steps: [revoking(market)],
      deed: endedAllowance,
    });
  return { busy, fault, doing, setDoing, deed, setDeed, redeem, revoke };
}

type Acts = ReturnType<typeof useActs>;

/** Positions that are held, or all that there ever were. faults: of reading, and of what was asked for once. */
function Listed(props: {
  state: State;
  asset: string;
  held: readonly Position[];
  every: readonly Position[];
  faults: readonly [reading: unknown, act: unknown];
  ways: Parameters<typeof HeldTable>[0]["ways"];
}) {
  const { state, asset, held, every, faults, ways } = props;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? every : held;
  return (
    <>
      <Which {...{ isAll, setAll }} counts={[held.length, every.length]} />
      {faults[0] ? <Fault error={faults[0]} /> : null}
      {faults[1] ? <Fault error={faults[1]} isOnce /> : null}
      {shown.length ? (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of positions">
          <HeldTable {...{ state, asset, positions: shown, ways }} />
        </div>
      ) : (
        <p class="about">
          {isAll || !every.length ? "This account never held an option of this market." : "Nothing is held now."}{" "}
          <a href="#/trade">Look at the prices</a>
        </p>
      )}
      {shown.length > 0 && (
        <p class="about">
          Value is what selling all of it back pays now, hedge and fees included, or the payoff once it is settled.
        </p>
      )}
    </>
  );
}

function Which(props: {
  isAll: boolean;
  setAll: (isAll: boolean) => void;
  counts: readonly [held: number, all: number];
}) {
  const { isAll, setAll, counts } = props;
  return (
    <div class="tabs" role="group" aria-label="Which">
      <button aria-pressed={!isAll} onClick={() => setAll(false)}>
        Held <small>{counts[0]}</small>
      </button>
      <button aria-pressed={isAll} onClick={() => setAll(true)}>
        All there ever were <small>{counts[1]}</small>
      </button>
    </div>
  );
}

/** What no trade needs any more. allowance: token units. */
function Lingering({ allowance, onEnd }: { allowance: bigint; onEnd: () => void }) {
  return (
    <Notice kind="warn">
      <p>
        The Vault may still take {allowed(allowance)} USD from your account: an <Term word="allowance" /> that no trade
        needs now.
      </p>
      <button onClick={onEnd}>Take it back</button>
    </Notice>
  );
}

/** The ticket of what is sold back, which comes into sight when it is chosen. */
function Sale(props: {
  market: Market;
  state: State;
  onTraded: () => void;
  selling: Selling;
  setSelling: (selling: Selling) => void;
}) {
  const { market, state, onTraded, selling, setSelling } = props;
  const out = useRef<HTMLDivElement>(null);
  useEffect(() => out.current?.scrollIntoView({ block: "nearest" }), [selling.series]);
  return (
    <div ref={out} class="column">
      <Ticket
        {...{ market, state, onTraded }}
        chosen={{ series: selling.series, isClose: true }}
        form={selling.form}
        onForm={(form) => setSelling({ ...selling, form })}
      />
    </div>
  );
}

function WaysOut() {
  return (
    <section class="ticket card empty" aria-label="Trade">
      <h2>Ways out</h2>
      <p>
        Sell back all or a part at the price of now, with the hedge in the same transaction; or wait for the expiry.
      </p>
      <p>
        After it, redeem: the payoff is paid in full, from cash that was set aside when the option was sold. It does not
        lapse, and nobody has to redeem at once.
      </p>
    </section>
  );
}

/** The dialogue of what is being signed, and then of what was done. */
function Signed(props: { market: Market; account: Address; acts: Acts; onTraded: () => void }) {
  const { market, account, onTraded } = props;
  const { doing, setDoing, deed, setDeed } = props.acts;
  return (
    <>
      {doing && (
        <Signing
          {...{ market, account, title: doing.title, steps: doing.steps }}
          onClose={() => setDoing(null)}
          onDone={(receipts) => {
            setDeed(doing.deed(receipts));
            setDoing(null);
            onTraded();
          }}
        />
      )}
      {deed && <Done deed={deed} onClose={() => setDeed(null)} />}
    </>
  );
}

function redeemed(market: Market, wanted: Redemption, receipts: readonly Receipt[]): Deed {
  const asset = market.deployment.asset;
  const told = redeemedIn(market, receipts);
  return {
    title: "Redeemed",
    receipts,
    rows: [
      [nameOf(wanted.series, asset), told ? `${units(told.units)} ${asset}` : "–"],
      ["settlement price", `${wad(wanted.price, 2)} USD`],
      ["you were paid", told ? `${usd(told.paid)} USD` : "–"],
    ],
  };
}

/** Greeks of all of it together, and a picture for each expiry that is ahead. */
function Risk({ state, held, asset }: { state: State; held: readonly Position[]; asset: string }) {
  const ahead = held.filter(({ series }) => series.expiry > state.head.timestamp);
  const expiries = [...new Set(ahead.map(({ series }) => series.expiry))];
  const sum = (of: "delta" | "gamma" | "vega" | "theta"): number =>
    ahead.reduce((all, { series, units: size }) => all + (markOf(state, series)?.[of] ?? 0) * sizeOf(size), 0);
  if (!ahead.length) return null;
  return (
    <>
      <section class="card" aria-label="Risk">
        <h2>All of it together</h2>
        <Pairs
          label="Greeks of all that is held"
          rows={[
            [<Term word="delta" />, `${fixed(sum("delta"), 4)} ${asset}`],
            [<Term word="gamma" />, `${fixed(sum("gamma"), 6)} ${asset} a USD`],
            [<Term word="vega" />, `${fixed(sum("vega") / 100)} USD a point`],
            [<Term word="theta" />, `${fixed(sum("theta"))} USD a day`],
          ]}
        />
        <p class="about">By the model, at the middle of the surface that is posted.</p>
      </section>
      <div class="grid">
        {expiries.map((expiry) => (
          <section key={expiry} class="card" aria-label={`Payoff on ${dateOf(expiry)}`}>
            <h2>Paid on {dateOf(expiry)}</h2>
            <Payoffs state={state} legs={ahead.filter(({ series }) => series.expiry === expiry)} />
          </section>
        ))}
      </div>
    </>
  );
}
