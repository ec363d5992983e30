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

interface Props {
  readonly found: Beside;
  readonly deployment: Deployment | null;
  readonly market: Market | null;
  readonly live: Live;
  readonly view: string;
  readonly setDeployment: (deployment: Deployment) => void;
  readonly setSource: (source: Source) => void;
}

export function Header({ found, deployment, market, live, view, setDeployment, setSource }: Props) {
  const [isOpen, setOpen] = useState<"node" | "wallet" | null>(null);
  const { wallet } = useAccount();
  const close = (): void => setOpen(null);
  return (
    <header class="head">
      <div class="brand">
        <strong>Tandem</strong>
        <Which {...{ found, deployment, setDeployment }} />
        {live.state && <span class="spot number">{fixed(live.state.spot)} USD</span>}
      </div>
      <nav aria-label="Views">
        {VIEWS.map((each) => (
          <a key={each.key} href={`#/${each.key}`} aria-current={each.key === view ? "page" : undefined}>
            {each.name}
          </a>
        ))}
      </nav>
      <div class="who">
        <Through {...{ market, live }} onOpen={() => setOpen("node")} />
        <button class={wallet ? "plain" : "main"} onClick={() => setOpen("wallet")}>
          {wallet ? shortened(wallet.account) : "Connect"}
        </button>
      </div>
      {isOpen === "node" && <NodeDialog {...{ deployment, market, live, setSource }} onClose={close} />}
      {isOpen === "wallet" && <WalletDialog onClose={close} />}
    </header>
  );
}

/** The market, to be chosen where there are several. */
function Which({ found, deployment, setDeployment }: Pick<Props, "found" | "deployment" | "setDeployment">) {
  if (!deployment || found.deployments.length < 2) return <span class="asset">{deployment?.asset ?? ""}</span>;
  return (
    <select
      aria-label="Market"
      value={String(found.deployments.indexOf(deployment))}
      onChange={(event) => {
        const next = found.deployments[Number(event.currentTarget.value)];
        if (next) setDeployment(next);
      }}
    >
      {found.deployments.map((each, i) => (
        <option key={i} value={String(i)}>
          {each.asset} · {each.name}
        </option>
      ))}
    </select>
  );
}

/** Through what the chain is read, up to which block, and whether it still answers. */
function Through({ market, live, onOpen }: Pick<Props, "market" | "live"> & { onOpen: () => void }) {
  const silence = useSilence(live);
  const isStale = Boolean(live.fault) || silence > 0;
  return (
    <button class={`plain source ${isStale ? "stale" : ""}`} onClick={onOpen}>
      <span class="dot" aria-hidden="true" />
      {market ? market.source : "no node"}
      {live.state && <span class="number block"> · block {live.state.head.number.toLocaleString("en-US")}</span>}
      {isStale && <span> · {live.fault ? "not answering" : `silent for ${span(silence)}`}</span>}
    </button>
  );
}

interface Dialogue {
  readonly onClose: () => void;
}

function NodeDialog({
  deployment,
  market,
  live,
  setSource,
  onClose,
}: Pick<Props, "deployment" | "market" | "live" | "setSource"> & Dialogue) {
  const { wallet } = useAccount();
  const choose = (source: Source): void => {
    setSource(source);
    onClose();
  };
  return (
    <Dialog title="Where the chain is read" onClose={onClose}>
      <Pairs
        label="Source"
        rows={[
          ["now", market?.source ?? "nothing"],
          ["chain", String(deployment?.chainId ?? "–")],
          ["last answer", live.seen ? `${span((Date.now() - live.seen) / 1_000)} ago` : "–"],
          ["fault", live.fault || "none"],
        ]}
      />
      <NodeForm onNode={(url) => choose({ url })} />
      {wallet && <button onClick={() => choose("wallet")}>Read through {wallet.name}</button>}
    </Dialog>
  );
}

function WalletDialog({ onClose }: Dialogue) {
  const { wallet, wallets, connect, leave } = useAccount();
  if (wallet) {
    return (
      <Dialog title="Your wallet" onClose={onClose}>
        <p class="code hash">{wallet.account}</p>
        <p>{wallet.name} signs. The page sees this address and nothing else of yours.</p>
        <button onClick={() => [leave(), onClose()]}>Leave</button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Your wallet" onClose={onClose}>
      {wallets.length === 0 && (
        <p>No wallet announces itself in this browser. Install one, then load the page again.</p>
      )}
      <ul class="wallets">
        {wallets.map((each) => (
          <li key={each.id}>
            <button onClick={() => void connect(each).then(onClose)}>{each.name}</button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
