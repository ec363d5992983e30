/** One market at one block, as everything on the page shows it. */

import { type Address, keccak256, toBytes } from "viem";

import { type Contracts, contractsOf } from "../chain/contracts.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Head, Reader } from "../chain/reader.ts";
import { type Smile, forward, unpackSmile } from "../model/smile.ts";
import { type MenuRow, menu } from "../protocol/series.ts";
import { type Terms, unpackTerms } from "../protocol/terms.ts";
import { YEAR, wadOf } from "../protocol/units.ts";

/** Where the page stands: a deployment, read through something with a name. */
export interface Market {
  readonly deployment: Deployment;
  readonly on: Contracts;
  readonly reader: Reader;
  /** What the chain is read through, for people: a node's host, or a wallet's name. */
  readonly source: string;
}

type Snapshot = Awaited<ReturnType<typeof readSnapshot>>;

const readSnapshot = (reader: Reader, on: Contracts, head: Head) => reader.read(on.lens, "snapshot", [], head);
const readSlices = (reader: Reader, on: Contracts, head: Head) => reader.read(on.surface, "slices", [], head);

/** A posted slice; age, since: seconds. */
export interface Posted {
  readonly smile: Smile;
  readonly word: bigint;
  readonly age: number;
  readonly postedAt: number;
}

export interface Expiry {
  readonly expiry: number;
  /** USD; null without a slice. */
  readonly forward: number | null;
  readonly posted: Posted | null;
  readonly rows: readonly MenuRow[];
}

export interface State {
  readonly head: Head;
  readonly snapshot: Snapshot;
  readonly terms: Terms;
  /** USD. */
  readonly spot: number;
  readonly expiries: readonly Expiry[];
}

export function marketOf(deployment: Deployment, reader: Reader, source: string): Market {
  return { deployment, on: contractsOf(deployment), reader, source };
}

/** Under which a browser keeps what it read of a market. What one node made up is not shown through another; its name is
 * kept as a hash alone. */
export function keyOf({ deployment, on, source }: Market, name: string): string {
  const told = keccak256(toBytes(source)).slice(0, 18);
  return `${deployment.chainId}:${on.market.address.toLowerCase()}:${told}${name && `:${name}`}`;
}

/** Two requests of one block. Throws Refused, NodeDown. */
export async function stateAt(market: Market, head: Head): Promise<State> {
  const { reader, on } = market;
  const [snapshot, slices] = await Promise.all([readSnapshot(reader, on, head), readSlices(reader, on, head)]);
  const terms = unpackTerms(snapshot.terms);
  const spot = wadOf(snapshot.spot);
  const posted = new Map(
    slices.map((slice) => [
      Number(slice.expiry),
      {
        smile: unpackSmile(slice.slice_word),
        word: slice.slice_word,
        age: Number(slice.age),
        postedAt: Number(slice.posted_at),
      },
    ]),
  );
  const live = snapshot.expiries.filter((each) => Number(each.expiry) > head.timestamp);
  const expiries = live
    .map((each): Expiry => {
      const expiry = Number(each.expiry);
      const slice = posted.get(expiry) ?? null;
      const life = (expiry - head.timestamp) / YEAR;
      return {
        expiry,
        posted: slice,
        forward: slice && forward(slice.smile, spot, life),
        rows: menu(expiry, each.strikes.map(Number), terms.call_cap),
      };
    })
    .sort((a, b) => a.expiry - b.expiry);
  return { head, snapshot, terms, spot, expiries };
}

/** Decimals of the token that every amount on the page is written in. */
const PLACES = 6;

/** Why the token that the file names is none that the page may ask an allowance of; "" where it is one. A file could
 * name another, in whose units the amounts that are shown would be others. Throws Refused, NodeDown. */
export async function foreignToken({ reader, on }: Market): Promise<string> {
  const [places, asset] = await Promise.all([
    reader.read(on.token, "decimals", [], "latest"),
    reader.read(on.vault, "asset", [], "latest"),
  ]);
  if (asset.toLowerCase() !== on.token.address.toLowerCase()) {
    return `The deployment's file names the token ${on.token.address}, and the Vault's is ${asset}.`;
  }
  return places === PLACES ? "" : `The token counts ${places} decimals, and this page writes amounts with ${PLACES}.`;
}

/** What an account has of the quote token, and lets the Vault take: token units. */
export async function purse(market: Market, account: Address): Promise<{ held: bigint; allowed: bigint }> {
  const { reader, on } = market;
  const [held, allowed] = await Promise.all([
    reader.read(on.token, "balanceOf", [account], "latest"),
    reader.read(on.token, "allowance", [account, on.vault.address], "latest"),
  ]);
  return { held, allowed };
}
