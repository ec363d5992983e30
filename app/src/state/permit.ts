/** An allowance by signature (EIP-2612), which ends with the trade that it is for. */

import { type Address, type Hex, encodeFunctionData, hashDomain, parseSignature } from "viem";

import type { Reader } from "../chain/reader.ts";
import { orRefused, Refused } from "../chain/reader.ts";
import type { Wallet } from "../chain/wallets.ts";
import type { Market } from "./market.ts";

const DOMAIN = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
] as const;
const PERMIT = [
  { name: "owner", type: "address" },
  { name: "spender", type: "address" },
  { name: "value", type: "uint256" },
  { name: "nonce", type: "uint256" },
  { name: "deadline", type: "uint256" },
] as const;

interface Domain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** The domain of the token's permits; null where it has none, or one that is not the usual, and for an account with code,
 * which a token may ask whether it signed (ERC-1271). */
export async function permitDomain(market: Market, owner: Address): Promise<Domain | null> {
  const { reader, on, deployment } = market;
  if ((await reader.request<Hex>("eth_getCode", [owner, "latest"])) !== "0x") return null;
  const asked = await orRefused(
    Promise.all([
      reader.read(on.token, "DOMAIN_SEPARATOR", [], "latest"),
      reader.read(on.token, "name", [], "latest"),
      reader.read(on.token, "version", [], "latest"),
    ]),
  ).catch(() => null);
  if (asked === null || asked instanceof Refused) return null;
  const [separator, name, version] = asked;
  const domain = { name, version, chainId: deployment.chainId, verifyingContract: on.token.address };
  return hashDomain({ domain: { ...domain, chainId: BigInt(domain.chainId) }, types: { EIP712Domain: DOMAIN } }) ===
    separator
    ? domain
    : null;
}

/** The call that hands a signed permit in. Throws WalletError where it is not signed. */
export async function permitCall(
  market: Market,
  wallet: Wallet,
  domain: Domain,
  value: bigint,
  deadline: number,
): Promise<Hex> {
  const { reader, on } = market;
  const nonce = await nonceOf(reader, market, wallet.account);
  const message = {
    owner: wallet.account,
    spender: on.vault.address,
    value: value.toString(),
    nonce: nonce.toString(),
    deadline: String(deadline),
  };
  const signature = await wallet.signTyped({
    types: { EIP712Domain: DOMAIN, Permit: PERMIT },
    primaryType: "Permit",
    domain,
    message,
  });
  const { r, s, v, yParity } = parseSignature(signature);
  return encodeFunctionData({
    abi: on.token.abi,
    functionName: "permit",
    args: [wallet.account, on.vault.address, value, BigInt(deadline), Number(v ?? BigInt(yParity + 27)), r, s],
  });
}

const nonceOf = (reader: Reader, market: Market, owner: Address): Promise<bigint> =>
  reader.read(market.on.token, "nonces", [owner], "latest");
