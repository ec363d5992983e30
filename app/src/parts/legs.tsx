/** An order's legs, a venue a line, with its price and its share. */

import type { Leg } from "../protocol/legs.ts";
import { abs, wad, wadOf } from "../protocol/units.ts";
import { Pairs, fixed, percent } from "./basic.tsx";

export function Legs({ legs, asset }: { legs: readonly Leg[]; asset: string }) {
  const used = legs.filter(({ order }) => order !== 0n);
  if (used.length === 0) return null;
  return (
    <Pairs
      label="The hedge by venue"
      rows={used.map(({ venue, order, price, share }) => [
        venue,
        `${order > 0n ? "buy" : "sell"} ${wad(abs(order))} ${asset}${price ? ` at ${fixed(wadOf(price))}` : ""}, ${percent(share, 0)}`,
      ])}
    />
  );
}
