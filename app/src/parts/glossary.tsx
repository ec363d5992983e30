/** What the words mean, where they stand: a first option buyer should never have to leave the page. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export const GLOSSARY = {
  series: "One option: an asset, a day, a strike, a cap for calls, and whether it is a call or a put.",
  call: "Pays what the price is above the strike at expiry, up to its cap.",
  put: "Pays what the price is below the strike at expiry.",
  strike: "The price from which on the option pays.",
  cap: "The price above which a call pays no more. It is why the most that all options could pay is known.",
  bid: "What you are paid now for one that you sell back, everything included.",
  ask: "What you pay now for one, everything included: option, fee, and its hedge.",
  volatility: "How much a year's price is expected to move, as a share of it. Dearer options have more of it.",
  delta: "How many of the asset the option behaves like at this moment.",
  gamma: "How much its delta changes when the price moves by a dollar.",
  vega: "What its value gains when volatility rises by one point.",
  theta: "How its value changes in a day when the price stands still: mostly it loses.",
  mark: "The model's value at the surface that signers posted, before any spread.",
  spread: "What the vault takes beyond the mark for taking the other side.",
  fee: "A share of the notional, at most a tenth of the premium.",
  "capital charge": "The price of the cash that is set aside for the most that the option can pay.",
  carry: "What holding the hedge is expected to cost at its venue.",
  hedge: "The order on the venue that offsets the option. It trades in the same transaction, or nothing does.",
  residual: "What of the book's delta is not hedged. The contracts keep it inside a band.",
  slippage: "How much worse than quoted you still accept. Past it the transaction is refused.",
  deadline: "Until when the transaction is good. Later it is refused.",
  allowance: "What the Vault may take from your account. It is exactly this trade's bound.",
  room: "How much of it can be opened now before some limit refuses.",
  floor:
    "Cash in the Vault, less what is set aside for claims, less the most that all outstanding options could pay together. Never under nothing.",
  reserve: "A part of the capital that opens leave free.",
  gate: "An option opens only where the worst of eight instant jumps then costs no more than a published share of the capital, or than before.",
  NAV: "What the Vault's shares are worth together.",
  band: "How large the residual may be. Wider where hedging is dear beside the risk, narrower where it is cheap.",
  surface: "The volatilities by strike and day that signers posted. All prices and Greeks come from them.",
  attestation: "A signed file that says what a market's risk was at one block. Anybody can compute it again.",
  share: "A part of the Vault. Its price is the NAV over all shares, and moves as LPs win and lose.",
  epoch: "The hour from which on exits may be processed, first in, first out, all of an hour alike.",
  breaker:
    "Stops opens and deposits by itself when the price jumps, a share falls, or the venue loses what no price explains.",
  LP: "A liquidity provider: whoever puts money into the Vault, and stands behind every option that it sells.",
  venue: "The exchange or lending market where the hedge lives.",
} as const;

export type Word = keyof typeof GLOSSARY;

/** A word of the field that says what it means when it is pointed at, focused or touched. */
export function Term({ word, children }: { word: Word; children?: ComponentChildren }) {
  const id = useId();
  return (
    <span class="term">
      <button type="button" class="plain" aria-describedby={id}>
        {children ?? word}
      </button>
      <span role="tooltip" id={id}>
        {GLOSSARY[word]}
      </span>
    </span>
  );
}
