/** The page: where it reads from, who acts, and what is shown. */

import { render } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { Reader, httpAsk } from "./chain/reader.ts";
import type { Deployment } from "./chain/deployment.ts";
import type { Wallet } from "./chain/wallets.ts";
import { AccountContext, useWallets } from "./parts/account.tsx";
import { AllowanceLine } from "./parts/allowance-line.tsx";
import { Fault, Notice, Waiting } from "./parts/basic.tsx";
import { Guard } from "./parts/guard.tsx";
import { WaitingList } from "./parts/waiting-list.tsx";
import { type Beside, type Source, beside } from "./state/boot.ts";
import { useLive } from "./state/live.ts";
import { type Market, marketOf } from "./state/market.ts";
import { Header } from "./views/header.tsx";
import { Opening } from "./views/opening.tsx";
import { viewOf } from "./views/index.tsx";

/** Which view the address names, after its #. */
function usePlace(): string {
  const [place, setPlace] = useState(location.hash);
  useEffect(() => {
    const moved = (): void => setPlace(location.hash);
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return place.replace(/^#\/?/, "");
}

/** The view of that name, which the window's title says. */
function useView(key: string, deployment: Deployment | null) {
  const view = viewOf(key);
  useEffect(() => {
    document.title = `${view.name} · Tandem ${deployment?.asset ?? ""}`;
  }, [view, deployment]);
  return view;
}

/** The market as it is read: through the node that is named, else through the wallet. */
function useMarket(deployment: Deployment | null, source: Source, wallet: Wallet | null): Market | null {
  const through = typeof source === "object" && source ? null : wallet;
  return useMemo(() => {
    if (!deployment) return null;
    if (typeof source === "object" && source) {
      return marketOf(deployment, new Reader(httpAsk(source.url)), new URL(source.url).host);
    }
    return through && marketOf(deployment, new Reader(through.ask), through.name);
  }, [deployment, source, through]);
}

function Page({ found }: { found: Beside }) {
  const account = useWallets();
  const [deployment, setDeployment] = useState<Deployment | null>(found.deployments[0] ?? null);
  const [source, setSource] = useState<Source>(found.rpc ? { url: found.rpc } : null);
  const [turn, setTurn] = useState(0);
  const onTraded = (): void => setTurn((n) => n + 1);
  const wallet = account.wallet;
  const market = useMarket(deployment, source, wallet);
  const live = useLive(market);
  const [key = "", rest = ""] = usePlace().split("/");
  const view = useView(key, deployment);
  const View = view.component;
  return (
    <AccountContext.Provider value={account}>
      <Skip />
      <Header {...{ found, deployment, market, live, setDeployment, setSource, view: view.key }} />
      <main id="main" tabIndex={-1}>
        <h1 class="hidden">
          {view.name}: {deployment?.asset ?? "a market"} on Tandem
        </h1>
        {account.error ? <Fault error={account.error} isOnce /> : null}
        {market && <WaitingList key={market.deployment.chainId} market={market} onMined={onTraded} />}
        {market && wallet && live.state && view.key !== "positions" && (
          <AllowanceLine
            key={`${market.deployment.chainId}:${wallet.account}`}
            {...{ market, account: wallet.account }}
            beat={`${live.state.head.hash}:${turn}`}
            onTraded={onTraded}
          />
        )}
        {!deployment || !market ? (
          <Opening {...{ found, deployment, setDeployment, setSource }} />
        ) : live.state ? (
          <Guard beat={`${view.key}:${live.state.head.hash}`}>
            <View
              {...{ market, state: live.state, turn, rest, hasMetrics: found.metrics, index: found.index }}
              onTraded={onTraded}
            />
          </Guard>
        ) : (
          <Unread fault={live.fault} />
        )}
      </main>
      <Foot />
    </AccountContext.Provider>
  );
}

/** fault: why it cannot be read, "" while it is under way. */
function Unread({ fault }: { fault: string }) {
  if (!fault) return <Waiting lines={12} label="Reading the market" />;
  return (
    <Notice kind="bad">
      <p>The market cannot be read: {fault}.</p>
      <p class="next">
        It is asked again by itself. At the top you choose another node; a wallet is switched to another chain in the
        wallet.
      </p>
    </Notice>
  );
}

const Skip = () => (
  <a class="skip" href="#main">
    To the content
  </a>
);

function Foot() {
  return (
    <footer class="foot">
      <p>
        Test software, never audited: do not put money into it. This page is static files; it asks only the node that
        you chose, and an index where you named one, and keeps nothing but what it read of the chain and which of your
        transactions still wait, in this browser.
      </p>
    </footer>
  );
}

/** A page around this one could lay its own words over what is signed; not every host forbids it. */
const isFramed = self !== top;

function App() {
  const [found, setFound] = useState<Beside | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void (isFramed || beside().then(setFound, setError)), []);
  if (isFramed) {
    return (
      <Notice kind="bad">
        <p>This page is shown inside another one, which could hide what you sign.</p>
        <p class="next">Open {location.origin + location.pathname} by itself.</p>
      </Notice>
    );
  }
  if (error) return <Fault error={error} isOnce />;
  return found ? <Page found={found} /> : <Waiting lines={12} label="Opening" />;
}

render(<App />, document.getElementById("app")!);
