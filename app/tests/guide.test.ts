/** Walks the guide (docs/guide/browser.md) as a newcomer does, and takes its pictures: out/page/guide-*.png. */

import { test } from "node:test";

import type { Page } from "playwright-core";

import { choose, close, given, open } from "./stage.ts";

/** What fits one screen: a picture in a page is looked at, not read. */
async function shot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0); // over no word that explains itself
  await page.waitForTimeout(600); // the plots are drawn
  await page.screenshot({ path: `${given.pictures}/guide-${name}.png` });
}

async function go(page: Page, view: string): Promise<void> {
  await page.getByRole("navigation").getByRole("link", { name: view }).click();
}

test("a newcomer buys, looks, provides, verifies and operates", async () => {
  const page = await open({ width: 1360 });
  await choose(page, "2");
  await shot(page, "trade");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Market.mint").waitFor();
  await page.getByRole("button", { name: "Sign in the wallet" }).and(page.locator(":enabled")).waitFor();
  await shot(page, "sign");
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, with its hedge").waitFor();
  await shot(page, "receipt");
  await page.getByRole("button", { name: "Done" }).click();
  await choose(page, "1", 2);
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await go(page, "Positions");
  await page.getByRole("table").first().waitFor();
  await shot(page, "positions");
  await go(page, "Earn");
  await page.locator("main section").nth(1).waitFor();
  await page.waitForTimeout(1_500);
  await shot(page, "earn");
  await go(page, "Verify");
  await page.getByText(/figures agree/).waitFor();
  await shot(page, "verify");
  await go(page, "Operate");
  await page.getByText("It lives, and has what it needs.").waitFor();
  await page.getByRole("table", { name: "Earned by cause" }).waitFor();
  await shot(page, "operate");
  await close(page);
});

test("the same on a phone", async () => {
  const page = await open({ width: 390, scheme: "dark" });
  await choose(page, "1");
  await page.locator(".ticket").scrollIntoViewIfNeeded();
  await shot(page, "phone");
  await close(page);
});
