/** What happened, read from logs and out of an index: both legs, filters, reorgs, an index that is away and one that lies. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import type { Page, Route } from "playwright-core";

import { amount, choose, close, given, open, picture, shown, sign, telling } from "./stage.ts";

const index = String(given["index"]);
const place = { path: "#/history", isConnected: false };

/** A page that was told of the index. */
async function told(look: Parameters<typeof open>[0] = {}): Promise<Page> {
  return open({
    ...place,
    ...look,
    before: async (context) => {
      await telling((told) => ({ ...told, index }))(context);
      await look?.before?.(context);
    },
  });
}

interface Answer {
  readonly id: number;
  result?: unknown;
  error?: unknown;
}
type Question = { readonly id: number; readonly method: string; readonly params: any[] };

/** Stands between a page and its node; change may put other words into an answer. */
async function between(
  page: Page,
  change: (question: Question, answer: Answer) => void | Promise<void>,
): Promise<void> {
  await page.route(`${given.rpc}/**`, async (route: Route) => {
    const asked = JSON.parse(route.request().postData() ?? "[]") as Question | Question[];
    const said = (await (await route.fetch()).json()) as Answer | Answer[];
    const [questions, answers] = [[asked].flat() as Question[], [said].flat() as Answer[]];
    for (const each of answers) {
      const question = questions.find(({ id }) => id === each.id);
      if (question) await change(question, each);
    }
    await route.fulfill({ json: Array.isArray(said) ? answers : answers[0] }).catch(() => {});
  });
}

const width = ({ params: [asked] }: Question): number => Number(asked.toBlock) - Number(asked.fromBlock) + 1;

function refuse(answer: Answer, message: string): void {
  delete answer.result;
  answer.error = { code: -32_602, message };
}

const trades = (page: Page) => page.locator('tr[data-kind="trade"]');
const whole = (page: Page) => page.getByText("That is all since the market began").waitFor();

for (const [wide, scheme] of [
  [1440, "light"],
  [390, "dark"],
  [1440, "dark"],
  [390, "light"],
] as const) {
  test(`a trade stands with both of its legs at ${wide} px, ${scheme}`, async () => {
    const page = await open({ ...place, width: wide, scheme });
    await whole(page);
    await page.getByText("From the logs, through").waitFor();
    const row = trades(page).first();
    await row.getByText(/^(bought|sold back) [\d.]+ ETH of ETH-/).waitFor();
    await row
      .getByText(/^its hedge: (bought|sold) [\d.]+ ETH at [\d,.]+ USD; −?[\d.]+ of ± [\d.]+ ETH left open/)
      .waitFor();
    assert.ok(amount(await shown(row.locator(".gain, .loss"))) !== 0);
    const drawn = await page.getByRole("img").evaluateAll((all) => all.map((each) => each.getAttribute("aria-label")));
    assert.ok(
      drawn.some((label) => label?.startsWith("The floor after each trade:")) && !/\de\+/.test(drawn.join()),
      drawn.join(),
    );
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await picture(page, `history-${wide}-${scheme}`);
    await close(page);
  });
}

test("what happened is chosen by kind and by account", async () => {
  const page = await open({ path: "#/history" });
  await whole(page);
  await page.getByLabel("Kind").selectOption("deposit");
  await page
    .getByText(/^deposited /)
    .first()
    .waitFor();
  assert.equal(await trades(page).count(), 0);
  await page.getByLabel("Kind").selectOption("");
  await page.getByRole("button", { name: "Mine" }).click();
  await trades(page).first().waitFor();
  const rows = await page
    .locator("table.happened tbody tr")
    .evaluateAll((all) => all.map((row) => row.getAttribute("data-kind")));
  assert.ok(!rows.includes("surface") && !rows.includes("guardian"), rows.join());
  await page.getByLabel("Account").fill("0x0000000000000000000000000000000000000009");
  await page.getByText("Nothing like that happened").waitFor();
  await close(page);
});

test("what is shown is downloaded as a table", async () => {
  const page = await open(place);
  await whole(page);
  await page.getByLabel("Kind").selectOption("trade");
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as CSV" }).click(),
  ]);
  const [head, first] = readFileSync(await file.path(), "utf8").split("\r\n");
  assert.equal(head, "time,block,transaction,kind,what,hedge,usd,account");
  assert.match(first ?? "", /UTC,\d+,0x[0-9a-f]{64},trade,.* ETH of ETH-.*,-?\d+\.\d{6},0x[0-9a-f]{40}$/);
  await close(page);
});

test("a node that refuses a range gets smaller ones, and reading stops and goes on when it is told", async () => {
  const page = await open(place);
  await page.evaluate(() => new Promise((done) => (indexedDB.deleteDatabase("tandem-history").onsuccess = done)));
  const widths: number[] = [];
  let goOn = (): void => {};
  const isTold = new Promise<void>((done) => (goOn = done));
  await between(page, async (question, answer) => {
    if (question.method !== "eth_getLogs") return;
    widths.push(width(question));
    if (width(question) > 4) return refuse(answer, "block range is too wide");
    if (widths.filter((each) => each <= 4).length > 1) await isTold; // or all is read before the button is found
  });
  await page.reload();
  await page.getByRole("button", { name: "Stop reading" }).click();
  goOn();
  await page.getByRole("button", { name: "Read further back" }).waitFor();
  assert.equal(await page.getByText("That is all since").count(), 0);
  await page.getByRole("button", { name: "Read further back" }).click();
  await whole(page);
  assert.ok(Math.max(...widths) > 4 && Math.min(...widths) <= 4);
  await page.unroute(`${given.rpc}/**`);
  await close(page);
});

test("reading goes on whenever it is told to, also where it has just ended and no block comes", async () => {
  const page = await open(place);
  let asked = 0;
  let standing: unknown;
  await between(page, async (question, answer) => {
    if (question.method === "eth_getBlockByNumber" && question.params[0] === "latest")
      answer.result = standing ??= answer.result;
    if (question.method !== "eth_getLogs") return;
    asked += 1;
    if (width(question) > 4) return refuse(answer, "block range is too wide");
    await new Promise((done) => setTimeout(done, 100));
  });
  for (let pause = 0; pause <= 400; pause += 50) {
    await page.evaluate(() => new Promise((done) => (indexedDB.deleteDatabase("tandem-history").onsuccess = done)));
    await page.reload();
    await page.getByRole("button", { name: "Stop reading" }).click();
    await page.waitForTimeout(pause);
    await page.getByRole("button", { name: "Read further back" }).click();
    await page.waitForTimeout(pause);
    const before = asked;
    for (let look = 0; look < 30 && asked === before; look += 1) await page.waitForTimeout(100);
    assert.ok(asked > before, `told to go on after ${pause} ms, it asks nothing`);
  }
  await page.unroute(`${given.rpc}/**`);
  await close(page);
});

test("what was read is kept in the browser", async () => {
  const page = await open(place);
  await whole(page);
  const ranges: number[] = [];
  await between(page, (question) => {
    if (question.method === "eth_getLogs") ranges.push(width(question));
  });
  await page.waitForTimeout(500);
  await page.reload();
  await whole(page);
  await page.waitForTimeout(1_500);
  assert.ok(
    ranges.every((wide) => wide < 30),
    ranges.join(),
  );
  await page.unroute(`${given.rpc}/**`);
  await close(page);
});

test("what a reorg took back is gone, and it is said", async () => {
  const page = await open(place);
  await whole(page);
  const row = trades(page).first();
  const from = amount(await shown(row.locator("td").last()));
  const tx = await row.locator("p.code").getAttribute("title");
  // From this block on the chain is another, on which that trade never happened.
  await between(page, ({ method }, answer) => {
    if (method === "eth_getBlockByNumber") {
      const block = answer.result as { number: string; hash: string } | null;
      if (block && Number(block.number) >= from) block.hash = `0xab${block.hash.slice(4)}`;
    } else if (method === "eth_getLogs") {
      const logs = answer.result as { blockNumber: string; blockHash: string; transactionHash: string }[];
      answer.result = logs
        .filter((log) => log.transactionHash !== tx)
        .map((log) => (Number(log.blockNumber) >= from ? { ...log, blockHash: `0xab${log.blockHash.slice(4)}` } : log));
    }
  });
  await page.getByText("The chain replaced blocks after").waitFor();
  await page.locator(`p.code[title="${tx}"]`).waitFor({ state: "detached" });
  await whole(page);
  await picture(page, "history-reorg-1440-light");
  await page.unroute(`${given.rpc}/**`);
  await page.locator(`p.code[title="${tx}"]`).first().waitFor();
  await close(page);
});

test("what a node that is some blocks behind left out is read later", async () => {
  const page = await open(place);
  await whole(page);
  await between(page, ({ method, params: [asked] }, answer) => {
    if (method !== "eth_getLogs" || !Array.isArray(answer.result)) return;
    answer.result = answer.result.filter((log) => Number(log.blockNumber) <= Number(asked.toBlock) - 3);
  });
  const buyer = await open();
  await choose(buyer, "0.1");
  await sign(buyer);
  await buyer.getByText("Bought, with its hedge").waitFor();
  const hash = await buyer.locator("dialog p.hash").last().textContent();
  await close(buyer);
  await page.locator(`p.code[title="${hash}"]`).first().waitFor();
  await page.unroute(`${given.rpc}/**`);
  await close(page);
});

test("an index is said, looked up in the chain, and left for the logs while it is away", async () => {
  const page = await told();
  await page.getByText(`From the index at ${new URL(index).host}`).waitFor();
  await page.getByText("Looked up in the chain by chance, and there: ").waitFor();
  await page.getByText(/Compared with the logs, nothing left out: [1-9]\d* of \d+ stretches/).waitFor();
  await whole(page);
  await trades(page).first().getByText("its hedge:").waitFor();
  await picture(page, "history-index-1440-light");
  await page.route(`${index}/**`, (route) => route.abort());
  await page.getByText(/The index at .* does not answer/).waitFor();
  await page.getByText("From the logs, through").waitFor();
  await trades(page).first().getByText("its hedge:").waitFor();
  await page.unroute(`${index}/**`);
  await page.getByText("From the index at").waitFor({ timeout: 20_000 });
  await close(page);
});

test("an index that is behind, of another market or no index at all is not shown", async () => {
  const page = await told();
  await page.getByText("From the index at").waitFor();
  for (const [change, said] of [
    [(it: any) => ({ ...it, tip: { ...it.tip, block: it.tip.block - 40 } }), /is \d+ blocks behind/],
    [(it: any) => ({ ...it, chain_id: 1 }), /is of another market/],
    [() => "<html>", /answers what is no page of events/],
    [(it: any) => ({ ...it, events: it.events.map((row: any) => ({ ...row, topics: ["0x"] })) }), /no page of events/],
    [(it: any) => ({ ...it, events: it.events.map((row: any) => ({ ...row, time: 2 ** 52 })) }), /no page of events/],
  ] as const) {
    await page.route(`${index}/**`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change(await response.json()) });
    });
    await page.reload();
    await page.getByText(said).waitFor();
    await page.getByText("From the logs, through").waitFor();
    await page.unroute(`${index}/**`);
  }
  await close(page);
});

for (const [lie, change] of [
  ["an amount", (row: any) => ({ ...row, data: row.data.replace(/.{8}$/, "0badc0de") })],
  ["a moment", (row: any) => ({ ...row, time: row.time - 86_400 })],
  ["a transaction", (row: any) => ({ ...row, tx: `0x${"ab".repeat(32)}` })],
  ["a block", (row: any) => ({ ...row, hash: `0x${"cd".repeat(32)}` })],
] as const)
  test(`an index that lies of ${lie} is named, and is not believed again`, async () => {
    const page = await told({
      before: async (context) => {
        await context.route(`${index}/**`, async (route) => {
          const response = await route.fetch();
          const said = await response.json();
          await route.fulfill({ response, json: { ...said, events: said.events.map(change) } });
        });
      },
    });
    await page.getByText("does not say what the chain does").waitFor();
    await page.getByText("From the logs, through").waitFor();
    await picture(page, "history-lie-1440-light");
    await page.context().unroute(`${index}/**`);
    await page.waitForTimeout(1_500);
    assert.equal(await page.getByText("From the index at").count(), 0);
    await close(page);
  });

for (const [lie, isLeftOut] of [
  ["one row in ten", (i: number) => i % 10 === 5],
  ["a single row", (i: number) => i === 7],
] as const)
  test(`an index that leaves out ${lie} is named, and what is shown is whole again`, async () => {
    let left = 0;
    const page = await told({
      before: async (context) => {
        await context.route(`${index}/**`, async (route) => {
          const response = await route.fetch();
          const said = await response.json();
          const events = said.events.filter((_: unknown, i: number) => !isLeftOut(i));
          left = Math.max(left, said.events.length - events.length);
          await route.fulfill({ response, json: { ...said, events } });
        });
      },
    });
    await page.getByText(/does not say what the chain does: of blocks \d+ to \d+ it leaves out \d+ of \d+/).waitFor();
    assert.ok(left > 0);
    await page.getByText("From the logs, through").waitFor();
    await whole(page);
    await close(page);
  });

test("a visitor names an index himself, and takes it back", async () => {
  const page = await open(place);
  await page.getByRole("button", { name: "Ask an index" }).click();
  await page.getByLabel("An index's address").fill("nonsense");
  await page.getByRole("button", { name: "Ask it" }).click();
  await page.getByText("An address begins with").waitFor();
  await page.getByLabel("An index's address").fill(index);
  await page.getByRole("button", { name: "Ask it" }).click();
  await page.getByText("From the index at").waitFor();
  await page.getByRole("button", { name: "Another index, or none" }).click();
  await page.getByRole("button", { name: "Read the logs alone" }).click();
  await page.getByText("From the logs, through").waitFor();
  await close(page);
});
