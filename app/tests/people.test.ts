/** Made for people: no rule of accessibility broken, nothing wider than its screen, nothing jumps, all by keyboard. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { violations } from "./axe.ts";
import { choose, close, open, picture, sign } from "./stage.ts";

async function settled(page: Page, view: string): Promise<void> {
  await page.locator("main").locator("section, table").first().waitFor();
  if (view === "trade") await page.locator("td.price button:not(.off)").filter({ visible: true }).first().waitFor();
}

async function views(page: Page): Promise<string[]> {
  const links = await page.locator("nav a").evaluateAll((all) => all.map((each) => each.getAttribute("href") ?? ""));
  return links.map((link) => link.replace("#/", ""));
}

for (const [width, scheme] of [
  [390, "light"],
  [390, "dark"],
  [820, "light"],
  [1440, "light"],
  [1440, "dark"],
  [2560, "dark"],
] as const) {
  test(`every view breaks no rule of accessibility, and fits ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme });
    for (const view of await views(page)) {
      await page.goto(`${page.url().split("#")[0]}#/${view}`);
      await settled(page, view);
      if (view === "trade") {
        await page
          .getByRole("button", { name: /^Buy .* for/ })
          .filter({ visible: true })
          .first()
          .click();
        await page.getByText("You pay").waitFor();
      }
      assert.deepEqual(await violations(page), [], view);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${view} is ${wide} px wider than its screen`);
      await picture(page, `${view}-${width}-${scheme}`);
    }
    await close(page);
  });
}

test("no table is cut off at any width, with options held", async () => {
  const buyer = await open();
  for (const nth of [0, 1]) {
    await choose(buyer, "1", nth);
    await sign(buyer);
    await buyer.getByText("Bought, with its hedge").waitFor();
    await buyer.getByRole("button", { name: "Done" }).click();
  }
  await close(buyer);
  const cut: string[] = [];
  for (const width of [360, 390, 760, 820, 1100, 1360, 1440]) {
    const page = await open({ width });
    for (const view of await views(page)) {
      await page.goto(`${page.url().split("#")[0]}#/${view}`);
      await settled(page, view);
      if (view === "positions")
        await page
          .getByRole("button", { name: /^Sell back/ })
          .first()
          .waitFor();
      if (view === "operate") await page.getByText("mined").first().waitFor();
      const wide = await page
        .locator(".scroll")
        .evaluateAll((all) =>
          all.map((each) => ({ of: each.textContent?.slice(0, 30), by: each.scrollWidth - each.clientWidth })),
        );
      // one pixel is a rounding
      for (const { of, by } of wide) if (by > 1) cut.push(`${width} px, ${view}: "${of}" by ${by}`);
      if (view === "positions") await picture(page, `held-${width}-light`);
    }
    await close(page);
  }
  assert.deepEqual(cut, []);
});

test("dialogues break no rule of accessibility either", async () => {
  const page = await open();
  await settled(page, "trade");
  await page
    .getByRole("button", { name: /^Buy .* for/ })
    .first()
    .click();
  await page.getByText("You pay").waitFor();
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Market.mint").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await close(page);
});

test("an option is chosen, sized and reviewed by keyboard alone", async () => {
  const page = await open();
  await settled(page, "trade");
  const to = async (is: (at: { tag: string; text: string; label: string }) => boolean): Promise<void> => {
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const found = document.activeElement as HTMLElement | null;
        const labels = (found as HTMLInputElement | null)?.labels;
        return {
          tag: found?.tagName ?? "",
          text: found?.textContent ?? "",
          label: found?.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? "",
        };
      });
      if (is(at)) return;
    }
    assert.fail("the keyboard never arrives");
  };
  await to(({ label }) => /^Buy .* for/.test(label));
  await page.keyboard.press("Enter");
  await to(({ label }) => label === "Size");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0.3");
  await page.getByText("You pay").waitFor();
  await to(({ text }) => text === "Review the purchase");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
  assert.notEqual(outline, "none", "what is focused is seen");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await close(page);
});

test("nothing on the page moves when a new block comes", async () => {
  const page = await open();
  await settled(page, "trade");
  await page
    .getByRole("button", { name: /^Buy .* for/ })
    .first()
    .click();
  await page.getByText("You pay").waitFor();
  await page.waitForTimeout(1_000);
  const shift = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as never as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: false });
        setTimeout(() => done(sum), 5_000);
      }),
  );
  assert.ok(shift < 0.01, `the layout moved by ${shift}`);
  await close(page);
});
