/** A deployment's contracts as the page calls them. */

import { deskAbi } from "../abi/desk.ts";
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

export function contractsOf({ contracts, adapter, token, feed }: Deployment) {
  return {
    market: { abi: marketAbi, address: contracts.Market.address },
    lens: { abi: lensAbi, address: contracts.Lens.address },
    surface: { abi: surfaceAbi, address: contracts.VolSurface.address },
    vault: { abi: vaultAbi, address: contracts.Vault.address },
    router: { abi: routerAbi, address: contracts.HedgeRouter.address },
    desk: { abi: deskAbi, address: contracts.MarginDesk.address },
    guardian: { abi: guardianAbi, address: contracts.Guardian.address },
    option: { abi: optionAbi, address: contracts.OptionToken.address },
    spot: { abi: spotAbi, address: contracts.ChainlinkSpot.address },
    stress: { abi: stressAbi, address: contracts.StressTest.address },
    venueLens: { abi: venueLensAbi, address: contracts.VenueLens.address },
    token: { abi: tokenAbi, address: token },
    feed: { abi: feedAbi, address: feed },
    venue: { abi: venueAbi, address: adapter },
    venueSet: { abi: venueSetAbi, address: adapter },
  } as const;
}

export type Contracts = ReturnType<typeof contractsOf>;
