/** What was earned, by cause: for who operates a market, and for an LP; live, and from a node that has forgotten. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";

import type { Page } from "playwright-core";
import { toFunctionSelector } from "viem";

import { violations } from "./axe.ts";
import { connect } from "./browser.ts";
import { amount, close, given, open, pair, picture, rpc } from "./stage.ts";

const OUT = String(given["out"]);
/** What the Lens is asked for a state. */
const SNAPSHOT = toFunctionSelector("snapshot()");

/** A table's figures by cause, each column's, with the blocks that they are of; all of one look. */
async function shown(page: Page, label: string) {
  return page.getByRole("table", { name: label }).evaluate((table) => {
    const number = (cell: Element): number | null => {
      const said = (cell.textContent ?? "").replaceAll(/[▲▼+,\s]/g, "").replace("−", "-");
      return said ? Number(said) : null;
    };
    const rows = [...table.querySelectorAll("tbody tr:has(th), tfoot tr:has(th)")].map((row) => {
      const name = row.querySelector("th")?.textContent ?? "";
      return [name, [...row.querySelectorAll("td")].map(number)] as const;
    });
    const said = table.parentElement?.querySelector(".span-said")?.textContent ?? "";
    const blocks = [...said.matchAll(/block ([\d,]+)/g)].map(([, block = ""]) => Number(block.replaceAll(",", "")));
    const times = [...said.matchAll(/[\d-]{10} [\d:]{8}/g)].map(([time]) => time);
    return { rows: Object.fromEntries(rows), blocks, times };
  });
}

const choose = (page: Page, span: string) => page.getByRole("button", { name: span, exact: true }).click();

/** Causes of a column come to what stands under them. */
function adds(rows: Record<string, (number | null)[]>, column: number): void {
  const { change, ...causes } = rows;
  const sum = Object.values(causes).reduce((all, cells) => all + (cells[column] ?? 0), 0);
  assert.ok(Math.abs(sum - (change?.[column] ?? NaN)) < 1e-6, `${sum} beside ${change?.[column]}`);
}

for (const [width, scheme] of [
  [1440, "light"],
  [390, "dark"],
] as const) {
  test(`an operator sees what the market earned by cause, at ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme, path: "#/operate", isConnected: false });
    await choose(page, "the last week");
    await page.getByRole("table", { name: "Earned by cause" }).waitFor();
    const told = await shown(page, "Earned by cause");
    adds(told.rows, 0);
    assert.deepEqual(await violations(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than its screen`);
    await picture(page, `operate-causes-${width}-${scheme}`);
    writeFileSync(`${OUT}/operate-${width}.json`, JSON.stringify(told));
    await close(page);
  });

  test(`an LP sees his part of each cause, at ${width} px, ${scheme}`, async () => {
    const page = await open({ width, scheme, path: "#/earn", wallet: { account: given.lp } });
    await choose(page, "since the first deposit");
    await page.getByRole("table", { name: "Your part by cause" }).waitFor();
    const told = await shown(page, "Your part by cause");
    adds(told.rows, 0);
    const [own, all] = told.rows["premium"] ?? [];
    assert.ok(own && all && own < all, `${own} of ${all}`);
    assert.ok(amount(await pair(page, "Your stake in the span", "put in")) > 0);
    assert.deepEqual(await violations(page), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px wider than its screen`);
    await picture(page, `earn-causes-${width}-${scheme}`);
    writeFileSync(`${OUT}/earn-${width}.json`, JSON.stringify(told));
    await close(page);
  });
}

test("it follows the chain, and nothing moves or goes away meanwhile", async () => {
  const page = await open({ path: "#/operate", isConnected: false });
  await page.getByRole("table", { name: "Earned by cause" }).waitFor();
  await page.getByRole("heading", { name: "Journal" }).waitFor();
  await page.waitForTimeout(1_000);
  const [first] = (await shown(page, "Earned by cause")).blocks.slice(-1);
  const moved = await page.evaluate(
    () =>
      new Promise<{ shift: number; gone: number }>((done) => {
        let [shift, gone] = [0, 0];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shift += (entry as never as { value: number }).value;
        }).observe({ type: "layout-shift", buffered: false });
        const look = setInterval(() => (gone += document.querySelector("table.causes") ? 0 : 1), 20);
        setTimeout(() => [clearInterval(look), done({ shift, gone })], 5_000);
      }),
  );
  const [last] = (await shown(page, "Earned by cause")).blocks.slice(-1);
  assert.ok(last! > first!, `it stands at block ${last}`);
  assert.equal(moved.gone, 0);
  assert.ok(moved.shift < 0.01, `the layout moved by ${moved.shift}`);
  await close(page);
});

test("what was read is not read again when the page is loaded again", async () => {
  const page = await open({ path: "#/earn", wallet: { account: given.lp } });
  const table = page.getByRole("table", { name: "Your part by cause" });
  await choose(page, "since the first deposit");
  await table.waitFor();
  await page.waitForTimeout(500);
  let snapshots = 0;
  await page.reload();
  await page.route(`${given.rpc}/**`, (route) => {
    const said = route.request().postData() ?? "";
    snapshots += said.split(SNAPSHOT).length - 1;
    return route.continue().catch(() => {});
  });
  await connect(page);
  await choose(page, "since the first deposit");
  await table.waitFor();
  const steps = Number(/ends of (\d+) blocks/.exec(await page.locator("main").innerText())?.[1]);
  assert.ok(steps > 60, `${steps}`);
  assert.ok(snapshots < steps / 2, `${snapshots} states are read again, of ${steps}`);
  await close(page);
});

test("a node that keeps no states of the past is said to, and the rest of the page stands", async () => {
  const page = await open({ path: "#/operate", isConnected: false, wallet: null });
  await page.route(`${given.rpc}/**`, async (route) => {
    const asked = [JSON.parse(route.request().postData() ?? "[]")].flat() as {
      id: number;
      method: string;
      params: [unknown, string];
    }[];
    const newest = Number(await rpc<string>("eth_blockNumber"));
    const answer = await route.fetch().catch(() => null);
    if (!answer) return;
    const said = (await answer.json()) as { id: number }[] | { id: number };
    const answers = [said].flat().map((each) => {
      const question = asked.find(({ id }) => id === each.id);
      const isPast = question?.method === "eth_call" && Number(question.params[1]) < newest - 20;
      return isPast ? { jsonrpc: "2.0", id: each.id, error: { code: -32000, message: "missing trie node" } } : each;
    });
    await route.fulfill({ json: Array.isArray(said) ? answers : answers[0] }).catch(() => {});
  });
  await choose(page, "the last week");
  await page.getByText("the node has no state of block").waitFor();
  await page.getByText("through a node that keeps all states").waitFor();
  assert.equal(await page.getByRole("table", { name: "Earned by cause" }).count(), 0);
  await page.getByRole("heading", { name: "Journal" }).waitFor();
  assert.deepEqual(await violations(page), []);
  await picture(page, "operate-forgotten-1440-light");
  await page.unroute(`${given.rpc}/**`);
  await page.getByRole("table", { name: "Earned by cause" }).waitFor();
  await close(page);
});

test("while it reads it says how far it is; an account that never put anything in is told so", async () => {
  const page = await open({ path: "#/operate", isConnected: false });
  await page.route(`${given.rpc}/**`, async (route) => {
    if ((route.request().postData() ?? "").includes("eth_getLogs"))
      await new Promise((done) => setTimeout(done, 2_000));
    await route.continue().catch(() => {});
  });
  await choose(page, "the last week");
  await page.getByRole("progressbar", { name: "States read" }).waitFor();
  await page.getByRole("table", { name: "Earned by cause" }).waitFor();
  await close(page);
  const other = await open({ path: "#/earn" });
  await other.getByText("This account never put anything in.").waitFor();
  assert.equal(await other.getByRole("table", { name: "Your part by cause" }).count(), 0);
  await close(other);
});
