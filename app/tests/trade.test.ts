/** A stranger with a wallet buys an option with its hedge, sees both legs, and sells a part of it back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { setWallet, signedFor } from "./browser.ts";
import { amount, choose, close, foreignVault, given, open, pair, picture, rpc, shown, sign } from "./stage.ts";

for (const [width, scheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test(`an option is bought with its hedge at ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme });
    await choose(page, "1");
    await picture(page, `trade-${width}-${scheme}`);
    const quoted = amount(await shown(page.locator(".total strong")));
    const order = amount(await pair(page, "The hedge", "order on"));
    await page.getByRole("button", { name: "Review the purchase" }).click();
    await page.getByText("Market.mint").waitFor();
    await picture(page, `sign-${width}-${scheme}`);
    await page.getByRole("button", { name: "Sign in the wallet" }).click();
    await page.getByText("Bought, with its hedge").waitFor();
    await picture(page, `receipt-${width}-${scheme}`);
    const paid = amount(await pair(page, "The option's leg", "you paid"));
    assert.ok(Math.abs(paid - quoted) <= quoted * 0.02, `${paid} beside ${quoted}`);
    const hedged = amount(await pair(page, "The hedge's leg", order ? "bought" : "order"));
    assert.ok(Math.abs(hedged - order) < 0.02, `${hedged} beside ${order}`);
    const after = amount(await pair(page, "The hedge's leg", "residual after"));
    const band = amount((await pair(page, "The hedge's leg", "band")).replace("± ", ""));
    assert.ok(Math.abs(after) <= band + 1e-4, `${after} is outside ± ${band}`);
    await page.getByRole("button", { name: "Done" }).click();
    await close(page);
  });
}

test("what the wallet signs is what the page showed: one exact allowance, one mint, the rest taken back", async () => {
  const page = await open();
  await choose(page, "0.25");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  const seen = await signedFor(page);
  assert.equal(seen.length, 3);
  assert.deepEqual(
    seen.map(({ method }) => method),
    Array(3).fill("eth_sendTransaction"),
  );
  await close(page);
});

test("an allowance by permit is a signature and ends with the trade", async () => {
  const page = await open();
  await choose(page, "0.1");
  await page.getByLabel("Allow by a permit").check();
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("USDC.permit").waitFor();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, with its hedge").waitFor();
  const seen = await signedFor(page);
  assert.equal(seen[0]?.method, "eth_signTypedData_v4");
  assert.ok(seen.slice(1).every(({ method }) => method === "eth_sendTransaction"));
  await close(page);
});

test("room is told with what stops more, and one step past it is refused for that", async () => {
  const page = await open();
  await choose(page, "0.1");
  const line = page.locator(".ticket").getByText("Then:");
  await line.waitFor();
  const text = (await line.textContent()) ?? "";
  const room = amount(text.slice(text.indexOf(":")));
  assert.ok(room > 0);
  await page.getByLabel("Size").fill(String(Math.ceil(room * 3)));
  await page.getByRole("alert").first().waitFor();
  await close(page);
});

test("a part of what is held is sold back", async () => {
  const page = await open();
  await choose(page, "0.2");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  const name = (await page.locator(".ticket h2").textContent())?.replace("Buy ", "") ?? "";
  await page.getByRole("button", { name: `Sell back ${name} for` }).click();
  await page.getByLabel("Size").fill("1000");
  await page.getByText("sell back at most that").waitFor();
  await page.getByLabel("Size").fill("0.1");
  await page.getByText("You are paid").waitFor();
  await sign(page);
  await page.getByText("Sold back, with its hedge").waitFor();
  assert.ok(amount(await pair(page, "The option's leg", "you were paid")) > 0);
  await close(page);
});

test("a signature that is refused loses nothing, and the same trade goes through afterwards", async () => {
  const page = await open();
  await choose(page, "0.1");
  await setWallet(page, { refuses: true });
  await sign(page);
  await page.getByText("You refused it in the wallet.").waitFor();
  await setWallet(page, { refuses: false });
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, with its hedge").waitFor();
  await close(page);
});

test("a trade whose allowance's end is refused is not signed again, and its receipt is shown", async () => {
  const page = await open();
  for (const isTriedAgain of [true, false]) {
    await choose(page, "0.1");
    const before = (await signedFor(page)).length;
    await setWallet(page, { refusesAfter: before + 2 });
    await sign(page);
    await page.getByText("You refused it in the wallet.").waitFor();
    await setWallet(page, { refusesAfter: 1_000 });
    await page.getByRole("button", { name: isTriedAgain ? "Sign in the wallet" : "Not now", exact: true }).click();
    await page.getByText("Bought, with its hedge").waitFor();
    const seen = (await signedFor(page)).slice(before).map(({ params }) => (params as [{ data: string }])[0].data);
    assert.equal(seen.length, isTriedAgain ? 4 : 3);
    assert.equal(new Set(seen).size, 3, "an allowance, a mint, and an end that was asked for once or twice");
    await page.getByRole("button", { name: "Done" }).click();
  }
  await close(page);
});

test("a wallet on another chain is brought over before anything is signed", async () => {
  const page = await open({ wallet: { chainId: 1 } });
  await choose(page, "0.1");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Your wallet is on chain 1").waitFor();
  assert.ok(await page.getByRole("button", { name: "Sign in the wallet" }).isDisabled());
  await page.getByRole("button", { name: /^Switch the wallet/ }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).and(page.locator(":enabled")).click();
  await page.getByText("Bought, with its hedge").waitFor();
  await close(page);
});

test("contracts whose code is not the deployment's are never signed for", async () => {
  const page = await open({
    before: foreignVault,
  });
  await choose(page, "0.1");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Nothing here will be signed").waitFor();
  assert.ok(await page.getByRole("button", { name: "Sign in the wallet" }).isDisabled());
  assert.deepEqual(await signedFor(page), []);
  await close(page);
});

test("a picture of a trade that has no price says that it is of what the option pays", async () => {
  const page = await open();
  await choose(page, "0.1");
  await page.getByRole("img", { name: /^Profit of the trade by price/ }).waitFor();
  await page.getByLabel("Size", { exact: true }).fill("900000");
  await page.getByText("You pay").waitFor({ state: "detached" });
  await page.getByRole("img", { name: /^What it pays, without what it costs, by price/ }).waitFor();
  assert.equal(await page.getByRole("img", { name: /^Profit/ }).count(), 0);
  await close(page);
});

test("a price that moved past the slippage is refused in words before it costs gas", async () => {
  for (let left = 5; left > 0; left -= 1) if (await isRefusedForItsPrice()) return;
  assert.fail("the price came back each time before the wallet was asked");
});

/** Signs for a purchase that has become dearer. Prices walk on: one that has come back meanwhile is taken. */
async function isRefusedForItsPrice(): Promise<boolean> {
  const page = await open();
  await choose(page, "0.1");
  await page.getByLabel("Slippage").fill("0");
  const before = await rpc<string>("eth_getTransactionCount", given.trader, "latest");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Market.mint").waitFor();
  await moved(page);
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  const refused = page.getByText("market: premium over max");
  await refused.or(page.getByText("Bought, with its hedge")).waitFor();
  const isRefused = await refused.isVisible();
  const after = await rpc<string>("eth_getTransactionCount", given.trader, "latest");
  if (isRefused) assert.ok(Number(after) - Number(before) <= 1, "no more than the allowance was sent");
  await close(page);
  return isRefused;
}

/** Waits until the option is dearer than it was: the chain's prices walk by themselves. */
async function moved(page: Page): Promise<void> {
  const total = page.locator(".total strong");
  const first = amount(await shown(total));
  for (let look = 0; look < 400 && amount(await shown(total)) <= first + 0.02; look += 1)
    await page.waitForTimeout(200);
}
