/** The chain as it would be after some transactions that nobody has sent: `eth_simulateV1`, where a node has it. */

import { type Address, type Hex, encodeAbiParameters, isHex, keccak256, numberToHex } from "viem";

import type { Contracts } from "./contracts.ts";
import { type Caller, type Head, NodeDown, Reader, Refused } from "./reader.ts";

/** A transaction that is only imagined. */
export interface Sent {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
}

/** What an account is imagined to have: a slot of a contract's storage, and its word. */
export interface Override {
  readonly at: Address;
  readonly slot: Hex;
  readonly word: Hex;
}

/** The node cannot say what would come after something. */
export class NoSimulation extends Error {}

/** One of the imagined transactions was refused itself. place: which of them. */
export class RefusedBefore extends Refused {
  readonly place: number;

  constructor(data: Hex, place: number) {
    super(data);
    this.place = place;
  }
}

/** Gas of an imagined transaction: what a trade may take at most. */
const GAS = 10_000_000n;

interface Call {
  readonly status: Hex;
  readonly returnData: Hex;
  readonly error?: { readonly data?: Hex; readonly message?: string };
}

/** Answers as they would be once `sent` were in blocks of their own, a second after each other. */
export class After extends Reader {
  readonly #sent: readonly Sent[];
  readonly #given: readonly Override[];

  constructor(reader: Reader, sent: readonly Sent[], given: readonly Override[]) {
    super(reader.ask);
    this.#sent = sent;
    this.#given = given;
  }

  /** Throws Refused where a transaction before it, or the call itself, is refused; NoSimulation where the node cannot. */
  override async call(to: Address, data: Hex, head: Head | "latest", caller: Caller, name: string): Promise<Hex> {
    const call = { to, data, gas: numberToHex(caller.gas ?? GAS), ...(caller.from && { from: caller.from }) };
    const found = await this.#simulated(head, [...this.#sent.map(sending), call]);
    for (const [i, each] of found.entries()) {
      if (each.status === "0x1") continue;
      const why = isHex(each.error?.data) ? each.error.data : each.returnData;
      throw i < this.#sent.length ? new RefusedBefore(why, i) : new Refused(why);
    }
    const answer = found.at(-1)!.returnData;
    if (answer === "0x") throw new NodeDown(`${name}: there is no such contract`);
    return answer;
  }

  async #simulated(head: Head | "latest", calls: readonly object[]): Promise<Call[]> {
    const blocks = calls.map((call, i) => ({
      ...(head !== "latest" && { blockOverrides: { time: numberToHex(head.timestamp + 1 + i) } }),
      ...(i === 0 && this.#given.length && { stateOverrides: overridden(this.#given) }),
      calls: [call],
    }));
    const asked = [{ blockStateCalls: blocks, validation: false }, head === "latest" ? head : numberToHex(head.number)];
    const said = await this.request<unknown>("eth_simulateV1", asked).catch((error: unknown) => {
      throw new NoSimulation(String((error as Error).message), { cause: error });
    });
    const found = Array.isArray(said) ? said.map((block) => (block as { calls?: Call[] } | null)?.calls?.[0]) : [];
    if (found.length !== calls.length || !found.every(isCall)) throw new NoSimulation("its answer is no simulation");
    return found as Call[];
  }
}

const isCall = (call: Call | undefined): boolean => isHex(call?.status) && isHex(call?.returnData);
const sending = (sent: Sent): object => ({ ...sent, gas: numberToHex(GAS) });

function overridden(given: readonly Override[]): Record<Address, { stateDiff: Record<Hex, Hex> }> {
  const found: Record<Address, { stateDiff: Record<Hex, Hex> }> = {};
  for (const { at, slot, word } of given) (found[at] ??= { stateDiff: {} }).stateDiff[slot] = word;
  return found;
}

/** Slots of a token among which its balances are looked for. */
const SLOTS = 24n;

/** Which of the usual places a token uses, by what it was found through. */
const places = new WeakMap<Reader, { readonly at: Address; readonly place: number }>();

/** What gives an account some of a token for the while of a simulation. Where a token keeps its balances is its own
 * affair: each usual place is tried, and believed once the token's own balanceOf says the amount. Throws NoSimulation. */
export async function funded(
  reader: Reader,
  token: Contracts["token"],
  who: Address,
  amount: bigint,
): Promise<Override> {
  const word = numberToHex(amount, { size: 32 });
  const known = places.get(reader);
  const tries = Array.from({ length: Number(SLOTS) }, (_, i) => placesOf(who, BigInt(i))).flat();
  const place = known?.at === token.address ? tries[known.place] : undefined;
  if (place) return { at: token.address, slot: place, word };
  // one question first: a node that lacks the method is not asked all of them
  await new After(reader, [], []).read(token, "balanceOf", [who], "latest");
  const found = await Promise.all(
    tries.map(async (slot) => {
      const given = { at: token.address, slot, word };
      const held = await new After(reader, [], [given]).read(token, "balanceOf", [who], "latest").catch(wrong);
      return held === amount ? given : null;
    }),
  );
  const at = found.findIndex((each) => each !== null);
  if (at < 0) throw new NoSimulation("the token keeps its balances where nobody looks");
  places.set(reader, { at: token.address, place: at });
  return found[at]!;
}

/** As Solidity and as Vyper hash a key into a mapping's slot. */
function placesOf(who: Address, slot: bigint): Hex[] {
  return [
    keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [who, slot])),
    keccak256(encodeAbiParameters([{ type: "uint256" }, { type: "address" }], [slot, who])),
  ];
}

function wrong(error: unknown): null {
  if (error instanceof Refused) return null;
  throw error;
}
