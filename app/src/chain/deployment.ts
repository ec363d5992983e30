/** What stands where: the file that a deployer wrote, and whether the chain has what it says. */

import { type Address, type Hex, isAddress, keccak256 } from "viem";

import { ADAPTERS, SEPARATOR, SET } from "../abi/venues.ts";
import type { Reader } from "./reader.ts";

/** Without which there is no page. */
const NEEDED = [
  "Market",
  "Lens",
  "VolSurface",
  "Vault",
  "HedgeRouter",
  "Guardian",
  "OptionToken",
  "ChainlinkSpot",
  "StressTest",
  "VenueLens",
  "MarginDesk",
] as const;

interface Placed {
  readonly address: Address;
  readonly codeHash: Hex;
}

/** One system on one chain (tandem/protocol/deployment.py writes it). venues: by name, one or several; adapter: the
 * contract that speaks to them; token, feed: the quote token and the first price feed. */
export interface Deployment {
  readonly name: string;
  readonly chainId: number;
  readonly block: number;
  readonly asset: string;
  readonly venues: readonly string[];
  readonly contracts: Readonly<Record<(typeof NEEDED)[number], Placed> & Record<string, Placed>>;
  readonly adapter: Address;
  readonly token: Address;
  readonly feed: Address;
}

export class NotADeployment extends Error {}

/** It stands beside every amount that is signed: a word, and no sentence. */
const ASSET = /^[A-Za-z0-9]{1,10}$/;

/** What the page calls a market and a contract: nothing that looks like another name, or is hidden. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9 ._:+-]{0,62}[A-Za-z0-9])?$/;

const fail = (why: string, next = "take the one that `tandem deploy apply` wrote"): never => {
  throw new NotADeployment(`the deployment file ${why}; ${next}`);
};

/** A file's text. Throws NotADeployment that says what is wrong. */
export function readDeployment(text: string): Deployment {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    fail("holds no JSON");
  }
  return parseDeployment(raw);
}

/** Throws NotADeployment that says what is wrong. */
export function parseDeployment(raw: unknown): Deployment {
  const file = raw as Record<string, any>;
  if (typeof file !== "object" || file === null) fail("is not one");
  for (const [key, kind] of [
    ["name", "string"],
    ["chain_id", "number"],
    ["block", "number"],
  ] as const) {
    if (typeof file[key] !== kind) fail(`lacks ${key}`);
  }
  for (const key of ["chain_id", "block"]) {
    if (!Number.isSafeInteger(file[key]) || file[key] < 0) fail(`has no whole number as ${key}`);
  }
  for (const key of ["contracts", "venue", "settings"]) {
    if (typeof file[key] !== "object" || file[key] === null) fail(`lacks ${key}`);
  }
  if (!NAME.test(file["name"])) fail("has no name of letters and digits");
  const contracts = placesOf(file["contracts"]);
  for (const key of ["usdc", "feed"]) if (!isAddress(file["venue"][key] ?? "")) fail(`lacks venue.${key}`);
  const asset: unknown = file["settings"].asset ?? "ETH";
  if (typeof asset !== "string" || !ASSET.test(asset)) fail("has no asset whose name is letters and digits");
  const venues = String(file["venue"].kind ?? "").split(SEPARATOR);
  return {
    name: file["name"],
    chainId: file["chain_id"],
    block: file["block"],
    asset: asset as string,
    venues,
    contracts,
    adapter: contracts[adapterOf(venues)]?.address ?? fail(`lacks ${adapterOf(venues)}`),
    token: file["venue"].usdc,
    feed: file["venue"].feed,
  };
}

function placesOf(raw: Record<string, any>): Deployment["contracts"] {
  const found: Record<string, Placed> = {};
  for (const [name, one] of Object.entries(raw)) {
    if (!NAME.test(name)) fail("has no name of letters and digits for a contract");
    if (!isAddress(one?.address ?? "")) fail(`has no address for ${name}`);
    found[name] = { address: one.address, codeHash: one.code_hash };
  }
  for (const name of NEEDED) if (!found[name]) fail(`lacks ${name}`);
  return found as Deployment["contracts"];
}

/** The contract that speaks to a venue, or to several as one. */
function adapterOf(venues: readonly string[]): string {
  const [only = ""] = venues;
  if (venues.length > 1) return SET;
  if (Object.hasOwn(ADAPTERS, only)) return ADAPTERS[only as keyof typeof ADAPTERS];
  return fail(`names the venue ${only}`, "this page was built without it: build it where it is installed");
}

/** A contract whose code is not the file's. */
export interface Foreign {
  readonly name: string;
  readonly address: Address;
  readonly found: Hex;
}

/** A contract as the file says it, and the hash of the code that stands there. */
export interface Standing extends Foreign {
  readonly due: Hex;
}

/** Every contract of the file, with what the chain has. */
export async function codesOf(reader: Reader, deployment: Deployment): Promise<Standing[]> {
  const all = Object.entries(deployment.contracts);
  const codes = await Promise.all(
    all.map(([, { address }]) => reader.request<Hex>("eth_getCode", [address, "latest"])),
  );
  return all.map(([name, { address, codeHash }], i) => ({
    name,
    address,
    due: codeHash,
    found: keccak256(codes[i] ?? "0x"),
  }));
}

/** Contracts that the chain does not have as the file says; none may be signed for while there is one. */
export async function foreignCode(reader: Reader, deployment: Deployment): Promise<Foreign[]> {
  return (await codesOf(reader, deployment)).filter(({ due, found }) => found !== due);
}
