/** The no-trade band of Whalley and Wilmott, from the book's own gamma (contracts/lib/band.vy). */

import type { Terms } from "../protocol/terms.ts";
import { TO_WAD, WAD, abs, least, most } from "../protocol/units.ts";

/** All WAD of the asset. width: where a trade hedges the whole residual; hard: no open may leave it beyond; trigger: from
 * which on a rebalance may act. */
export interface Band {
  readonly width: bigint;
  readonly hard: bigint;
  readonly trigger: bigint;
}

/** gamma, spot: WAD; nav: token units; gross: 1e-6 of the asset; lot: WAD of the asset. */
export function bandOf(gamma: bigint, spot: bigint, nav: bigint, terms: Terms, gross: bigint, lot: bigint): Band {
  const steep = least(abs(gamma), 1n << 100n);
  const held = (factor: bigint): bigint => least((factor * steep) / WAD, 1n << 95n);
  const product = (held(spot) * held(nav * TO_WAD) * WAD) / (20_000n * BigInt(terms.risk_aversion));
  const root = cubeRoot(product * BigInt(3 * terms.hedge_cost));
  const width = most(least(root, (gross * TO_WAD) / 20n), lot);
  return { width, hard: 2n * width, trigger: most(width / 2n, lot) };
}

/** Rounded down. */
export function cubeRoot(cube: bigint): bigint {
  if (cube <= 0n) return 0n;
  let root = 1n << BigInt(Math.ceil(cube.toString(2).length / 3));
  for (;;) {
    const next = (2n * root + cube / (root * root)) / 3n;
    if (next >= root) return root;
    root = next;
  }
}
