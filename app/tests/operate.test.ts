/** An operator sees his keeper beside the market: alive, what it did, what it paid; and that it is away. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { amount, close, open, pair, picture, telling } from "./stage.ts";

test("the keeper's heart, nodes, gas and journal are on one page", async () => {
  const page = await open({ path: "#/operate", isConnected: false });
  await page.getByText("It lives, and has what it needs.").waitFor();
  assert.ok(amount(await pair(page, "Heartbeat's figures", "block it saw")) > 0);
  assert.ok(amount(await pair(page, "Gas figures", "gas used")) > 100_000);
  await page.getByRole("cell", { name: "yes", exact: true }).waitFor();
  await page
    .getByRole("cell", { name: /\d+ post/ })
    .first()
    .waitFor();
  await picture(page, "operate-keeper-1440-light");
  await close(page);
});

test("a keeper that is away is said so, and what it said last stays", async () => {
  const page = await open({ path: "#/operate", isConnected: false });
  await page.getByText("It lives, and has what it needs.").waitFor();
  await page.route("**/keeper.json", (route) => route.fulfill({ status: 502, body: "the keeper does not answer\n" }));
  await page.getByText("the keeper does not answer").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Journal" }).count(), 1);
  await page.unroute("**/keeper.json");
  await page.getByText("the keeper does not answer").waitFor({ state: "hidden" });
  await close(page);
});

test("a page without a keeper says how one is shown", async () => {
  const page = await open({
    path: "#/operate",
    isConnected: false,
    before: telling((told) => ({ ...told, metrics: false })),
  });
  await page.getByText("tandem ui --keeper").waitFor();
  await close(page);
});
