/** What stands where: the file that a deployer wrote, and whether the chain has what it says. */

import { type Address, type Hex, isAddress, keccak256 } from "viem";

import type { Reader } from "./reader.ts";

/** One system on one chain (tandem/protocol/deployment.py writes it). */
export interface Deployment {
  readonly name: string;
  readonly chainId: number;
  readonly block: number;
  readonly asset: string;
  readonly venueKind: string;
  readonly contracts: Readonly<Record<string, { readonly address: Address; readonly codeHash: Hex }>>;
  readonly venue: Readonly<Record<string, string>>;
  readonly owner: string;
}

export class NotADeployment extends Error {}

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
];

/** It stands beside every amount that is signed: a word, and no sentence. */
const ASSET = /^[A-Za-z0-9]{1,10}$/;

/** Throws NotADeployment that says what is wrong. */
export function parseDeployment(raw: unknown): Deployment {
  const file = raw as Record<string, any>;
  const fail = (why: string): never => {
    throw new NotADeployment(`the deployment file ${why}; take the one that \`tandem deploy apply\` wrote`);
  };
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
  const contracts: Record<string, { address: Address; codeHash: Hex }> = {};
  for (const [name, one] of Object.entries(file["contracts"] as Record<string, any>)) {
    if (!isAddress(one?.address ?? "")) fail(`has no address for ${name}`);
    contracts[name] = { address: one.address, codeHash: one.code_hash };
  }
  for (const name of NEEDED) if (!contracts[name]) fail(`lacks ${name}`);
  if (!isAddress(file["venue"].usdc ?? "")) fail("lacks venue.usdc");
  const asset: unknown = file["settings"].asset ?? "ETH";
  if (typeof asset !== "string" || !ASSET.test(asset)) fail("has no asset whose name is letters and digits");
  return {
    name: file["name"],
    chainId: file["chain_id"],
    block: file["block"],
    asset: asset as string,
    venueKind: String(file["venue"].kind ?? ""),
    contracts,
    venue: file["venue"],
    owner: String(file["roles"]?.owner ?? ""),
  };
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
