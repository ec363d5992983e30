/** The page's head: which market, which view, through what the chain is read, and who acts. */

import { useState } from "preact/hooks";

import type { Deployment } from "../chain/deployment.ts";
import { useAccount } from "../parts/account.tsx";
import { Dialog, Pairs, fixed, shortened, span } from "../parts/basic.tsx";
import type { Beside, Source } from "../state/boot.ts";
import { type Live, useSilence } from "../state/live.ts";
import type { Market } from "../state/market.ts";
import { VIEWS } from "./index.tsx";
import { NodeForm } from "./opening.tsx";

export function Header(props: {
  found: Beside;
  deployment: Deployment | null;
  market: Market | null;
  live: Live;
  source: Source;
  view: string;
  setDeployment: (deployment: Deployment) => void;
  setSource: (source: Source) => void;
}) {
  const { found, deployment, market, live, view, setDeployment, setSource } = props;
  const [isOpen, setOpen] = useState<"node" | "wallet" | null>(null);
  const { wallet, wallets, connect, leave } = useAccount();
  const state = live.state;
  const silence = useSilence(live);
  const isStale = Boolean(live.fault) || silence > 0;
  return (
    <header class="head">
      <div class="brand">
        <strong>Tandem</strong>
        {deployment && found.deployments.length > 1 ? (
          <select
            aria-label="Market"
            value={deployment.name}
            onChange={(event) => {
              const next = found.deployments.find((each) => each.name === event.currentTarget.value);
              if (next) setDeployment(next);
            }}
          >
            {found.deployments.map((each) => (
              <option key={each.name} value={each.name}>
                {each.asset} · {each.name}
              </option>
            ))}
          </select>
        ) : (
          <span class="asset">{deployment?.asset ?? ""}</span>
        )}
        {state && <span class="spot number">{fixed(state.spot)} USD</span>}
      </div>
      <nav aria-label="Views">
        {VIEWS.map((each) => (
          <a key={each.key} href={`#/${each.key}`} aria-current={each.key === view ? "page" : undefined}>
            {each.name}
          </a>
        ))}
      </nav>
      <div class="who">
        <button class={`plain source ${isStale ? "stale" : ""}`} onClick={() => setOpen("node")}>
          <span class="dot" aria-hidden="true" />
          {market ? market.source : "no node"}
          {state && <span class="number block"> · block {state.head.number.toLocaleString("en-US")}</span>}
          {isStale && <span> · {live.fault ? "not answering" : `silent for ${span(silence)}`}</span>}
        </button>
        <button class={wallet ? "plain" : "main"} onClick={() => setOpen("wallet")}>
          {wallet ? shortened(wallet.account) : "Connect"}
        </button>
      </div>
      {isOpen === "node" && (
        <Dialog title="Where the chain is read" onClose={() => setOpen(null)}>
          <Pairs
            label="Source"
            rows={[
              ["now", market?.source ?? "nothing"],
              ["chain", String(deployment?.chainId ?? "–")],
              ["last answer", live.seen ? `${span((Date.now() - live.seen) / 1_000)} ago` : "–"],
              ["fault", live.fault || "none"],
            ]}
          />
          <NodeForm
            onNode={(url) => {
              setSource({ url });
              setOpen(null);
            }}
          />
          {wallet && (
            <button
              onClick={() => {
                setSource("wallet");
                setOpen(null);
              }}
            >
              Read through {wallet.name}
            </button>
          )}
        </Dialog>
      )}
      {isOpen === "wallet" && (
        <Dialog title="Your wallet" onClose={() => setOpen(null)}>
          {wallet ? (
            <>
              <p class="code hash">{wallet.account}</p>
              <p>{wallet.name} signs. The page sees this address and nothing else of yours.</p>
              <button
                onClick={() => {
                  leave();
                  setOpen(null);
                }}
              >
                Leave
              </button>
            </>
          ) : (
            <>
              {wallets.length === 0 && (
                <p>No wallet announces itself in this browser. Install one, then load the page again.</p>
              )}
              <ul class="wallets">
                {wallets.map((each) => (
                  <li key={each.id}>
                    <button onClick={() => void connect(each).then(() => setOpen(null))}>{each.name}</button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Dialog>
      )}
    </header>
  );
}
