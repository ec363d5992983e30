/** Past an expiry that nobody settled: the page settles it by the oracle's round, and redeems what is held. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { amount, close, given, open, pair, picture, rpc, shown } from "./stage.ts";

const { expiry, names } = given as unknown as { expiry: number; names: string[] };

const row = (page: Page, name: string) => page.getByRole("table", { name: "Positions" }).getByRole("row", { name });

async function redeem(page: Page, name: string, steps: string[]): Promise<number> {
  await page.getByRole("button", { name: `Redeem ${name}` }).click();
  await page.getByText("Market.redeem").waitFor();
  for (const step of ["Market.settle", "Market.redeem"]) {
    assert.equal(await page.getByText(step).count(), steps.includes(step) ? 1 : 0, step);
  }
  await picture(page, `redeem-${steps.length}`);
  const promised = amount((await page.getByText(/^redeem .* for /).textContent())!.split(" for ")[1]!);
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByRole("heading", { name: "Redeemed" }).waitFor();
  const paid = amount(await pair(page, "What was done", "you were paid"));
  await picture(page, `redeemed-${steps.length}`);
  assert.equal(paid, promised);
  await page.getByRole("button", { name: "Done" }).click();
  await row(page, name).waitFor({ state: "detached" });
  return paid;
}

test("an option that nobody settled is settled and redeemed, the next of its expiry only redeemed", async () => {
  const page = await open({ path: "#/positions" });
  await row(page, names[0]!).waitFor();
  const { timestamp } = await rpc<{ timestamp: string }>("eth_getBlockByNumber", "latest", false);
  await rpc("evm_increaseTime", expiry - Number(timestamp) + 5);
  await rpc("evm_mine");
  await row(page, names[0]!).getByText("has expired and cannot be closed any more").waitFor();
  await page.waitForTimeout(2_500); // the feed's next round
  await picture(page, "expired-1440-light");
  await redeem(page, names[0]!, ["Market.settle", "Market.redeem"]);
  await row(page, names[1]!).getByText("settled at").waitFor();
  const worth = amount(await shown(row(page, names[1]!).locator('td[data-label="value"]')));
  await picture(page, "settled-1440-light");
  await page.context().close();
  const narrow = await open({ path: "#/positions", width: 390, scheme: "dark" });
  await row(narrow, names[1]!).waitFor();
  await picture(narrow, "settled-390-dark");
  const second = await redeem(narrow, names[1]!, ["Market.redeem"]);
  assert.ok(Math.abs(second - worth) < 0.01, `${second} beside ${worth}`);
  await narrow.getByRole("button", { name: /^All there ever were/ }).click();
  await row(narrow, names[0]!).waitFor();
  await close(narrow);
});
