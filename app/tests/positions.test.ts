/** What an account holds: bought, shown with what it cost and what it is worth, sold back in part; bundles; allowances. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";

import { connect, setWallet, signedFor } from "./browser.ts";
import { amount, choose, close, given, open, pair, picture, rpc, shown, sign } from "./stage.ts";

/** Buys some of the first call that is offered, and says what it is called. */
async function buy(page: Page, size: string): Promise<string> {
  await choose(page, size);
  const name = (await page.locator(".ticket h2").textContent())?.replace("Buy ", "") ?? "";
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  return name;
}

const row = (page: Page, name: string) => page.getByRole("table", { name: "Positions" }).getByRole("row", { name });
const cell = async (page: Page, name: string, label: string): Promise<number> =>
  amount(await shown(row(page, name).locator(`td[data-label="${label}"]`)));

for (const [width, scheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test(`what is held is shown with cost, value and profit, and sold back in part, at ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme });
    const name = await buy(page, "0.3");
    await page.getByRole("link", { name: "Positions" }).click();
    await row(page, name).waitFor();
    for (let look = 0; look < 50 && (await cell(page, name, "size")) < 0.3; look += 1) await page.waitForTimeout(100);
    await page
      .getByRole("img", { name: /come to by price/ })
      .first()
      .waitFor();
    await picture(page, `held-${width}-${scheme}`);
    const [held, paid, received] = [
      await cell(page, name, "size"),
      await cell(page, name, "paid"),
      await cell(page, name, "received"),
    ];
    assert.ok(held >= 0.3 && paid > 0);
    const [value, profit] = [await cell(page, name, "value"), await cell(page, name, "profit")];
    assert.ok(Math.abs(received + value - paid - profit) < 1, `${received} + ${value} - ${paid} is not ${profit}`);
    await page.getByRole("button", { name: `Sell back ${name}` }).click();
    const top = await page
      .getByRole("heading", { name: `Sell back ${name}` })
      .evaluate((at) => at.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 900, "the ticket is on the screen");
    assert.equal(await page.getByLabel("Size").inputValue(), held.toFixed(2));
    await page.getByLabel("Size").fill("0.1");
    await page.getByText("You are paid").waitFor();
    await page.getByRole("button", { name: "Review the sale" }).click();
    await page.getByRole("button", { name: "Sign in the wallet" }).click();
    await page.getByText("Sold back, with its hedge").waitFor();
    const got = amount(await pair(page, "The option's leg", "you were paid"));
    await page.getByRole("button", { name: "Done" }).click();
    await row(page, name)
      .locator('td[data-label="size"]')
      .getByText((held - 0.1).toFixed(2), { exact: true })
      .waitFor();
    assert.ok(Math.abs((await cell(page, name, "received")) - received - got) < 0.011);
    await close(page);
  });
}

test("a link of a position opens its ticket", async () => {
  const page = await open();
  const name = await buy(page, "0.1");
  await page.getByRole("link", { name: "Positions" }).click();
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { name: `Buy ${name}` }).waitFor();
  await close(page);
});

test("a node that refuses long ranges of blocks is asked for shorter ones", async () => {
  const spans: number[] = [];
  const page = await open({
    before: async (context) => {
      await context.route(`${given.rpc}/**`, async (route) => {
        const asked = [route.request().postDataJSON()].flat() as {
          id: number;
          method: string;
          params: { fromBlock: string; toBlock: string }[];
        }[];
        const logs = asked.find(({ method }) => method === "eth_getLogs")?.params[0];
        const span = logs ? Number(logs.toBlock) - Number(logs.fromBlock) + 1 : 0;
        if (logs) spans.push(span);
        if (span <= 10) return route.continue().catch(() => {});
        const error = { code: -32005, message: "query exceeds the range of 10 blocks" };
        return route.fulfill({ json: asked.map(({ id }) => ({ jsonrpc: "2.0", id, error })) }).catch(() => {});
      });
    },
  });
  await page.getByRole("link", { name: "Positions" }).click();
  await page.getByRole("table", { name: "Positions" }).waitFor();
  await page.context().unrouteAll({ behavior: "ignoreErrors" });
  assert.ok(Math.max(...spans) > 10 && spans.filter((span) => span <= 10).length > 1, spans.join());
  await close(page);
});

/** The Vault and the token of the market that a page shows. */
async function places(page: Page): Promise<{ vault: string; token: string }> {
  const { contracts, venue } = await page.evaluate(
    async () => (await (await fetch("./market.json")).json()).deployments[0],
  );
  return { vault: contracts.Vault.address, token: venue.usdc };
}

test("an allowance that stands is shown, and ended", async () => {
  const page = await open();
  const { vault, token } = await places(page);
  const spender = vault.slice(2).toLowerCase().padStart(64, "0");
  const data = `0x095ea7b3${spender}${(77_000_000).toString(16).padStart(64, "0")}`;
  await rpc("eth_sendTransaction", { from: given.trader, to: token, data });
  await page.getByRole("link", { name: "Positions" }).click();
  await page.getByText("may still take 77.00 USD").waitFor();
  await page.getByRole("button", { name: "Take it back" }).click();
  await page.getByText("USDC.approve").waitFor();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("The allowance is ended").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByText("may still take 77.00 USD").waitFor({ state: "detached" });
  await close(page);
});

test("who closes the dialogue while a mint waits is offered the end of what is left of the allowance", async () => {
  const page = await open();
  await choose(page, "0.1");
  await page.route(`${given.rpc}/**`, async (route) => {
    // the page's node knows of no receipt of the mint as long as this stands
    const asked = [route.request().postDataJSON()].flat() as { id: number; method: string }[];
    const mints = (await signedFor(page)).filter(({ method }) => method === "eth_sendTransaction").length > 1;
    if (!mints || !asked.some(({ method }) => method === "eth_getTransactionReceipt"))
      return route.continue().catch(() => {});
    return route.fulfill({ json: asked.map(({ id }) => ({ jsonrpc: "2.0", id, result: null })) }).catch(() => {});
  });
  await sign(page);
  await page.getByRole("button", { name: "Waiting for a block" }).waitFor();
  while ((await signedFor(page)).length < 2) await page.waitForTimeout(50);
  await page.waitForTimeout(1_500);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.equal(await page.getByText("may still take").count(), 0, "what waits may need it");
  await page.unroute(`${given.rpc}/**`);
  await page.getByText(/may still take [\d,.]+ USD/).waitFor();
  await page.waitForTimeout(2_500);
  await page.getByText(/may still take [\d,.]+ USD/).waitFor();
  await picture(page, "allowance-line-1440-light");
  await page.getByRole("link", { name: "Earn" }).click();
  await page.getByText(/may still take [\d,.]+ USD/).waitFor();
  await page.getByRole("button", { name: "Leave it" }).click();
  await page.getByText(/may still take/).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Positions" }).click();
  await page.getByText(/may still take [\d,.]+ USD/).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Trade", exact: true }).click();
  await connect(page);
  await page.getByRole("button", { name: "End the allowance" }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("The allowance is ended").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByText(/may still take/).waitFor({ state: "detached" });
  await close(page);
});

test("an older allowance that is larger than a deposit is shown beside it, and its end is signed with it", async () => {
  const page = await open({ path: "#/earn" });
  const { vault, token } = await places(page);
  const data = `0x095ea7b3${vault.slice(2).toLowerCase().padStart(64, "0")}${(5_000_000_000).toString(16).padStart(64, "0")}`;
  await rpc("eth_sendTransaction", { from: given.trader, to: token, data });
  await page.getByLabel("Amount").fill("2000");
  await page.getByText("The Vault may take 5,000.00 USD from before.").waitFor();
  await page.getByText("the end of the other 3,000.00").waitFor();
  await page.getByRole("button", { name: "Review the deposit" }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByRole("heading", { name: "Deposited", exact: true }).waitFor();
  assert.equal((await signedFor(page)).length, 2, "the deposit, and the end of the allowance");
  const asked = `0xdd62ed3e${[given.trader, vault].map((who) => who.slice(2).toLowerCase().padStart(64, "0")).join("")}`;
  assert.equal(Number(await rpc<string>("eth_call", { to: token, data: asked }, "latest")), 0);
  await close(page);
});

test("a strangle is two mints with one allowance, and its payoff is drawn together", async () => {
  const page = await open({ path: "#/bundles" });
  await page.getByRole("button", { name: "Strangle" }).click();
  await page.getByLabel("Size of each leg").fill("0.2");
  await page.getByText("You pay").waitFor();
  await picture(page, "bundle-1440-light");
  await page.getByText("The second leg is quoted as the market is after the first").waitFor();
  const bound = amount(await shown(page.getByText(/at most .* together/)));
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Market.mint").nth(1).waitFor();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, each leg with its hedge").waitFor();
  const paid = amount(await pair(page, "What was done", "you paid"));
  assert.ok(paid > bound / 2 && paid <= bound * 1.02, `${paid} where at most ${bound} were shown`);
  assert.equal((await signedFor(page)).length, 4);
  await close(page);
});

test("a node that says nothing of what comes after a trade: the legs are quoted alone, and it is said", async () => {
  const page = await open({
    path: "#/bundles",
    before: async (context) => {
      await context.route(`${given.rpc}/**`, async (route) => {
        const asked = [route.request().postDataJSON()].flat() as { id: number; method: string }[];
        const isLacking = asked.some(({ method }) => method === "eth_simulateV1");
        if (!isLacking) return route.continue().catch(() => {});
        const error = { code: -32601, message: "the method eth_simulateV1 does not exist" };
        return route.fulfill({ json: asked.map(({ id }) => ({ jsonrpc: "2.0", id, error })) }).catch(() => {});
      });
    },
  });
  await page.getByRole("button", { name: "Strangle" }).click();
  await page.getByText("You pay").waitFor();
  await page.getByText("Each leg is quoted as if it were alone").waitFor();
  await page.getByText(/eth_simulateV1: .* does not exist/).waitFor();
  await page.context().unrouteAll({ behavior: "ignoreErrors" });
  await page.getByText("The second leg is quoted as the market is after the first").waitFor();
  await close(page);
});

test("a leg that went through is not bought again when the next one was refused", async () => {
  const page = await open({ path: "#/bundles", width: 390, scheme: "dark" });
  await page.getByRole("button", { name: "Strangle" }).click();
  await page.getByLabel("Size of each leg").fill("0.1");
  await page.getByText("You pay").waitFor();
  await picture(page, "bundle-390-dark");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await setWallet(page, { refusesAfter: 2 });
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("You refused it in the wallet.").waitFor();
  await setWallet(page, { refusesAfter: 100 });
  const before = (await signedFor(page)).length;
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("Bought, each leg with its hedge").waitFor();
  const after = (await signedFor(page)).slice(before);
  assert.equal(after.length, 2, "the leg that lacked, and the end of the allowance");
  await close(page);
});
