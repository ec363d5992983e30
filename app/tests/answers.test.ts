/** What is shown is the answer of what is asked now, read by who still answers, or it is said whose it is. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { setWallet } from "./browser.ts";
import { choose, close, given, open, rpc, sign, telling } from "./stage.ts";

/** Holds what is asked of the node, until the answer is called. */
async function holding(page: Page, which: (asked: string) => boolean = () => true): Promise<() => void> {
  let let_go = (): void => {};
  const held = new Promise<void>((done) => (let_go = done));
  await page.route(`${given.rpc}/**`, async (route) => {
    if (which(route.request().postData() ?? "")) await held;
    await route.continue().catch(() => {});
  });
  return let_go;
}

test("prices that stand while others are asked for are said to be of the size that they are of", async () => {
  const page = await open({ isConnected: false });
  await choose(page, "0.1");
  const price = page.locator("td.price button:not(.off)").filter({ visible: true }).first();
  await page.getByText("prices for 0.10 ETH").waitFor();
  const before = await price.textContent();
  const go = await holding(page);
  await page.getByLabel("Size", { exact: true }).fill("5");
  await page.waitForTimeout(500);
  assert.equal(await price.textContent(), before);
  assert.equal(await page.getByText("prices for 0.10 ETH").count(), 1);
  go();
  await page.getByText("prices for 5.00 ETH").waitFor();
  assert.notEqual(await price.textContent(), before);
  await close(page);
});

test("what is held of one option is not said of another", async () => {
  const page = await open();
  await choose(page, "0.1", 1);
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  const held = page.locator(".ticket").getByText(/^You hold 0\.[1-9]/);
  await held.waitFor();
  const go = await holding(page);
  await page
    .getByRole("button", { name: /^Buy \S+-C for/ })
    .filter({ visible: true })
    .first()
    .click();
  await page.waitForTimeout(300);
  assert.equal(await held.count(), 0);
  go();
  await page
    .locator(".ticket")
    .getByText(/^You hold 0\.00/)
    .waitFor();
  await close(page);
});

test("a wallet that answers nothing any more is said to be silent", async () => {
  const page = await open({ before: telling((told) => ({ ...told, rpc: null })) });
  await page.locator("td.price button:not(.off)").filter({ visible: true }).first().waitFor();
  await setWallet(page, { hangs: true });
  await page.getByText(/silent for \d+ s/).waitFor({ timeout: 25_000 });
  await setWallet(page, { hangs: false });
  await close(page);
});

test("a wallet whose account changes again and again is listened to once", async () => {
  const page = await open();
  const heard = (): Promise<number> => page.evaluate(() => (window as never as { __heard: () => number }).__heard());
  const once = await heard();
  assert.ok(once > 0);
  for (const account of [given.lp, given.trader, given.lp]) {
    await setWallet(page, { account });
    await page.evaluate(() => (window as never as { __tell: () => void }).__tell());
    await page
      .locator("header .who")
      .getByText(new RegExp(account.slice(-4), "i"))
      .waitFor();
  }
  assert.equal(await heard(), once);
  await page.getByRole("button", { name: /^0x/ }).click();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByRole("button", { name: "Connect", exact: true }).waitFor();
  assert.equal(await heard(), 0);
  await close(page);
});

test("a market on a venue that the page does not know, or without its price feed, is refused in words", async () => {
  for (const [wrong, said] of [
    [{ kind: "unheard-of" }, "names the venue unheard-of"],
    [{ feed: null }, "lacks venue.feed"],
  ] as const) {
    const page = await open({
      wallet: null,
      before: telling((told) => {
        const [first] = told.deployments;
        return { ...told, deployments: [{ ...first, venue: { ...first.venue, ...wrong } }] };
      }),
    });
    await page.getByRole("alert").getByText(said).waitFor();
    assert.equal(await page.getByText("it is asked again").count(), 0);
    await close(page);
  }
});

test("a file that is no market's is refused in words, and nobody says that it is asked again", async () => {
  const page = await open({ wallet: null, before: telling(() => ({})) });
  const chosen = page.getByLabel("A deployment's file");
  for (const [text, said] of [
    ["{}", "the deployment file lacks name"],
    ["<html>", "the deployment file holds no JSON"],
  ] as const) {
    await chosen.setInputFiles({ name: "market.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await page.getByRole("alert").getByText(said).waitFor();
    assert.equal(await page.getByText("it is asked again").count(), 0);
  }
  await close(page);
});

test("parameters that were read before one of them changed are not compared with what stands after", async () => {
  const page = await open({ wallet: null, path: "#/verify" });
  const verdict = page.getByRole("region", { name: "Verdict" });
  await page.getByRole("region", { name: "Parameters" }).waitFor();
  await page.getByRole("region", { name: "Contracts" }).waitFor();
  await verdict.getByText(/^All \d+ figures agree$/).waitFor();
  const guardian = String(given["guardianContract"]).slice(2).toLowerCase();
  const go = await holding(page, (asked) => asked.toLowerCase().includes(guardian));
  await rpc("anvil_impersonateAccount", given["guardian"]);
  await rpc("eth_sendTransaction", { from: given["guardian"], to: given["guardianContract"], data: given["pause"] });
  for (let look = 0; look < 15; look += 1) {
    assert.equal(await verdict.getByText(/figures? differ/).count(), 0, (await verdict.textContent()) ?? "");
    await page.waitForTimeout(200);
  }
  go();
  await page.getByRole("region", { name: "Parameters" }).waitFor();
  await verdict.getByText(/^All \d+ figures agree$/).waitFor();
  await close(page);
});
