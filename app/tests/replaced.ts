/** A wallet's user may send another transaction in the place of one that waits: at a higher price, or nothing at all. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Address, Hex } from "viem";

import { Replaced } from "../src/chain/replaced.ts";
import { Reader } from "../src/chain/reader.ts";
import { follow } from "../src/chain/receipts.ts";

const ACCOUNT: Address = "0x00000000000000000000000000000000000000cc";
const MARKET: Address = "0x00000000000000000000000000000000000000aa";
const hashed = (text: string): Hex => `0x${text.padStart(64, "0")}`;
const hexed = (whole: number): Hex => `0x${whole.toString(16)}`;
const NONCE = 7;

interface Sent {
  readonly hash: Hex;
  readonly to: Address;
  readonly input: Hex;
}

/** A chain of a block a look, from 100 on; `mined` of number 7 is in block 103 where there is one. */
function chain(waits: Sent, mined: Sent | null): Reader {
  const full = (sent: Sent) => ({ ...sent, from: ACCOUNT, nonce: hexed(NONCE) });
  let head = 100;
  const isIn = (block: number): boolean => mined !== null && block >= 103;
  return new Reader(async ({ method, params }) => {
    const [asked, more] = params as [Hex, unknown];
    const number = asked === ("latest" as Hex) ? head : Number(asked);
    switch (method) {
      case "eth_getTransactionReceipt": {
        if (asked === waits.hash) head += 1;
        if (asked !== mined?.hash || !isIn(head)) return null;
        const place = { blockNumber: hexed(103), blockHash: hashed("103") };
        return { ...place, transactionHash: asked, gasUsed: "0x1", status: "0x1", logs: [] };
      }
      case "eth_getTransactionByHash":
        return asked === waits.hash && !isIn(head) ? full(waits) : null;
      case "eth_getTransactionCount":
        return hexed(isIn(more === "latest" ? head : Number(more)) ? NONCE + 1 : NONCE);
      case "eth_getBlockByNumber": {
        const transactions = mined && number === 103 ? [full({ ...mined, hash: hashed("1") }), full(mined)] : [];
        transactions.splice(0, Math.max(transactions.length - 1, 0));
        return { number: hexed(number), hash: hashed(String(number)), timestamp: "0x1", transactions };
      }
      default:
        throw new Error(method);
    }
  });
}

const waits: Sent = { hash: hashed("aa"), to: MARKET, input: "0x1234" };

test("what the wallet sent again at a higher price is followed, and its receipt is the trade's", async () => {
  const found = await follow(chain(waits, { ...waits, hash: hashed("bb") }), waits.hash);
  assert.deepEqual([found.hash, found.blockNumber, found.ok], [hashed("bb"), 103, true]);
});

test("what the wallet cancelled is said to be replaced, and not to be waited for", async () => {
  const cancelled: Sent = { hash: hashed("dd"), to: ACCOUNT, input: "0x" };
  const other: Sent = { ...waits, hash: hashed("cc") };
  await assert.rejects(
    follow(chain(other, cancelled), other.hash),
    (error: Error) => error instanceof Replaced && error.message.includes(cancelled.hash),
  );
});

test("what is in its block a moment later is not taken for replaced", async () => {
  const late: Sent = { ...waits, hash: hashed("ee") };
  assert.equal((await follow(chain(late, late), late.hash)).hash, late.hash);
});
