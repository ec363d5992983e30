/** What a transaction did, from its receipt, where it has one leg alone. */

import type { ComponentChildren } from "preact";

import type { Receipt } from "../chain/receipts.ts";
import { wadOf } from "../protocol/units.ts";
import { Dialog, Pairs, fixed } from "./basic.tsx";

export interface Deed {
  readonly title: string;
  readonly rows: readonly (readonly [ComponentChildren, ComponentChildren])[];
  readonly receipts: readonly Receipt[];
}

/** What it cost to be mined, under whatever it did. */
export function GasOf({ receipts }: { receipts: readonly Receipt[] }) {
  const ether = receipts.reduce((sum, receipt) => sum + wadOf(receipt.gasUsed * receipt.gasPrice), 0);
  const gas = receipts.reduce((sum, receipt) => sum + receipt.gasUsed, 0n);
  return (
    <p class="about number">
      gas {gas.toLocaleString("en-US")} · {fixed(ether, 6)} ETH
    </p>
  );
}

export function Done({ deed, onClose }: { deed: Deed; onClose: () => void }) {
  return (
    <Dialog title={deed.title} onClose={onClose}>
      <Pairs label="What was done" rows={deed.rows} />
      <GasOf receipts={deed.receipts} />
      {deed.receipts.map(({ hash, blockNumber }) => (
        <p key={hash} class="code hash">
          block {blockNumber} · {hash}
        </p>
      ))}
      <footer>
        <button class="main" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}
