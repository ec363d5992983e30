/** Where a page begins: what lies beside it says which markets there are. */

import { type Deployment, NotADeployment, parseDeployment } from "../chain/deployment.ts";

/** `market.json`, which `tandem ui` writes beside the page, and which any static host may hold. */
export interface Beside {
  readonly deployments: readonly Deployment[];
  /** A node on this machine, where the page was made for one. */
  readonly rpc: string | null;
  /** Whether the keeper's figures are at ./metrics. */
  readonly metrics: boolean;
  /** Where an index of the market's past answers. */
  readonly index: string | null;
}

/** Through what the chain is read: a node's address, or the wallet. */
export type Source = { readonly url: string } | "wallet" | null;

const NOTHING: Beside = { deployments: [], rpc: null, metrics: false, index: null };

/** Nothing where there is no such file. Throws NotADeployment for one that is none. */
export async function beside(): Promise<Beside> {
  const answer = await fetch("./market.json", { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return NOTHING;
  const raw = (await answer.json().catch(() => {
    throw new NotADeployment("market.json, beside this page, holds no JSON; write it with `tandem ui --out`");
  })) as { deployments?: unknown[]; rpc?: unknown; metrics?: unknown; index?: unknown };
  return {
    deployments: (raw.deployments ?? []).map(parseDeployment),
    rpc: typeof raw.rpc === "string" && URL.canParse(raw.rpc) ? raw.rpc : null,
    metrics: raw.metrics === true,
    index: typeof raw.index === "string" && URL.canParse(raw.index) ? raw.index : null,
  };
}
