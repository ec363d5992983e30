/** Where the residual stands among its bands: one line, drawn to scale. */

import { fixed } from "../../parts/basic.tsx";
import { Term } from "../../parts/glossary.tsx";
import { wadOf } from "../../protocol/units.ts";
import type { Snapshot } from "../../state/look.ts";

const [WIDTH, HEIGHT, MIDDLE] = [320, 36, 160];
/** Of half the picture, what the hard band takes. */
const SHARE = 0.8;

export function Bands({ snapshot, asset }: { snapshot: Snapshot; asset: string }) {
  const { residual, width, hard, trigger } = snapshot.stance;
  const full = wadOf(hard) || 1;
  const at = (amount: number): number => MIDDLE + Math.max(-1, Math.min(1, (amount / full) * SHARE)) * MIDDLE;
  const here = wadOf(residual);
  const place =
    Math.abs(here) > full
      ? "over the hard band"
      : Math.abs(here) >= wadOf(trigger)
        ? "past the trigger"
        : "inside the trigger";
  const band = (half: bigint, kind: string) => (
    <rect class={kind} x={at(-wadOf(half))} y={8} width={at(wadOf(half)) - at(-wadOf(half))} height={20} />
  );
  const label = `The residual of ${fixed(here, 6)} ${asset} is ${place}`;
  return (
    <figure class="bands">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {band(hard, "hard")}
        {band(width, "half")}
        {band(trigger, "trigger")}
        <line class="here" x1={at(here)} x2={at(here)} y1={2} y2={HEIGHT - 2} />
      </svg>
      <figcaption class="about number">
        The <Term word="residual" /> is {place}: {fixed(here, 6)} {asset}, where ± {fixed(full, 4)} is the hard{" "}
        <Term word="band" />.
      </figcaption>
    </figure>
  );
}
