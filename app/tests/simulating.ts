/** What would come after a trade is asked of a node sparingly. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { type Address, encodeAbiParameters, keccak256, numberToHex } from "viem";

import { tokenAbi } from "../src/abi/token.ts";
import { NoSimulation, funded } from "../src/chain/after.ts";
import { Reader } from "../src/chain/reader.ts";

const VAULT: Address = "0x00000000000000000000000000000000000000bb";
const word = (amount: number) => numberToHex(amount, { size: 32 });

test("a node that cannot simulate is asked once, and a token's place is looked for once", async () => {
  const token = { abi: tokenAbi, address: VAULT };
  let asked = 0;
  const lacking = new Reader(async () => {
    asked += 1;
    throw new Error("the method eth_simulateV1 does not exist");
  });
  await assert.rejects(funded(lacking, token, VAULT, 5n), NoSimulation);
  assert.equal(asked, 1);
  asked = 0;
  const slot = keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [VAULT, 9n]));
  const able = new Reader(async ({ params }) => {
    asked += 1;
    const [{ blockStateCalls }] = params as [any];
    const held = blockStateCalls[0].stateOverrides?.[VAULT]?.stateDiff?.[slot] ?? word(0);
    return [{ calls: [{ status: "0x1", returnData: held }] }];
  });
  assert.equal((await funded(able, token, VAULT, 5n)).slot, slot);
  const first = asked;
  assert.deepEqual(await funded(able, token, VAULT, 7n), { at: VAULT, slot, word: word(7) });
  assert.ok(first < 60 && asked === first, `${first}, then ${asked}`);
});
