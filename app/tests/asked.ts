/** Whether what a wallet is asked to sign says what the page said of it: decoded here by hand, with nothing of the page's. */

import assert from "node:assert/strict";

import { type Hex, getAddress, toFunctionSelector } from "viem";

/** The step that the dialogue shows as being signed. where: contract, function and address. */
export interface Said {
  readonly note: string;
  readonly where: string;
  readonly args: readonly string[];
}

/** A request of a signature. said: null until the page has drawn it. */
export interface Seen {
  readonly method: string;
  readonly params: unknown;
  readonly said: readonly Said[] | null;
}

interface Asked {
  readonly from: Hex;
  readonly to: Hex;
  readonly data: Hex;
  readonly value: Hex;
  readonly chainId: Hex;
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/** All decimals of an amount, two at least, thousands apart. */
function exact(amount: bigint, places: number, least = 2): string {
  const digits = String(amount).padStart(places + 1, "0");
  const [whole, part] = [digits.slice(0, -places), digits.slice(-places)];
  let shown = part;
  while (shown.length > least && shown.endsWith("0")) shown = shown.slice(0, -1);
  return `${Number(whole).toLocaleString("en-US")}.${shown}`;
}

const usd = (amount: bigint): string => `${exact(amount, 6)} USD`;
const eth = (amount: bigint): string => `${exact(amount, 6)} ETH`;
const shares = (amount: bigint): string => `${exact(amount, 18, 6)} shares`;
const day = (seconds: bigint): string => {
  const [, date = "", month = "", year = ""] = new Date(Number(seconds) * 1_000).toUTCString().split(" ");
  assert.ok(MONTHS.includes(month.toUpperCase()));
  return `${date}${month.toUpperCase()}${year.slice(2)}`;
};
const clock = (seconds: bigint): string => {
  const [date = "", time = ""] = new Date(Number(seconds) * 1_000).toISOString().split("T");
  return `${date} ${time.slice(0, 8)} UTC`;
};
const who = (word: bigint): string => getAddress(`0x${word.toString(16).padStart(40, "0")}`);

/** As contracts/lib/series.vy lays it out: strike, cap or floor, expiry, and whether it is a put. */
function series(id: bigint): string {
  const [strike, other] = [id & 0xffff_ffff_ffff_ffffn, (id >> 64n) & 0xffff_ffff_ffff_ffffn];
  assert.ok(id >> 169n === 0n);
  const kind = id >> 168n ? "P" : "C";
  return ["ETH", day((id >> 128n) & 0xff_ffff_ffffn), strike, ...(other ? [other] : []), kind].join("-");
}

type Words = (w: readonly bigint[]) => string[];
const words =
  (...says: readonly ((word: bigint) => string)[]): Words =>
  (w) =>
    says.map((say, i) => say(w[i]!));
const yours = (): string => "of your signature";
const allowed = (amount: bigint): string => (amount ? usd(amount) : "0 USD");
const CALLS: Readonly<Record<string, readonly [contract: string, says: Words]>> = {
  "approve(address,uint256)": ["USDC", words((vault) => `Vault ${who(vault)}`, allowed)],
  "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)": [
    "USDC",
    words(who, (vault) => `Vault ${who(vault)}`, usd, clock, yours, yours, yours),
  ],
  "mint(uint256,uint256,uint256,uint256,address)": [
    "Market",
    words(series, eth, (most) => `${usd(most)} at most`, clock, who),
  ],
  "close(uint256,uint256,uint256,uint256,uint256,address)": [
    "Market",
    words(
      series,
      eth,
      (least) => `${eth(least)} at least`,
      (least) => `${usd(least)} at least`,
      clock,
      who,
    ),
  ],
  "redeem(uint256,uint256,address,address)": ["Market", words(series, eth, who, who)],
  "settle(uint256,uint256)": ["Market", words(day, (round) => `oracle round ${round}`)],
  "deposit(uint256,address,uint256)": ["Vault", words(usd, who, (least) => `${shares(least)} at least`)],
  "requestRedeem(uint256,address,address)": ["Vault", words(shares, who, who)],
  "redeem(uint256,address,address)": ["Vault", words(shares, who, who)],
  "process(uint256)": ["Vault", words((count) => `up to ${count} epochs`)],
  "poke()": ["Vault", words()],
  "remark()": ["StressTest", words()],
};

/** An allowance that is signed has the domain of the token, and the words of its transaction. */
function permitted(account: string, chainId: number, [signer, text]: readonly string[], said: Said): void {
  const { domain, message, primaryType } = JSON.parse(text!) as Record<string, Record<string, string>>;
  assert.equal(primaryType, "Permit");
  assert.equal(getAddress(signer!), getAddress(account));
  assert.equal(Number(domain!["chainId"]), chainId);
  assert.ok(said.where.includes(`USDC.permit at ${domain!["verifyingContract"]}`), said.where);
  const { owner, spender, value, deadline } = message!;
  assert.equal(getAddress(owner!), getAddress(account));
  const told = [owner!, `Vault ${spender}`, usd(BigInt(value!)), clock(BigInt(deadline!))];
  assert.deepEqual(said.args.slice(0, 4), told);
}

/** Throws where a wallet was asked for what the page did not show at that moment, or for anybody else. */
export function checkAsked(seen: readonly Seen[], account: string, chainId: number): void {
  for (const { method, params, said } of seen) {
    const [now, ...others] = said ?? [];
    assert.ok(now && !others.length, `${method} while ${said?.length ?? "no"} steps were shown as being signed`);
    if (method === "eth_signTypedData_v4") {
      permitted(account, chainId, params as string[], now);
      continue;
    }
    const [asked] = params as [Asked];
    const found = Object.entries(CALLS).find(([name]) => toFunctionSelector(name) === asked.data.slice(0, 10));
    assert.ok(found, `nobody knows ${asked.data.slice(0, 10)}`);
    const [name, [contract, says]] = found;
    const given = (asked.data.slice(10).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`));
    assert.equal(now.where, `${contract}.${name.split("(")[0]} at ${asked.to}`);
    const shown = says(given);
    assert.equal(given.length, shown.length);
    assert.deepEqual(now.args, shown);
    for (const address of shown.filter((each) => /^0x/.test(each))) assert.equal(address, getAddress(account));
    assert.equal(getAddress(asked.from), getAddress(account));
    assert.deepEqual([Number(asked.value), Number(asked.chainId)], [0, chainId]);
    for (const part of shown.slice(0, 2).filter((each) => /^ETH-| ETH$/.test(each))) {
      assert.ok(now.note.includes(part), `${now.note} does not say ${part}`);
    }
  }
}
