/** The two marks that anybody may renew: the Vault's, by which LPs are counted, and the gate's, by which options open
 * (tandem/client/gate.py has the second). */

import { type Address, encodeFunctionData, numberToHex, parseEventLogs } from "viem";

import { stressAbi } from "../abi/stress.ts";
import { vaultAbi } from "../abi/vault.ts";
import { saidBy } from "../chain/logs.ts";
import type { Receipt } from "../chain/receipts.ts";
import { type Step, stepOf } from "../chain/sending.ts";
import { type Head, Refused, orRefused } from "../chain/reader.ts";
import { decimals } from "../protocol/units.ts";
import type { Market } from "./market.ts";

/** What renewing would say now, or why it is refused. worst: what the worst jump would cost, WAD USD. */
export interface Renewal {
  readonly vault: Refused | null;
  readonly worst: Refused | bigint;
}

const GAS = 10_000_000n;

/** Throws NodeDown. */
export async function renewalOf({ reader, on }: Market, account: Address | null, head: Head): Promise<Renewal> {
  const from = account ? { from: account } : {};
  const poke = { ...from, to: on.vault.address, data: encodeFunctionData({ abi: vaultAbi, functionName: "poke" }) };
  const [vault, worst] = await Promise.all([
    orRefused(reader.request("eth_call", [poke, numberToHex(head.number)])),
    orRefused(reader.read(on.stress, "remark", [], head, { ...from, gas: GAS })),
  ]);
  return { vault: vault instanceof Refused ? vault : null, worst };
}

/** Of both, those that would not be refused. The Vault's comes first: the gate's bound is a part of its NAV. */
export function renewalSteps({ on }: Market, { vault, worst }: Renewal): Step[] {
  const steps: Step[] = [];
  if (!vault) {
    const note = "value book and hedge anew for LPs: the low NAV of that block is remembered; no money moves";
    steps.push(stepOf(on.vault, "Vault", "poke", [], note));
  }
  if (!(worst instanceof Refused)) {
    const note = "reckon anew what each jump would cost: opens go by it for an hour, and the breaker looks";
    steps.push(stepOf(on.stress, "StressTest", "remark", [], note));
  }
  return steps;
}

const usd = (amount: bigint, places: number): string => `${decimals(amount, places, 2)} USD`;

/** What the receipts say was remembered: name and value. */
export function renewedIn({ on }: Market, receipts: readonly Receipt[]): [string, string][] {
  const logs = receipts.flatMap((receipt) => receipt.logs);
  const of = (address: Address) => saidBy(address, logs) as never;
  const [marked] = parseEventLogs({ abi: vaultAbi, eventName: "Marked", logs: of(on.vault.address) });
  const [gate] = parseEventLogs({ abi: stressAbi, eventName: "Remarked", logs: of(on.stress.address) });
  return [
    ...(marked ? [["low NAV", usd(marked.args.nav_low, 6)] as [string, string]] : []),
    ...(gate ? [["the worst jump would cost", usd(gate.args.worst, 18)] as [string, string]] : []),
  ];
}
