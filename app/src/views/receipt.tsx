/** What happened: both legs of the one transaction, as the chain's receipt has them. */

import { useEffect, useState } from "preact/hooks";

import { type Receipt, receiptNow } from "../chain/receipts.ts";
import { Dialog, Notice, Pairs, fixed } from "../parts/basic.tsx";
import { GasOf } from "../parts/done.tsx";
import { Legs } from "../parts/legs.tsx";
import { Term } from "../parts/glossary.tsx";
import { abs, units, usd, wad, wadOf } from "../protocol/units.ts";
import type { Market } from "../state/market.ts";
import type { Legs as BothLegs } from "../state/trade.ts";

export interface Told {
  readonly name: string;
  readonly receipt: Receipt;
  readonly legs: BothLegs;
}

/** Milliseconds between two looks whether the block is still the chain's. */
const AGAIN = 1_500;

export function ReceiptCard({ market, told, onClose }: { market: Market; told: Told; onClose: () => void }) {
  const { legs, name } = told;
  const asset = market.deployment.asset;
  const { receipt, isLost } = useStanding(market, told.receipt);
  return (
    <Dialog title={legs.isClose ? "Sold back, with its hedge" : "Bought, with its hedge"} onClose={onClose}>
      {isLost && (
        <Notice kind="warn">
          <p>The chain replaced the block that held this. It is looked for again; nothing is sent a second time.</p>
        </Notice>
      )}
      <p>
        Both legs are in one transaction, in block {receipt.blockNumber}. Neither could have happened without the other.
      </p>
      <div class="legs">
        <OptionLeg {...{ legs, name, asset }} />
        <HedgeLeg {...{ legs, asset }} />
      </div>
      <GasOf receipts={[receipt]} />
      <p class="code hash">{receipt.hash}</p>
      <footer>
        <button class="main" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}

function OptionLeg({ legs, name, asset }: { legs: BothLegs; name: string; asset: string }) {
  return (
    <section aria-label="The option">
      <h3>The option</h3>
      <Pairs
        label="The option's leg"
        rows={[
          [name, `${units(legs.units)} ${asset}`],
          ["premium", `${usd(legs.premium)} USD`],
          [<Term word="fee" />, `${usd(legs.fee)} USD`],
          ...(legs.isClose
            ? []
            : [[<Term word="capital charge">capital charge and carry</Term>, `${usd(legs.charge)} USD`] as const]),
          ["your part of the hedge", `${usd(legs.hedgeCost)} USD`],
          [legs.isClose ? "you were paid" : "you paid", `${usd(abs(legs.paid))} USD`],
        ]}
      />
    </section>
  );
}

function HedgeLeg({ legs: { hedge, legs }, asset }: { legs: BothLegs; asset: string }) {
  return (
    <section aria-label="The hedge">
      <h3>The hedge</h3>
      {hedge ? (
        <Pairs
          label="The hedge's leg"
          rows={[
            [
              hedge.order > 0n ? "bought" : hedge.order < 0n ? "sold" : "order",
              hedge.order ? `${wad(abs(hedge.order))} ${asset}` : "none was needed",
            ],
            ["at", hedge.order ? `${fixed(wadOf(hedge.price))} USD` : "–"],
            ["its cost beside the oracle", `${fixed(wadOf(hedge.cost))} USD`],
            ["of which you bore", `${fixed(wadOf(hedge.borne))} USD`],
            [<Term word="residual">residual before</Term>, `${wad(hedge.before)} ${asset}`],
            ["residual after", `${wad(hedge.after)} ${asset}`],
            ["band", `± ${wad(hedge.band)} ${asset}`],
          ]}
        />
      ) : (
        <p>The contracts needed no order.</p>
      )}
      <Legs legs={legs} asset={asset} />
    </section>
  );
}

/** The receipt as the chain has it now; a reorg may take it out of its block, and put it into another. */
function useStanding(market: Market, first: Receipt): { receipt: Receipt; isLost: boolean } {
  const [receipt, setReceipt] = useState(first);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    const look = setInterval(() => {
      receiptNow(market.reader, first.hash).then(
        (found) => {
          setLost(found === null);
          if (found && found.blockHash !== receipt.blockHash) setReceipt(found);
        },
        () => {}, // a node that is away says nothing of the chain
      );
    }, AGAIN);
    return () => clearInterval(look);
  }, [market, first, receipt]);
  return { receipt, isLost };
}
