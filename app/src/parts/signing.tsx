/** From a plan to its receipts: everything shown decoded, then signed one by one, then followed. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Address } from "viem";

import type { Receipt } from "../chain/receipts.ts";
import { type Progress, type Sent, type Step, sendAll } from "../chain/sending.ts";
import type { Market } from "../state/market.ts";
import { pendingOn } from "../chain/pending.ts";
import { type Hindrance, hindrance, useAccount } from "./account.tsx";
import { Dialog, Fault, Notice, Waiting } from "./basic.tsx";

/** account: whom the steps were made for; nobody else is asked to sign them. */
interface Asked {
  market: Market;
  account: Address;
  title: string;
  steps: readonly Step[];
  onClose: () => void;
  onDone: (receipts: readonly Receipt[]) => void;
}

/** Why nothing may be signed now, "asking" until it is known, and a way to ask again. */
function useBar(market: Market, setFault: (fault: unknown) => void) {
  const { wallet } = useAccount();
  const [barred, setBarred] = useState<Hindrance | null | "asking">("asking");
  const turn = useRef(0);
  const look = async (): Promise<void> => {
    if (!wallet) return;
    turn.current += 1;
    const mine = turn.current;
    setFault(null);
    setBarred("asking");
    try {
      const found = await hindrance(market, wallet);
      if (mine === turn.current) setBarred(found);
    } catch (error) {
      if (mine === turn.current) setFault(error);
    }
  };
  useEffect(() => void look(), [wallet, market]);
  return { barred, look };
}

/** Whether the account that it was made for acts, until the dialogue is closed. */
function useTheirs(account: Address) {
  const isTheirs = useAccount().wallet?.account === account;
  const shown = useRef(isTheirs);
  shown.current = isTheirs;
  useEffect(
    () => () => {
      shown.current = false;
    },
    [],
  );
  return { isTheirs, shown };
}

/** The steps on their way: how far each is, and what was sent of them already. */
function useSending({ market, account, steps, onClose, onDone }: Asked, setFault: (fault: unknown) => void) {
  const { wallet } = useAccount();
  const { isTheirs, shown } = useTheirs(account);
  const [progress, setProgress] = useState<readonly Progress[]>([]);
  const [isBusy, setBusy] = useState(false);
  const sent = useRef<Sent>(new Map());
  const mined = useRef(new Map<number, Receipt>());
  const heard = (step: Progress): void => {
    if (step.at === "mined" && step.receipt.ok) mined.current.set(step.step, step.receipt);
    setProgress((all) => [...all, step]);
  };
  /** What was meant may be done although what follows it was not signed: then it is told. */
  const leave = (): void => {
    const isDone = mined.current.size > 0 && steps.every((step, i) => step.isNeeded || mined.current.has(i));
    if (isDone) onDone([...mined.current.values()]);
    else onClose();
  };
  const go = async (): Promise<void> => {
    if (!wallet || !isTheirs || isBusy) return;
    setBusy(true);
    setFault(null);
    setProgress([]);
    try {
      const { chainId } = market.deployment;
      const sender = { reader: market.reader, wallet, chainId, isShown: () => shown.current };
      onDone(await sendAll(sender, steps, heard, sent.current));
    } catch (error) {
      setFault(error);
    }
    setBusy(false);
  };
  return { isTheirs, progress, isBusy, leave, go };
}

export function Signing(asked: Asked) {
  const { market, account, title, steps } = asked;
  const [error, setError] = useState<unknown>(null);
  const { barred, look } = useBar(market, setError);
  const sending = useSending(asked, setError);
  const { isTheirs, isBusy, progress } = sending;
  const waiting = isBusy ? [] : pendingOn(market.deployment.chainId);
  return (
    <Dialog title={title} onClose={sending.leave}>
      <p>
        You sign {steps.length === 1 ? "one transaction" : `up to ${steps.length} transactions`}. This is what each
        says:
      </p>
      <ol class="steps">
        {steps.map((step, i) => (
          <StepLine key={i} step={step} progress={progress.filter((each) => each.step === i)} />
        ))}
      </ol>
      {barred === "asking" && !error && <Waiting lines={1} label="Checking the contracts' code" />}
      {barred && barred !== "asking" && <Barred {...{ market, barred, look }} />}
      {!isTheirs && <Another account={account} />}
      {waiting.length > 0 && <Before note={waiting[0]?.note} />}
      {error ? <Fault error={error} isOnce /> : null}
      <footer>
        <button class="plain" onClick={sending.leave} disabled={isBusy}>
          {isBusy ? "Wait for the chain" : "Not now"}
        </button>
        <button
          class="main"
          disabled={barred !== null || isBusy || !isTheirs || waiting.length > 0}
          onClick={() => void sending.go()}
        >
          {isBusy ? said(progress.at(-1)) : "Sign in the wallet"}
        </button>
      </footer>
    </Dialog>
  );
}

function Another({ account }: { account: Address }) {
  return (
    <Notice kind="warn">
      <p>This was made for {account}, and the wallet acts for another account now.</p>
      <p class="next">Go back to that account in the wallet, or close this and review it again.</p>
    </Notice>
  );
}

function Before({ note }: { note: string | undefined }) {
  return (
    <Notice kind="warn">
      <p>Sent before, and in no block yet: {note}.</p>
      <p class="next">Wait for it, or let it go at the top of the page: two of the same would both be carried out.</p>
    </Notice>
  );
}

function said(progress: Progress | undefined): string {
  switch (progress?.at) {
    case "signing":
      return "Waiting for your wallet";
    case "sent":
      return "Waiting for a block";
    default:
      return "Simulating";
  }
}

function StepLine({ step, progress }: { step: Step; progress: readonly Progress[] }) {
  const last = progress.at(-1);
  const hash = last?.at === "sent" ? last.hash : last?.at === "mined" ? last.receipt.hash : null;
  return (
    <li class={last?.at ?? ""}>
      <p>
        {step.note}
        {last?.at === "mined" && <span class="gain"> · in block {last.receipt.blockNumber}</span>}
      </p>
      <p class="code hash">
        {step.contract}.{step.name} at {step.to}
      </p>
      <dl class="args">
        {step.args.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {hash && <p class="code hash">{hash}</p>}
    </li>
  );
}

function Barred({ market, barred, look }: { market: Market; barred: Hindrance; look: () => Promise<void> }) {
  const { wallet } = useAccount();
  const [error, setError] = useState<unknown>(null);
  if (barred.kind === "code") {
    return (
      <Notice kind="bad">
        <p>These contracts are not what the deployment's file says. Nothing here will be signed.</p>
        <ul>
          {barred.foreign.map(({ name, address }) => (
            <li key={name}>
              {name} at {address}
            </li>
          ))}
        </ul>
        <p class="next">Compare with `tandem deploy verify`, and get the file from whom you trust.</p>
      </Notice>
    );
  }
  if (barred.kind === "token") {
    return (
      <Notice kind="bad">
        <p>{barred.why} Nothing here will be signed.</p>
        <p class="next">Compare with `tandem deploy verify`, and get the file from whom you trust.</p>
      </Notice>
    );
  }
  const wanted = market.deployment.chainId;
  if (barred.kind === "node") {
    return (
      <Notice kind="bad">
        <p>
          The node is on chain {barred.chainId}, and this market is on {wanted}.
        </p>
        <p class="next">Choose another node at the top of the page.</p>
      </Notice>
    );
  }
  const turn = async (): Promise<void> => {
    try {
      await wallet?.switchTo(wanted);
      await look();
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <Notice kind="warn">
      <p>
        Your wallet is on chain {barred.chainId}, and this market is on {wanted}.
      </p>
      <button onClick={() => void turn()}>Switch the wallet to {wanted}</button>
      {error ? <Fault error={error} isOnce /> : null}
    </Notice>
  );
}
