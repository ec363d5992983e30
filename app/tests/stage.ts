/** What every scenario shares: a browser, a page with a wallet, the market's node, and pictures. */

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";

import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

import { checkAsked } from "./asked.ts";
import { type WalletWays, connect, launch, signedFor, withWallet } from "./browser.ts";

export interface Given {
  readonly page: string;
  readonly rpc: string;
  readonly deployment: string;
  readonly trader: string;
  readonly lp: string;
  readonly pictures: string;
}

export const given = JSON.parse(process.env["WINDOW"] ?? "{}") as Given & Record<string, unknown>;

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(async () => browser?.close());

/** What a page that a failed test left open says, so that the failure names its cause; then it is closed. */
afterEach(async (ended) => {
  const at = ended as unknown as { readonly name: string; readonly passed: boolean };
  if (at.passed) return;
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const told = await page.locator(".notice, .steps, dialog h2").allInnerTexts();
    console.error(`${page.url()} says:\n${told.join("\n")}`);
    await picture(page, `failed-${at.name.replaceAll(/\W+/g, "-").slice(0, 60)}`);
    await page.context().close();
  }
});

export interface Look {
  readonly width?: number;
  readonly scheme?: "light" | "dark";
  readonly wallet?: Partial<WalletWays> | null;
  readonly path?: string;
  /** Where the page is, if not where the market's is. */
  readonly from?: string;
  readonly isConnected?: boolean;
  readonly before?: (context: BrowserContext) => Promise<void>;
}

/** A fresh page of a fresh browser profile. Whatever it logs as an error fails the test. */
export async function open(look: Look = {}): Promise<Page> {
  const { width = 1440, scheme = "light", wallet = {}, path = "", from = given.page, isConnected = true } = look;
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, locale: "en-US" });
  if (wallet) await withWallet(context, { account: given.trader, rpc: given.rpc, ...wallet });
  await look.before?.(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) faults.push(message.text());
  });
  await page.goto(`${from}/${path}`);
  if (wallet && isConnected) await connect(page);
  return page;
}

const LOCAL = 31_337;
const faults: string[] = [];

/** Ends a page; raises what its scripts threw, what the content policy stopped, and what a wallet was asked to sign in
 * other words than were shown. */
export async function close(page: Page): Promise<void> {
  const ways = await page.evaluate(() => (window as never as { __ways?: WalletWays }).__ways);
  if (ways) checkAsked(await signedFor(page), ways.account, LOCAL);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.context().unrouteAll({ behavior: "ignoreErrors" });
  await page.context().close();
  assert.deepEqual(faults.splice(0), []);
}

export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${given.pictures}/${name}.png`, fullPage: true });
}

export async function rpc<T>(method: string, ...params: unknown[]): Promise<T> {
  const answer = await fetch(given.rpc, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await answer.json()) as { result: T; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
}

/** The first amount in a text: "1,234.50 USD" is 1234.5. */
export function amount(text: string | null): number {
  const found = /[−-]?[\d,]+(\.\d+)?/.exec(text ?? "");
  assert.ok(found, `no amount in ${text}`);
  return Number(found[0].replaceAll(",", "").replace("−", "-"));
}

/** What is shown once it is known: until an answer is there the page shows a dash. */
export async function shown(at: Locator): Promise<string> {
  return (await at.filter({ hasNotText: /^\s*–?\s*$/ }).textContent()) ?? "";
}

/** The value beside a name in a list of pairs, once it is known. */
export async function pair(page: Page, list: string, name: string): Promise<string> {
  const row = page
    .getByLabel(list, { exact: true })
    .locator("div", { has: page.locator("dt", { hasText: new RegExp(`^${name}`) }) });
  return shown(row.locator("dd").first());
}

/** Waits for prices, chooses a call's ask that is seen, and waits for its quote. Which calls and puts stand
 *  depends on how long the expiries have to go, and of the nearest there may be one alone. nth: of those that
 *  stand, in the farthest expiry where it is not the first. Its bound is wide: a keeper that posts and hedges beside
 *  moves a price by one per cent in either way, and past it a trade is to be reviewed again. */
export async function choose(page: Page, size: string, nth = 0): Promise<void> {
  if (nth > 0) await page.getByRole("group", { name: "Expiry" }).getByRole("button").last().click();
  const asks = page.getByRole("button", { name: /^Buy \S+-C for/ }).filter({ visible: true });
  await asks.first().waitFor();
  await asks.nth(nth).click();
  await page.getByLabel("Size", { exact: true }).fill(size);
  await page.getByLabel("Slippage").fill("10");
  await page.getByText("You pay").waitFor();
}

/** Reviews what the ticket has, and signs it. */
export async function sign(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Review the/ }).click();
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
}

/** A page that is told something else than what lies beside it. */
export function telling(change: (told: any) => unknown): (context: BrowserContext) => Promise<void> {
  return async (context) => {
    await context.route("**/market.json", async (route) => {
      const told = await (await route.fetch()).json();
      await route.fulfill({ json: change(told) });
    });
  };
}

/** The Vault's code is not the deployment's. */
export const foreignVault = telling((told) => {
  told.deployments[0].contracts.Vault.code_hash = `0x${"11".repeat(32)}`;
  return told;
});
