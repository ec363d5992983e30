/** A market over several venues: the order is shown venue by venue, before and after. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { amount, choose, close, open, pair, picture } from "./stage.ts";

test("a hedge over several venues is told by venue, with price and share, and so does the receipt", async () => {
  const page = await open();
  await choose(page, "4");
  const quoted = page.locator(".ticket").getByLabel("The hedge by venue");
  await quoted.waitFor();
  await picture(page, "several-1440-light");
  const before = await quoted.locator("dd").allTextContents();
  assert.ok(before.length >= 1);
  const shares = before.map((line) => amount(line.split(",").at(-1) ?? ""));
  assert.equal(Math.round(shares.reduce((a, b) => a + b, 0)), 100);
  assert.ok(
    before.every((line) => / at [\d,]+\.\d\d/.test(line)),
    before.join(),
  );
  const told = "The price taken apart";
  const [charge, carry] = [amount(await pair(page, told, "capital charge")), amount(await pair(page, told, "carry"))];
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, with its hedge").waitFor();
  const took = amount(await pair(page, "The option's leg", "capital charge and carry"));
  assert.ok(Math.abs(took - charge - carry) < 0.02 + took / 50, `${took} where ${charge} and ${carry} were quoted`);
  const after = await page.getByRole("dialog").getByLabel("The hedge by venue").locator("dt").allTextContents();
  assert.ok(after.length >= 1 && after.every((name) => /Venue$/.test(name)), after.join());
  await close(page);
});
