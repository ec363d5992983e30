/** One of several venues says nothing of its account: the page shows the rest, and tells nobody that nothing lies there. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { close, open, pair } from "./stage.ts";

test("what lies at venues is not known, and all else is shown", async () => {
  const page = await open({ path: "#/earn", wallet: null });
  const margin = page.getByLabel("Venue", { exact: true }).locator("div", { hasText: "margin on" }).first();
  await margin.waitFor();
  assert.match(await margin.innerText(), /not known: a venue does not say/);
  assert.match(await pair(page, "Cash", "cash, less what is set aside"), /[\d,]+\.\d\d USD/);
  await page.goto(`${page.url().split("#")[0]}#/verify`);
  const account = page.getByLabel("The hedge account", { exact: true });
  await account.waitFor();
  assert.match(await account.innerText(), /not known/);
  // the code that stands there is another than the file's, which the page sees, and nothing else
  assert.match(await page.getByLabel("Verdict").innerText(), /^1 of \d+ figures differ\s+MorphoV4Venue\s/);
  await close(page);
});
