/** Every event of a market's past is decoded and told, whatever its figures are. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Abi, type Address, type Hex, encodeAbiParameters, encodeEventTopics } from "viem";

import { HAPPENINGS } from "../src/abi/happenings.ts";
import type { Deployment } from "../src/chain/deployment.ts";
import type { Row } from "../src/chain/logs.ts";
import { tell } from "../src/protocol/happened.ts";
import { Places, entriesOf } from "../src/protocol/happenings.ts";
import { csvOf } from "../src/views/history-csv.ts";

type Input = { readonly name: string; readonly type: string; readonly indexed: boolean };

const names = [...new Set(HAPPENINGS.map(({ contract }) => contract))];
const address = (place: number): Address => `0x${String(place + 1).padStart(40, "0")}`;
const contracts = Object.fromEntries(names.map((name, i) => [name, { address: address(i), codeHash: "0x" as Hex }]));
const deployment = { contracts } as unknown as Deployment;

function value({ type }: Input, whole: bigint): unknown {
  if (type === "address") return address(76);
  if (type === "bool") return whole > 0n;
  const element = /^(.*)\[(\d*)\]$/.exec(type);
  if (element) return Array(Number(element[2] || 2)).fill(whole);
  return type.startsWith("int") ? -whole : whole;
}

function rowOf(one: (typeof HAPPENINGS)[number], whole: bigint, index: number): Row {
  const inputs = one.event.inputs as readonly Input[];
  const args = Object.fromEntries(inputs.map((input) => [input.name, value(input, whole)]));
  const plain = inputs.filter((input) => !input.indexed);
  return {
    block: 7,
    hash: "0xaa",
    time: 1_700_000_000,
    index,
    tx: `0x${String(index).padStart(64, "0")}`,
    address: contracts[one.contract]!.address,
    topics: encodeEventTopics({ abi: [one.event] as unknown as Abi, eventName: one.event.name, args }) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map((input) => args[input.name]),
    ),
  };
}

for (const whole of [0n, 1n, 1_763_712_000n]) {
  test(`each is told of figures like ${whole}`, () => {
    const places = new Places(deployment);
    const entries = entriesOf(
      HAPPENINGS.map((each, i) => rowOf(each, whole, i)),
      places,
    );
    assert.equal(entries.length, HAPPENINGS.length);
    for (const entry of entries) {
      const { what, hedge, paid } = tell(entry, "ETH");
      assert.ok(what.length > 5, entry.parts[0]?.name);
      assert.doesNotMatch(`${what} ${hedge} ${paid}`, /undefined|NaN|\[object/, entry.parts[0]?.name);
    }
    assert.equal(csvOf(entries, "ETH").trimEnd().split("\r\n").length, entries.length + 1);
  });
}

const said = (name: string, args: Record<string, unknown>): string => {
  const one = HAPPENINGS.find(({ event }) => event.name === name)!;
  const part = { row: rowOf(one, 0n, 1), name, kind: one.kind, args, people: [] };
  return tell({ key: "", kind: one.kind, tx: "0x", block: 1, time: 1, parts: [part], people: [] }, "ETH").what;
};

test("the breaker's bits and the Guardian's roles are said in the contracts' words", () => {
  assert.equal(said("Looked", { reasons: 0n }), "the breaker sees nothing that stops opens");
  // 1 and 8 of Breaker.vy: the price jumped, a share fell
  assert.equal(said("Looked", { reasons: 9n }), "the breaker stops opens: the price jumped; a share fell");
  assert.equal(said("Looked", { reasons: 48n }), "the breaker stops opens: funding drained; reasons 32");
  const account = address(1);
  // roles.vy: OWNER 0, GUARDIAN 1, LISTER 2, SIGNER 3
  assert.equal(said("RoleGranted", { role: 0n, account }), `${account} is owner now`);
  assert.equal(said("RoleRevoked", { role: 3n, account }), `${account} is no longer signer`);
  assert.equal(said("RoleOffered", { role: 2n, account }), `the role of lister is offered to ${account}`);
  assert.equal(said("RoleOfferWithdrawn", { role: 9n, account }).includes("role 9"), true);
});

test("what no contract of the market said, and what cannot be read, is nothing that happened", () => {
  const places = new Places(deployment);
  const row = rowOf(HAPPENINGS[0], 1n, 1);
  assert.equal(places.read({ ...row, address: address(90) }), null);
  assert.equal(places.read({ ...row, data: "0x12" }), null);
  assert.equal(places.read({ ...row, topics: [row.topics[0]!] }), null);
});
