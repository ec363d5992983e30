/** What a page asks for that nobody told where its market is. */

import { useId, useState } from "preact/hooks";

import { type Deployment, readDeployment } from "../chain/deployment.ts";
import { Fault, Notice } from "../parts/basic.tsx";
import type { Beside, Source } from "../state/boot.ts";

export function Opening(props: {
  found: Beside;
  deployment: Deployment | null;
  setDeployment: (deployment: Deployment) => void;
  setSource: (source: Source) => void;
}) {
  const { deployment, setDeployment, setSource } = props;
  const [error, setError] = useState<unknown>(null);
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    try {
      setDeployment(readDeployment(await file.text()));
      setError(null);
    } catch (fault) {
      setError(fault);
    }
  };
  return (
    <section class="card opening">
      <h2>Open a market</h2>
      {deployment ? (
        <p>
          {deployment.asset} on chain {deployment.chainId}. It is read through your wallet once you connect one, or
          through a node.
        </p>
      ) : (
        <>
          <p>
            This page holds no market. Choose the file that <code>tandem deploy apply</code> wrote for one that you
            trust.
          </p>
          <input
            type="file"
            accept=".json,application/json"
            aria-label="A deployment's file"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
          {error ? <Fault error={error} isOnce /> : null}
        </>
      )}
      <NodeForm onNode={(url) => setSource({ url })} />
    </section>
  );
}

/** Whether the page's own policy lets it ask there: what is not of this machine by an encrypted way alone. */
const isReachable = (url: URL): boolean =>
  url.protocol === "https:" || (url.protocol === "http:" && ["127.0.0.1", "localhost"].includes(url.hostname));

/** The address of a node, which stays in this page's memory alone: it may hold a key. */
export function NodeForm(props: { onNode: (url: string) => void; label?: string; act?: string }) {
  const { onNode, label = "A node's address", act = "Read through it" } = props;
  const [text, setText] = useState("");
  const [fault, setFault] = useState("");
  const id = useId();
  const go = (event: Event): void => {
    event.preventDefault();
    const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
    if (!url || !isReachable(url)) {
      setFault("An address begins with https://, or on this machine with http://127.0.0.1 or http://localhost");
      return;
    }
    setFault("");
    onNode(url.href);
  };
  return (
    <form class="node" onSubmit={go}>
      <label for={id}>{label}</label>
      <div class="box">
        <input
          id={id}
          value={text}
          placeholder="https://…"
          spellcheck={false}
          onInput={(e) => setText(e.currentTarget.value)}
        />
        <button type="submit">{act}</button>
      </div>
      {fault && <Notice kind="bad">{fault}</Notice>}
    </form>
  );
}
