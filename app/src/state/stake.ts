/** An LP's side of the Vault: what was put in and taken out, what it is worth, and what waits to leave
 * (tandem/client/liquidity.py and tandem/protocol/waits.py are its twins, and a test holds them together). */

import { type Address, parseEventLogs, zeroAddress } from "viem";

import { EPOCHS, PROCESS_GAS } from "../abi/constants.ts";
import { vaultAbi } from "../abi/vault.ts";
import type { Contracts } from "../chain/contracts.ts";
import { History, eventTopic, topicOf } from "../chain/history.ts";
import type { Log } from "../chain/logs.ts";
import { type Head, type Reader, Refused, orRefused } from "../chain/reader.ts";
import { HOUR, USD, abs, least } from "../protocol/units.ts";

/** Of a share of the Vault. */
export const SHARES = 18;
/** Requests of one account that the Vault keeps apart. */
const MOST_OPEN = 8;
/** Token units: who is sent less by somebody has nothing at stake in it. */
const SPECK = USD;

/** What of one request waits or waited: the hour since 1970 at which it is due, and shares of the account's. */
export interface Ticket {
  readonly epoch: number;
  readonly shares: bigint;
  readonly waiting: bigint;
}

/** Shares, and token units. worth: of `shares`, and `pendingWorth` of what waits, at the last low NAV; put, taken: over
 * all time; given: shares that came (or, negative, went) by a transfer, whose cost is not known; moved: what all shares
 * that came or went so are worth now. */
export interface Stake {
  readonly head: Head;
  readonly shares: bigint;
  readonly worth: bigint;
  readonly pending: bigint;
  readonly pendingWorth: bigint;
  readonly claimable: bigint;
  readonly claimShares: bigint;
  readonly put: bigint;
  readonly taken: bigint;
  readonly given: bigint;
  readonly moved: bigint;
  readonly supply: bigint;
  readonly tickets: readonly Ticket[];
  readonly queue: Queue;
}

/** The queue of all who leave. first: the hour at which its first epoch is due, 0 where nobody waits; pays: token units
 * that processing would set aside now, or the refusal of it. */
export interface Queue {
  readonly first: number;
  readonly isDue: boolean;
  readonly pays: bigint | Refused;
}

/** What the stake brought so far, token units: null where shares came or went by other ways. */
export const earnedOf = (s: Stake): bigint | null =>
  s.moved >= SPECK ? null : s.worth + s.pendingWorth + s.claimable + s.taken - s.put;

/** Deposits and claims, requests to leave, shares that came and went: of one account. */
export function flowsOf(on: Contracts, account: Address, first: number): History {
  const [who, address] = [topicOf(account), on.vault.address];
  return new History(
    [
      { address, topics: [eventTopic(vaultAbi, "Deposit"), null, who] },
      { address, topics: [eventTopic(vaultAbi, "Withdraw"), null, null, who] },
      { address, topics: [eventTopic(vaultAbi, "ExitQueued"), who] },
      { address, topics: [eventTopic(vaultAbi, "Transfer"), null, who] },
      { address, topics: [eventTopic(vaultAbi, "Transfer"), who] },
    ],
    first,
  );
}

type Found = readonly (readonly Log[])[];

/** What an account put in and took out at a block, token units, and shares that came (or went) by a transfer. */
export interface Way {
  readonly block: number;
  readonly put: bigint;
  readonly taken: bigint;
  readonly given: bigint;
}

export function waysOf([ins = [], outs = [], , came = [], went = []]: Found, vault: Address): Way[] {
  const every = <N extends "Deposit" | "Withdraw" | "Transfer">(eventName: N, logs: readonly Log[]) =>
    parseEventLogs({ abi: vaultAbi, eventName, logs: logs as never });
  const none = { put: 0n, taken: 0n, given: 0n };
  const at = (log: { readonly blockNumber: unknown }, what: Partial<Way>): Way => {
    return { ...none, block: Number(log.blockNumber), ...what };
  };
  const ours = new Set([zeroAddress, vault.toLowerCase()]);
  const given = (logs: readonly Log[], end: "sender" | "receiver", sign: bigint): Way[] =>
    every("Transfer", logs)
      .filter(({ args }) => !ours.has(args[end].toLowerCase()))
      .map((log) => at(log, { given: sign * log.args.value }));
  return [
    ...every("Deposit", ins).map((log) => at(log, { put: log.args.assets })),
    ...every("Withdraw", outs).map((log) => at(log, { taken: log.args.assets })),
    ...given(came, "sender", 1n),
    ...given(went, "receiver", -1n),
  ];
}

export const sumsOf = (ways: readonly Way[]): Omit<Way, "block"> =>
  ways.reduce(
    (sum, each) => ({ put: sum.put + each.put, taken: sum.taken + each.taken, given: sum.given + each.given }),
    { put: 0n, taken: 0n, given: 0n },
  );

/** One request as the Vault keeps it. */
interface Open {
  readonly epoch: number;
  shares: bigint;
  claimed: bigint;
}

const inTime = (a: Log, b: Log): number =>
  Number(a.blockNumber) - Number(b.blockNumber) || Number(a.logIndex) - Number(b.logIndex);

/** Requests that are not claimed yet, told again as the Vault kept them (contracts/modules/exits.vy): claims take the
 * oldest first, and who has eight takes the last of them along into a later epoch. */
function requests([, outs = [], queued = []]: Found): Open[] {
  let open: Open[] = [];
  const logs = [...outs, ...queued].sort(inTime);
  for (const { eventName, args } of parseEventLogs({ abi: vaultAbi, logs: logs as never })) {
    if (eventName === "Withdraw") {
      let rest = args.shares;
      for (const each of open) {
        const taken = least(rest, each.shares - each.claimed);
        each.claimed += taken;
        rest -= taken;
      }
      open = open.filter(({ shares, claimed }) => claimed < shares);
    } else if (eventName === "ExitQueued") {
      const epoch = Number(args.epoch);
      const same = open.find((each) => each.epoch === epoch);
      const last = !same && open.length === MOST_OPEN ? open.pop() : undefined;
      if (same) same.shares += args.amount;
      else open.push({ epoch, shares: args.amount + (last?.shares ?? 0n), claimed: 0n });
    }
  }
  return open;
}

/** Everybody in an epoch waits alike: of each one's shares the part that is not burned yet. */
async function ticketsAt(reader: Reader, on: Contracts, asked: readonly Open[], head: Head): Promise<Ticket[]> {
  const found = await Promise.all(
    asked.map(async ({ epoch, shares }): Promise<Ticket> => {
      const all = await reader.read(on.vault, "epoch", [BigInt(epoch)], head);
      const waiting = all.shares ? shares - (shares * all.burned) / all.shares : 0n;
      return { epoch, shares, waiting };
    }),
  );
  return found.filter(({ waiting }) => waiting > 0n).sort((a, b) => a.epoch - b.epoch);
}

async function queueAt(reader: Reader, on: Contracts, account: Address, head: Head): Promise<Queue> {
  const [[first], pays] = await Promise.all([
    reader.read(on.vault, "queue", [], head),
    orRefused(reader.read(on.vault, "process", [EPOCHS], head, { from: account, gas: PROCESS_GAS })),
  ]);
  const due = Number(first) * HOUR;
  return { first: Number(first), isDue: first !== 0n && due <= head.timestamp, pays };
}

/** An account's stake at one block. Throws NodeDown. */
export async function stakeAt(
  reader: Reader,
  on: Contracts,
  account: Address,
  history: History,
  head: Head,
): Promise<Stake> {
  const found = await history.upTo(reader, head);
  const ways = waysOf(found, on.vault.address);
  const transferred = ways.reduce((sum, { given }) => sum + abs(given), 0n);
  const [shares, pending, claimable, claimShares, supply, queue, tickets] = await Promise.all([
    reader.read(on.vault, "balanceOf", [account], head),
    reader.read(on.vault, "pendingRedeemRequest", [0n, account], head),
    reader.read(on.vault, "maxWithdraw", [account], head),
    reader.read(on.vault, "maxRedeem", [account], head),
    reader.read(on.vault, "totalSupply", [], head),
    queueAt(reader, on, account, head),
    ticketsAt(reader, on, requests(found), head),
  ]);
  const [worth, pendingWorth, moved] = await Promise.all(
    [shares, pending, transferred].map((amount) => reader.read(on.vault, "convertToAssets", [amount], head)),
  );
  return {
    head,
    shares,
    worth: worth!,
    pending,
    pendingWorth: pendingWorth!,
    claimable,
    claimShares,
    supply,
    tickets,
    queue,
    ...sumsOf(ways),
    moved: moved!,
  };
}
