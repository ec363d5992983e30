/** An attestation held to the chain, through the visitor's own node (tandem/client/attest.py is its twin). */

import { type Address, getAddress, numberToHex } from "viem";

import { type Attestation, type Difference, differences, recovered, viewOf } from "../protocol/attestation.ts";
import { faultOf } from "./live.ts";
import type { Market } from "./market.ts";

/** It could not be looked at: another chain's, another market's, no such block. */
export class NotLooked extends Error {}

/** signer: whose signature it is, null where it is nobody's; isGone: another block has that number; unseen: why the
 * chain was not looked at, "" where it was. */
export interface Verdict {
  readonly signer: Address | null;
  readonly differences: readonly Difference[];
  readonly isGone: boolean;
  readonly unseen: string;
}

const FARTHEST = 2n ** 63n;

/** Throws NotLooked, Refused and NodeDown where nothing was found to differ before. */
export async function verdictOf(market: Market, said: Attestation): Promise<Verdict> {
  const { deployment, on, reader } = market;
  const { view } = said;
  if (view.chain_id !== BigInt(deployment.chainId)) {
    throw new NotLooked(`The attestation is of chain ${view.chain_id}, this market is on ${deployment.chainId}.`);
  }
  const ours = getAddress(on.market.address);
  if (view.market !== ours) {
    throw new NotLooked(`The attestation is of the market ${String(view.market)}, this one is ${ours}.`);
  }
  const signer = await recovered(said);
  const found: Difference[] = [];
  if (signer !== said.signer) found.push({ field: "signature", said: said.signer, found: signer ?? "nobody" });
  const verdict = { signer, differences: found, isGone: false, unseen: "" };
  try {
    const number = view.block as bigint;
    const head = number < FARTHEST ? await reader.block(number) : null;
    if (!head) throw new NotLooked(`The node has no block ${number}: it is behind, or a reorganisation removed it.`);
    if (head.hash !== view.block_hash) {
      found.push({ field: "block_hash", said: String(view.block_hash), found: head.hash });
      return { ...verdict, isGone: true };
    }
    if ((await reader.request("eth_getCode", [on.lens.address, numberToHex(number)])) === "0x") {
      throw new NotLooked(`In block ${number} there is no market yet.`);
    }
    const snapshot = await reader.read(on.lens, "snapshot", [], head);
    found.push(...differences(view, viewOf(snapshot, deployment.chainId, ours, head)));
    return verdict;
  } catch (error) {
    if (!found.length) throw error;
    return { ...verdict, unseen: faultOf(error) };
  }
}
