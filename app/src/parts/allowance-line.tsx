/** What the Vault may still take of an account although no trade needs it, wherever the visitor is, with its end. */

import { useState } from "preact/hooks";
import type { Address } from "viem";

import { isUnderWay } from "../chain/sending.ts";
import { USD } from "../protocol/units.ts";
import { useAnswer } from "../state/live.ts";
import { type Market, purse } from "../state/market.ts";
import { revoking } from "../state/redeeming.ts";
import { Notice } from "./basic.tsx";
import { type Deed, Done } from "./done.tsx";
import { Term } from "./glossary.tsx";
import { Signing } from "./signing.tsx";
import { allowed } from "../protocol/units.ts";

const CENT = USD / 100n;

/** beat: changes when it is to be looked up again. */
export function AllowanceLine(props: { market: Market; account: Address; beat: string; onTraded: () => void }) {
  const { market, account, beat, onTraded } = props;
  const [passed, setPassed] = useState(0n);
  const [isEnding, setEnding] = useState(false);
  const [deed, setDeed] = useState<Deed | null>(null);
  const { value: left } = useAnswer(account, beat, () => leftOf(market, account));
  return (
    <>
      {left !== null && left > passed && (
        <Notice kind="warn">
          <p>
            The Vault may still take {allowed(left)} USD from your account: an <Term word="allowance" /> that no trade
            needs now.
          </p>
          <div class="buttons">
            <button onClick={() => setEnding(true)}>End the allowance</button>
            <button class="plain" onClick={() => setPassed(left)}>
              Leave it
            </button>
          </div>
        </Notice>
      )}
      {isEnding && (
        <Signing
          {...{ market, account }}
          title="End the allowance"
          steps={[revoking(market)]}
          onClose={() => setEnding(false)}
          onDone={(receipts) => {
            setDeed(endedAllowance(receipts));
            setEnding(false);
            onTraded();
          }}
        />
      )}
      {deed && <Done deed={deed} onClose={() => setDeed(null)} />}
    </>
  );
}

/** What is said once it is ended. */
export const endedAllowance = (receipts: Deed["receipts"]): Deed => ({
  title: "The allowance is ended",
  rows: [["the Vault may take", "0.00 USD"]],
  receipts,
});

/** Token units; nothing where it is under a cent, and while a transaction is under way that may need them. */
async function leftOf(market: Market, account: Address): Promise<bigint> {
  const { allowed } = await purse(market, account);
  return allowed < CENT || isUnderWay(market.deployment.chainId) ? 0n : allowed;
}
