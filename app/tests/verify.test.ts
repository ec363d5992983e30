/** Every figure of a market is computed again in the page; an attestation is held to the chain, and a forged one is
 * told from it. */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import type { BrowserContext, Page } from "playwright-core";

import { close, foreignVault, given, open, picture, rpc } from "./stage.ts";

interface File {
  readonly view: Record<string, string | string[]>;
  readonly signer: string;
  readonly signature: string;
}

const attested = given["attested"] as File;
const resigned = given["resigned"] as File;
const LOOK = { wallet: null, path: "#/verify" } as const;

/** Waits until every group of figures is there. */
async function ready(page: Page): Promise<void> {
  await page.getByRole("region", { name: "Parameters" }).waitFor();
  await page.getByRole("region", { name: "Contracts" }).waitFor();
  await page.locator(".plot canvas").first().waitFor();
}

async function verify(page: Page, text: string): Promise<void> {
  await page.getByLabel("The file's text").fill(text);
  await page.getByRole("button", { name: "Verify it" }).click();
}

const region = (page: Page) => page.getByRole("region", { name: "An attestation" });

for (const [width, scheme] of [
  [1440, "light"],
  [1440, "dark"],
  [390, "light"],
  [390, "dark"],
] as const) {
  test(`every figure agrees at ${width} px, ${scheme}`, async () => {
    const page = await open({ ...LOOK, width, scheme });
    await ready(page);
    const head = page.getByRole("region", { name: "Verdict" }).getByRole("heading");
    assert.match((await head.textContent()) ?? "", /^All \d+ figures agree$/);
    assert.ok(Number(/\d+/.exec((await head.textContent()) ?? "")?.[0]) >= 80, "too few figures are compared");
    assert.equal(await page.locator(".mark.off").count(), 0);
    await verify(page, JSON.stringify(attested));
    await region(page).getByText("everything agrees with the chain").waitFor();
    await picture(page, `verify-${width}-${scheme}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than its window`);
    await close(page);
  });
}

test("a figure opens the call that gave it, and the same call gives the same answer again", async () => {
  // anvil answers a call that comes while it mines for the next block: who asked then is not asked again
  for (let again = 0; !(await isSameAgain()); again++) assert.ok(again < 2, "three answers in a row are others");
});

async function isSameAgain(): Promise<boolean> {
  const page = await open(LOOK);
  await ready(page);
  await page.getByRole("button", { name: "floor: agrees. Show the call" }).click();
  const dialog = page.getByRole("dialog", { name: "floor" });
  const shown = async (name: string): Promise<string> =>
    (await dialog
      .locator(".args > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
      .locator("dd")
      .textContent()) ?? "";
  assert.equal(await shown("contract"), "Lens");
  assert.equal(await shown("function"), "snapshot()");
  const data = await dialog.getByLabel("sent", { exact: true }).textContent();
  const block = `0x${Number(await shown("block")).toString(16)}`;
  const answer = await rpc<string>("eth_call", { to: await shown("address"), data }, block);
  const isSame = (await dialog.getByLabel("raw answer").textContent()) === answer;
  await picture(page, "verify-call");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  await close(page);
  return isSame;
}

test("a contract that lies about its floor is caught", async () => {
  const page = await open({ ...LOOK, before: (context) => lying(context) });
  await ready(page);
  await page.getByRole("heading", { name: /figures? differ$/ }).waitFor();
  await page.getByRole("button", { name: "floor: differs. Show the call" }).click();
  await page.getByRole("dialog", { name: "floor" }).getByText("they differ by").waitFor();
  await page.getByText("1.000000", { exact: true }).waitFor();
  await picture(page, "verify-lie");
  await close(page);
});

/** A node that says that the floor is one dollar more; it stands still while nobody trades. */
async function lying(context: BrowserContext): Promise<void> {
  const floor = BigInt(attested.view["floor"] as string);
  const word = (amount: bigint): string => amount.toString(16).padStart(64, "0");
  await context.route(`${given.rpc}/**`, async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replaceAll(word(floor), word(floor + 1_000_000n));
    await route.fulfill({ response: answer, body: text });
  });
}

test("the smile is shown beside the one before once another is posted", async () => {
  const page = await open(LOOK);
  await ready(page);
  await rpc("evm_increaseTime", 1_200);
  await rpc("evm_mine");
  await page.getByText("points from the slice before").waitFor();
  await page.getByText("the one before", { exact: true }).waitFor();
  await picture(page, "verify-smiles");
  await close(page);
});

test("who cannot see or point finds everything: names, order, contrast", async () => {
  const page = await open({ ...LOOK, scheme: "dark" });
  await ready(page);
  await page.evaluate(readFileSync(join(import.meta.dirname, "..", "node_modules", "axe-core", "axe.min.js"), "utf8"));
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as never as { axe: Axe }).axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  assert.deepEqual(found, []);
  const mark = page.getByRole("button", { name: "floor: agrees. Show the call" });
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "floor" }).waitFor();
  await page.keyboard.press("Escape");
  assert.ok(await mark.evaluate((button) => button === document.activeElement), "the keyboard is where it was");
  await close(page);
});

interface Axe {
  readonly run: () => Promise<{
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  }>;
}

test("a change that is under way is shown with its time, and who holds which role", async () => {
  const page = await open(LOOK);
  await ready(page);
  const parameters = page.getByRole("region", { name: "Parameters" });
  await parameters.getByText("1 change is under way.").waitFor();
  // a guardian pauses at once, though no larger or smaller number is the tighter one
  await parameters.getByRole("row", { name: /^flags 0 0 3 set / }).waitFor();
  const row = parameters.getByRole("row", { name: /^fee / });
  assert.match((await row.textContent()) ?? "", /40 from \d{4}-/);
  const roles = page.getByRole("region", { name: "Roles" });
  assert.ok((await roles.getByText(given["owner"] as string).count()) >= 1);
  await roles.getByRole("button", { name: "owner: agrees. Show the call" }).click();
  await page.getByRole("dialog", { name: "owner" }).getByText("members(0)").waitFor();
  await close(page);
});

test("other code than the deployment's is named", async () => {
  const page = await open({
    ...LOOK,
    before: foreignVault,
  });
  await ready(page);
  await page.getByRole("heading", { name: /^1 of \d+ figures differ$/ }).waitFor();
  await page.getByRole("button", { name: "Vault: differs. Show the call" }).waitFor();
  await close(page);
});

test("what is forged in an attestation is named, with what was said and what is so", async () => {
  const page = await open(LOOK);
  await ready(page);
  const found = region(page);
  await verify(page, JSON.stringify({ ...attested, view: { ...attested.view, floor: "999999000000" } }));
  await found.getByText("2 things differ from what the file says.").waitFor();
  const differences = found.getByLabel("Differences");
  assert.deepEqual(await differences.locator("dt").allTextContents(), ["signature", "floor"]);
  await differences.getByText("999999000000").waitFor();
  await differences.getByText(String(attested.view["floor"]), { exact: true }).waitFor();
  await picture(page, "verify-forged");
  await verify(page, JSON.stringify(resigned));
  await found.getByText("One thing differs").waitFor();
  assert.deepEqual(await differences.locator("dt").allTextContents(), ["nav"]);
  await verify(page, JSON.stringify({ ...attested, signature: `0x${"00".repeat(65)}` }));
  await differences.getByText("nobody").waitFor();
  await close(page);
});

test("a block that is not on the chain is said to be gone", async () => {
  const page = await open(LOOK);
  await ready(page);
  await verify(page, JSON.stringify({ ...attested, view: { ...attested.view, block_hash: `0x${"ab".repeat(32)}` } }));
  await region(page).getByText("a reorganisation removed it, or it never was").waitFor();
  await close(page);
});

test("a file is taken as well as its text, and one that is none is refused in words", async () => {
  const page = await open(LOOK);
  await ready(page);
  const file = join(given.pictures, "attested.json");
  writeFileSync(file, JSON.stringify(attested));
  await page.getByLabel("An attestation's file").setInputFiles(file);
  await region(page).getByText("everything agrees with the chain").waitFor();
  for (const [text, why] of [
    ["{", "it holds no JSON"],
    ["[]", "the file is no table"],
    [`{"kind": ${"[".repeat(50_000)}`, "it holds no JSON"],
    [" ".repeat(70_000) + "{", "it has more than 65,536 characters"],
    [JSON.stringify({ ...attested, view: { ...attested.view, chain_id: "1" } }), "is of chain 1"],
    [
      JSON.stringify({ ...attested, view: { ...attested.view, market: `0x${"11".repeat(20)}` } }),
      "is of the market 0x1111",
    ],
    [JSON.stringify({ ...attested, note: "audited by all" }), "says more than was signed"],
  ] as const) {
    await verify(page, text);
    await region(page).getByRole("alert").getByText(why).waitFor();
  }
  await close(page);
});

test("what a hostile file holds is text, and nothing that runs", async () => {
  const page = await open(LOOK);
  await ready(page);
  const evil = `<img src=x onerror="document.title='stolen'">`;
  await verify(page, JSON.stringify({ ...attested, signer: evil }));
  await region(page).getByRole("alert").getByText("signer is no address").waitFor();
  await verify(page, JSON.stringify({ ...attested, view: { ...attested.view, [evil]: evil, spot: undefined } }));
  await region(page).getByRole("alert").waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.doesNotMatch(await page.title(), /stolen/);
  await verify(page, JSON.stringify({ ...attested, view: { ...attested.view, timestamp: (2n ** 255n).toString() } }));
  await region(page)
    .getByText(`second ${2n ** 255n}`)
    .waitFor();
  await close(page);
});
