/** What was read of a market's past, kept in the browser: by chain, market and what it was read through, so
 * that it is read once. What cannot be
 * kept, or is not as it was written, is read anew; all of it stands on the chain. */

import type { Known, Row } from "../chain/logs.ts";

/** Rows of blocks `low` to `high`, in order. */
export interface Kept {
  readonly version: number;
  readonly low: number;
  readonly high: Known;
  readonly rows: readonly Row[];
}

export const VERSION = 1;
const NAME = "tandem-history";
const TABLE = "markets";

function opened(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
    asked.onblocked = () => fail(new Error("blocked"));
  });
}

async function within<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const base = await opened();
    try {
      return await new Promise<T>((done, fail) => {
        const asked = work(base.transaction(TABLE, mode).objectStore(TABLE));
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => fail(asked.error);
      });
    } finally {
      base.close();
    }
  } catch {
    return null; // a browser that keeps nothing
  }
}

/** null where there is nothing of use. */
export async function kept(key: string): Promise<Kept | null> {
  const found = await remembered(key);
  return isKept(found) ? found : null;
}

/** Whatever was kept; null for nothing. Who asks makes sure of what it is. */
export const remembered = (key: string): Promise<unknown> => within<unknown>("readonly", (table) => table.get(key));

export async function keep(key: string, what: object): Promise<void> {
  await within("readwrite", (table) => table.put(what, key));
}

function isKept(found: unknown): found is Kept {
  const it = found as Kept | null;
  if (it?.version !== VERSION || !Array.isArray(it.rows) || typeof it.low !== "number") return false;
  return (
    typeof it.high?.hash === "string" &&
    it.rows.every((row) => typeof row?.block === "number" && row.block <= it.high.number)
  );
}
