/** Measures the page beside a market that lives, in a real browser: prints JSON of milliseconds. WINDOW says where. */

import type { Page } from "playwright-core";

import { launch, withWallet } from "./browser.ts";

const { page: address, rpc, trader } = JSON.parse(process.env["WINDOW"] ?? "{}") as Record<string, string>;
const LOADS = 15;
const INPUTS = 30;

/** Milliseconds from the navigation's start to the first contentful paint, and to the first price that can be bought. */
async function load(page: Page): Promise<{ paint: number; priced: number }> {
  await page.goto(`${address}/`);
  await page.locator("td.price button:not(.off)").filter({ visible: true }).first().waitFor();
  return page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    priced: performance.now(),
  }));
}

/** Milliseconds from what is typed to the quote of that size, painted. */
async function quote(page: Page, size: string): Promise<number> {
  return page.evaluate(async (typed) => {
    const input = document.querySelector<HTMLInputElement>(".ticket input")!;
    const total = () => document.querySelector(".ticket .total strong")?.textContent ?? "";
    const before = total();
    const began = performance.now();
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(input, typed);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    while (total() === "" || total() === before) {
      await new Promise((done) => requestAnimationFrame(done));
      if (performance.now() - began > 10_000) break;
    }
    return performance.now() - began;
  }, size);
}

const browser = await launch();
const paints: number[] = [];
const prices: number[] = [];
for (let i = 0; i < LOADS; i += 1) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  const page = await context.newPage();
  const { paint, priced } = await load(page);
  paints.push(paint);
  prices.push(priced);
  await context.close();
}
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
await withWallet(context, { account: trader ?? "", rpc: rpc ?? "" });
const page = await context.newPage();
await load(page);
await page
  .getByRole("button", { name: /^Buy .* for/ })
  .first()
  .click();
await page.getByText("You pay").waitFor();
const waits: number[] = [];
for (let i = 0; i < INPUTS; i += 1) waits.push(await quote(page, i % 2 ? "1.5" : "0.75"));
await browser.close();
console.log(JSON.stringify({ paints, prices, waits }));
