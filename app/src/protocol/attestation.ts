/** What an attestation says and how it was signed (tandem/protocol/attestation.py is its twin). */

import {
  type Address,
  type Hex,
  encodeAbiParameters,
  getAddress,
  isAddress,
  keccak256,
  recoverTypedDataAddress,
} from "viem";

import { DOMAIN, KIND, LARGEST, MAX_LOW_S, MOST, SIGNED, VERSION } from "../abi/attestation.ts";
import type { Head } from "../chain/reader.ts";
import { bookOf, openOf } from "../model/book.ts";

/** A file that holds no attestation. */
export class NotAnAttestation extends Error {}

/** As the file calls them, and their kinds; chain and market are the domain's. */
const FIELDS = [["chain_id", "uint256"], ["market", "address"], ...SIGNED] as const;

type Value = bigint | string | readonly bigint[];
export type FieldName = (typeof FIELDS)[number][0];
/** One market at one block, in the units of the chain. */
export type RiskView = Readonly<Record<FieldName, Value>>;

export interface Attestation {
  readonly view: RiskView;
  readonly signer: Address;
  readonly signature: Hex;
}

const fail = (why: string): never => {
  throw new NotAnAttestation(`The file is no attestation: ${why}. Take one that \`tandem attest sign\` wrote.`);
};

/** A file's text, which anybody may have written. Throws NotAnAttestation that says what is wrong. */
export function parseAttestation(text: string): Attestation {
  if (text.length > LARGEST) fail(`it has more than ${LARGEST.toLocaleString("en-US")} characters`);
  const whole = table(json(text), "the file", ["kind", "version", "view", "signer", "signature"]);
  if (whole["kind"] !== KIND || whole["version"] !== VERSION)
    fail(`it is not of the kind '${KIND}', version ${VERSION}`);
  const raw = table(
    whole["view"],
    "its view",
    FIELDS.map(([name]) => name),
  );
  const view = Object.fromEntries(FIELDS.map(([name, kind]) => [name, field(name, kind, raw[name])]));
  return {
    view: view as unknown as RiskView,
    signer: address("signer", whole["signer"]),
    signature: hex("signature", whole["signature"], 65),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("it holds no JSON");
  }
}

function table(raw: unknown, what: string, names: readonly string[]): Record<string, unknown> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return fail(`${what} is no table`);
  const missing = [...names].sort().find((name) => !Object.hasOwn(raw, name));
  if (missing !== undefined) fail(`${what} lacks ${missing}`);
  if (Object.keys(raw).length > names.length) fail(`${what} says more than was signed`);
  return raw as Record<string, unknown>;
}

function field(name: string, kind: string, raw: unknown): Value {
  if (kind === "address") return address(name, raw);
  if (kind === "bytes32") return hex(name, raw, 32);
  if (!kind.endsWith("[]")) return integer(name, kind, raw);
  if (!Array.isArray(raw) || raw.length > MOST) return fail(`${name} is no list of ${MOST} at the most`);
  return raw.map((each) => integer(name, kind.slice(0, -2), each));
}

function integer(name: string, kind: string, raw: unknown): bigint {
  const isText = typeof raw === "string" && /^-?(0|[1-9][0-9]{0,77})$/.test(raw) && raw !== "-0";
  const number = isText ? BigInt(raw) : null;
  const fits = kind === "uint256" ? BigInt.asUintN : BigInt.asIntN;
  if (number === null || fits(256, number) !== number)
    return fail(`${name} is no ${kind}, in decimal digits between quotes`);
  return number;
}

function hex(name: string, raw: unknown, size: number): Hex {
  if (typeof raw !== "string" || !new RegExp(`^0x[0-9a-f]{${2 * size}}$`).test(raw)) {
    return fail(`${name} is no 0x and ${2 * size} small hex digits`);
  }
  return raw as Hex;
}

function address(name: string, raw: unknown): Address {
  if (typeof raw !== "string" || !isAddress(raw, { strict: false })) return fail(`${name} is no address`);
  const digits = raw.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isMixed && !isAddress(raw) ? fail(`${name} is no address`) : getAddress(raw);
}

const camel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Whose signature it is; null where it is nobody's. */
export async function recovered({ view, signature }: Attestation): Promise<Address | null> {
  const v = Number.parseInt(signature.slice(-2), 16);
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  if ((v !== 27 && v !== 28) || s === 0n || s > MAX_LOW_S) return null;
  try {
    return await recoverTypedDataAddress({
      domain: {
        name: DOMAIN,
        version: String(VERSION),
        chainId: view.chain_id as bigint,
        verifyingContract: view.market as Address,
      },
      types: { RiskView: SIGNED.map(([name, type]) => ({ name: camel(name), type })) },
      primaryType: "RiskView",
      message: Object.fromEntries(SIGNED.map(([name]) => [camel(name), view[name]])),
      signature,
    });
  } catch {
    return null; // a point that is not on the curve
  }
}

/** What the Lens says, as far as it is signed. */
interface Told {
  readonly timestamp: bigint;
  readonly spot: bigint;
  readonly floor: bigint;
  readonly position: bigint;
  readonly stance: { readonly residual: bigint };
  readonly funds: { readonly nav: bigint };
  readonly gate: { readonly mark: { readonly time: bigint }; readonly losses: readonly bigint[] };
  readonly expiries: readonly Open[];
}

interface Open {
  readonly expiry: bigint;
  readonly units: bigint;
  readonly forward: bigint;
  readonly cash: bigint;
  readonly slice: bigint;
  readonly strikes: readonly bigint[];
  readonly sizes: readonly bigint[];
}

const BOOK = [
  {
    type: "tuple[]",
    components: [
      { name: "expiry", type: "uint256" },
      { name: "forward", type: "int256" },
      { name: "cash", type: "int256" },
      { name: "strikes", type: "uint256[]" },
      { name: "sizes", type: "int256[]" },
    ],
  },
] as const;

/** Of all that open expiries may have to pay: keccak over their ABI encoding, the earliest first. */
export function bookHash(s: Told): Hex {
  const rows = openOf(s.expiries).map((e) => {
    const { nodes, forward, cash } = bookOf(e);
    return { expiry: e.expiry, forward, cash, strikes: nodes.map(([k]) => k), sizes: nodes.map(([, n]) => n) };
  });
  return keccak256(encodeAbiParameters(BOOK, [rows]));
}

/** What a snapshot comes down to. block: the chain's own, whose number contracts do not see on Arbitrum. */
export function viewOf(s: Told, chainId: number, market: Address, block: Head): RiskView {
  const open = openOf(s.expiries);
  return {
    chain_id: BigInt(chainId),
    market: getAddress(market),
    block: BigInt(block.number),
    block_hash: block.hash,
    timestamp: s.timestamp,
    book_hash: bookHash(s),
    expiries: open.map((e) => e.expiry),
    surface: open.map((e) => e.slice),
    spot: s.spot,
    floor: s.floor,
    residual: s.stance.residual,
    position: s.position,
    marked_at: s.gate.mark.time,
    losses: [...s.gate.losses],
    nav: s.funds.nav,
  };
}

/** One field that is not as it was said. */
export interface Difference {
  readonly field: string;
  readonly said: string;
  readonly found: string;
}

/** Field by field; of lists each place. */
export function differences(said: RiskView, found: RiskView): Difference[] {
  return FIELDS.flatMap(([name]) => {
    const [one, other] = [said[name], found[name]];
    if (typeof one !== "object" || typeof other !== "object") {
      return one === other ? [] : [{ field: name, said: String(one), found: String(other) }];
    }
    if (one.length !== other.length)
      return [{ field: name, said: `${one.length} of them`, found: `${other.length} of them` }];
    return one.flatMap((each, i) =>
      each === other[i] ? [] : [{ field: `${name}[${i}]`, said: String(each), found: String(other[i]) }],
    );
  });
}
