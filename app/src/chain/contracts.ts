/** A deployment's contracts as the page calls them. */

import type { Address } from "viem";

import { feedAbi } from "../abi/feed.ts";
import { guardianAbi } from "../abi/guardian.ts";
import { lensAbi } from "../abi/lens.ts";
import { marketAbi } from "../abi/market.ts";
import { optionAbi } from "../abi/option.ts";
import { routerAbi } from "../abi/router.ts";
import { spotAbi } from "../abi/spot.ts";
import { stressAbi } from "../abi/stress.ts";
import { surfaceAbi } from "../abi/surface.ts";
import { tokenAbi } from "../abi/token.ts";
import { vaultAbi } from "../abi/vault.ts";
import { venueAbi } from "../abi/venue.ts";
import { venueLensAbi } from "../abi/venueLens.ts";
import { venueSetAbi } from "../abi/venueSet.ts";
import type { Deployment } from "./deployment.ts";

/** The adapter's name by the deployment's venue; several venues are one set. */
const ADAPTERS: Readonly<Record<string, string>> = {
  curie: "CurieVenue",
  aave: "AaveVenue",
  morpho: "MorphoVenue",
  morpho4: "MorphoV4Venue",
};

export function contractsOf(deployment: Deployment) {
  const at = (name: string): Address => {
    const found = deployment.contracts[name];
    if (!found) throw new Error(`the deployment has no ${name}`);
    return found.address;
  };
  const adapter = at(deployment.venueKind.includes("+") ? "VenueSet" : (ADAPTERS[deployment.venueKind] ?? "VenueSet"));
  return {
    market: { abi: marketAbi, address: at("Market") },
    lens: { abi: lensAbi, address: at("Lens") },
    surface: { abi: surfaceAbi, address: at("VolSurface") },
    vault: { abi: vaultAbi, address: at("Vault") },
    router: { abi: routerAbi, address: at("HedgeRouter") },
    guardian: { abi: guardianAbi, address: at("Guardian") },
    option: { abi: optionAbi, address: at("OptionToken") },
    spot: { abi: spotAbi, address: at("ChainlinkSpot") },
    stress: { abi: stressAbi, address: at("StressTest") },
    venueLens: { abi: venueLensAbi, address: at("VenueLens") },
    token: { abi: tokenAbi, address: deployment.venue["usdc"] as Address },
    feed: { abi: feedAbi, address: deployment.venue["feed"] as Address },
    venue: { abi: venueAbi, address: adapter },
    venueSet: { abi: venueSetAbi, address: adapter },
  } as const;
}

export type Contracts = ReturnType<typeof contractsOf>;
