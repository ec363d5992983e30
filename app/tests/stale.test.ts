/** Nobody posts surfaces any more: quotes end in words, and come back by themselves. */

import { test } from "node:test";

import { close, open, picture, rpc } from "./stage.ts";

test("quotes on a surface that is too old are refused in words", async () => {
  const page = await open();
  await page.locator("td.price button").first().waitFor();
  await page
    .getByRole("button", { name: /^Buy .* for/ })
    .first()
    .click();
  await page.getByLabel("Size").fill("0.1");
  await rpc("evm_increaseTime", 1_000);
  await rpc("evm_mine");
  await page.getByText("market: surface stale").first().waitFor();
  await page.getByText("too old to trade on").first().waitFor();
  await picture(page, "stale-1440-light");
  await close(page);
});
