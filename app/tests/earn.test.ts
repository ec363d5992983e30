/** An LP on the page: money in, what can be lost, a request to leave, its processing, the claim. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page } from "playwright-core";
import { toFunctionSelector } from "viem";

import { signedFor } from "./browser.ts";
import { amount, close, given, open, pair, picture, rpc } from "./stage.ts";

const DAY = 86_400;

const lp = (width: number, scheme: "light" | "dark") =>
  open({ width, scheme, path: "#/earn", wallet: { account: given.lp } });

async function stake(page: Page, name: string): Promise<number> {
  const said = await pair(page, "Stake", name);
  return said === "nothing" ? 0 : amount(said);
}

async function sign(page: Page, done: string): Promise<void> {
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByRole("heading", { name: done, exact: true }).waitFor();
  await page.getByRole("button", { name: "Done" }).click();
}

/** Waits until a figure of the stake is what it should be. */
async function until(page: Page, name: string, isRight: (figure: number) => boolean): Promise<void> {
  for (let look = 0; look < 300; look += 1) {
    if (isRight(await stake(page, name))) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`${name} is ${await stake(page, name)}`);
}

test("before the money is typed in the page says what can be lost, in words and in the chain's figures", async () => {
  const page = await lp(1440, "light");
  await page.getByText("at least, or it is refused").waitFor();
  for (const word of ["The venue.", "A jump beyond the gate.", "The signers.", "The owner.", "Time."]) {
    assert.ok(await page.getByLabel("Deposit").getByText(word, { exact: true }).isVisible(), word);
  }
  await page.getByText(/Leaving takes 2[45] h at least/).waitFor(); // as this deployment has it: a day, and its epoch's hour
  assert.equal(await page.getByRole("table", { name: "What each jump costs" }).getByRole("row").count(), 9);
  assert.ok(amount(await pair(page, "Cash", "floor")) > 0);
  await page.getByLabel("Amount").fill("2000000000");
  await page.getByText("deposit at most that").waitFor();
  assert.ok(await page.getByRole("button", { name: "Review the deposit" }).isDisabled());
  await close(page);
});

for (const [width, scheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test(`a deposit gets the shares that were shown, at ${width} px, ${scheme}`, async () => {
    const page = await lp(width, scheme);
    await page.getByLabel("Amount").fill("25000");
    await page.getByText("at least, or it is refused").waitFor();
    const [before, put] = [await stake(page, "shares"), await stake(page, "put in")];
    await page.waitForFunction(() =>
      document.querySelector('[aria-label="What a deposit gets"] dd')?.textContent?.startsWith("2"),
    );
    const shown = amount(await pair(page, "What a deposit gets", "shares"));
    await page.getByRole("button", { name: "Review the deposit" }).click();
    await page.getByText("Vault.deposit").waitFor();
    await picture(page, `deposit-${width}-${scheme}`);
    await sign(page, "Deposited");
    await until(page, "put in", (figure) => Math.abs(figure - put - 25_000) < 0.01);
    assert.ok(Math.abs((await stake(page, "shares")) - before - shown) < shown * 0.001);
    assert.ok(Math.abs(await stake(page, "earned so far")) < 100);
    await picture(page, `stake-${width}-${scheme}`);
    await close(page);
  });
}

test("the Vault's mark and the gate's are renewed by hand, and what each does is said before it is signed", async () => {
  const page = await open({ path: "#/earn" });
  const marks = page.getByRole("region", { name: "Marks" });
  await marks.getByText("it would be now").waitFor();
  assert.ok(amount(await pair(page, "Marks and their age", "low NAV")) > 0);
  const dialog = page.getByRole("dialog");
  for (let again = 0; ; again++) {
    await marks.getByRole("button", { name: "Review their renewal" }).click();
    await dialog.getByText("StressTest.remark").waitFor();
    if (await dialog.getByText("Vault.poke").count()) break;
    // the market lives: a block may refuse the Vault's mark, and the page says why
    assert.ok(again < 20, `refused: ${await marks.innerText()}`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.waitForTimeout(1_000);
  }
  await dialog.getByText("the low NAV of that block is remembered; no money moves").waitFor();
  await dialog.getByText("StressTest.remark").waitFor();
  await dialog.getByText("opens go by it for an hour, and the breaker looks").waitFor();
  await picture(page, "marks-1440-light");
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByRole("heading", { name: "Marked anew", exact: true }).waitFor();
  assert.ok(amount(await pair(page, "What was done", "low NAV")) > 0);
  const worst = amount(await pair(page, "What was done", "the worst jump would cost"));
  await page.getByRole("button", { name: "Done" }).click();
  // the mark of before stands there until the next state is read
  await marks
    .locator("div", { has: page.locator("dt", { hasText: /^worst jump/ }) })
    .getByText(/marked \d s ago$/)
    .waitFor();
  assert.match(await pair(page, "Marks and their age", "worst jump"), /marked \d s ago$/);
  assert.ok(
    Math.abs(amount(await pair(page, "Marks and their age", "worst jump")) - worst) <= 2 + Math.abs(worst) * 0.01,
  );
  assert.deepEqual(
    (await signedFor(page)).map(({ method }) => method),
    ["eth_sendTransaction", "eth_sendTransaction"],
  );
  await close(page);
});

test("a mark that would be refused is not offered, and the reason is said", async () => {
  const reason = "market: surface stale";
  const text = Buffer.from(reason).toString("hex").padEnd(64, "0");
  const data = `0x08c379a0${"20".padStart(64, "0")}${reason.length.toString(16).padStart(64, "0")}${text}`;
  const page = await open({
    path: "#/earn",
    before: async (context) => {
      await context.route(`${given.rpc}/**`, async (route) => {
        const asked = [route.request().postDataJSON()].flat() as { id: number; params: any[] }[];
        const said = [await (await route.fetch()).json()].flat() as { id: number; result?: unknown; error?: unknown }[];
        for (const each of said) {
          const question = asked.find(({ id }) => id === each.id);
          if (question?.params[0]?.data !== toFunctionSelector("remark()")) continue;
          delete each.result;
          each.error = { code: 3, message: "execution reverted", data };
        }
        await route.fulfill({ json: Array.isArray(route.request().postDataJSON()) ? said : said[0] }).catch(() => {});
      });
    },
  });
  const marks = page.getByRole("region", { name: "Marks" });
  await marks.getByText(reason, { exact: true }).waitFor();
  await marks.getByRole("button", { name: "Review their renewal" }).click();
  await page.getByRole("dialog").getByText("Vault.poke").waitFor();
  assert.equal(await page.getByText("StressTest.remark").count(), 0);
  await close(page);
});

test("a part asks to leave, waits a day, is processed and claimed", async () => {
  const page = await lp(390, "light");
  await until(page, "shares", (figure) => figure > 10_000);
  await page.getByLabel("Shares").fill("10000");
  const worth = amount(await pair(page, "What an exit brings", "worth"));
  await page.getByRole("button", { name: "Review the exit" }).click();
  await page.getByText("Vault.requestRedeem").waitFor();
  await sign(page, "Asked to leave");
  await until(page, "waits to leave", (figure) => figure === 10_000);
  await page
    .getByRole("table", { name: "Exits that wait" })
    .getByText("in 24 h")
    .or(page.getByText("in 25 h"))
    .waitFor();
  await page.getByText("Exits are processed by the hour").waitFor();
  await picture(page, "exit-390-light");
  await rpc("evm_increaseTime", DAY + 3_700);
  await rpc("evm_mine");
  const process = page.getByRole("button", { name: "Process now" });
  const claim = page.getByRole("button", { name: /^Claim/ });
  await page.getByText("Exits are due").or(claim).first().waitFor();
  await picture(page, "due-390-light");
  await process.or(claim).first().waitFor({ timeout: 90_000 });
  await picture(page, "claim-390-light");
  await claim.waitFor({ timeout: 90_000 });
  const claimable = await stake(page, "to claim");
  assert.ok(Math.abs(claimable - worth) < worth * 0.01, `${claimable} beside ${worth}`);
  const taken = await stake(page, "taken out");
  await claim.click();
  await page.getByText("Vault.redeem").waitFor();
  await sign(page, "Claimed");
  await until(page, "taken out", (figure) => Math.abs(figure - taken - claimable) < 0.01);
  assert.equal(await stake(page, "to claim"), 0);
  await close(page);
});
