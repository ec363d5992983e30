/** Transactions that were sent and have no receipt yet: kept in the browser, so that a page that is loaded again knows
 * them, follows them, and sends nothing twice. A hash is no secret; nothing else is kept. */

import type { Hex } from "viem";

import { plain } from "./foreign.ts";

export interface Pending {
  readonly hash: Hex;
  readonly note: string;
  readonly chainId: number;
  /** Milliseconds of this machine's clock. */
  readonly since: number;
}

const PLACE = "tandem.pending";
const MOST = 20;

function all(): Pending[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
    const ours = Array.isArray(found) ? found.filter((each) => /^0x[0-9a-f]{64}$/i.test(each?.hash)) : [];
    return ours.slice(-MOST).map((each) => ({ ...each, note: plain(String(each.note)) }));
  } catch {
    return []; // a browser that keeps nothing, or something that is not ours
  }
}

function keep(list: readonly Pending[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(list));
  } catch {
    // a browser that keeps nothing
  }
}

export const pendingOn = (chainId: number): Pending[] => all().filter((each) => each.chainId === chainId);

export function remember(pending: Pending): void {
  keep([...all().filter(({ hash }) => hash !== pending.hash), pending]);
}

export function forget(hash: Hex): void {
  keep(all().filter((each) => each.hash !== hash));
}
