/** What goes wrong around a page: each time words, nothing lost, and nothing sent twice. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Page, Route } from "playwright-core";

import { connect, setWallet, signedFor } from "./browser.ts";
import { amount, choose, close, given, open, picture, rpc, shown, sign, telling } from "./stage.ts";

interface Question {
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
}

/** Stands between a page and its node. change: another answer for one question, or undefined to let it be. */
async function between(page: Page, change: (question: Question, answer: unknown) => unknown): Promise<void> {
  await page.route(`${given.rpc}/**`, async (route: Route) => {
    const asked = JSON.parse(route.request().postData() ?? "[]") as Question | Question[];
    const answer = await route.fetch().catch(() => null);
    if (!answer) return; // the page is gone
    const said = (await answer.json()) as Record<string, unknown> | Record<string, unknown>[];
    const questions = Array.isArray(asked) ? asked : [asked];
    const answers = Array.isArray(said) ? said : [said];
    for (const each of answers) {
      const question = questions.find(({ id }) => id === each["id"]);
      const other = question && change(question, each["result"]);
      if (other !== undefined) each["result"] = other;
    }
    await route.fulfill({ json: Array.isArray(said) ? answers : answers[0] }).catch(() => {}); // let go meanwhile
  });
}

const nonce = async (): Promise<number> => Number(await rpc<string>("eth_getTransactionCount", given.trader, "latest"));

test("a node that is away leaves the last figures standing, says so, and is found again", async () => {
  const page = await open();
  await choose(page, "0.1");
  const total = await page.locator(".total strong").textContent();
  await page.route(`${given.rpc}/**`, (route) => route.abort());
  await page.getByText("not answering").waitFor();
  assert.ok(await page.locator(".total strong").textContent(), total ?? "");
  await page.unroute(`${given.rpc}/**`);
  await page.getByText("not answering").waitFor({ state: "hidden" });
  await close(page);
});

test("a node that answers with nonsense is named, and the page stands", async () => {
  const page = await open({ isConnected: false });
  for (const nonsense of ["<html>busy</html>", "{", "null", "[]", '{"jsonrpc":"2.0","id":1,"result":"0x"}']) {
    await page.route(`${given.rpc}/**`, (route) => route.fulfill({ body: nonsense, contentType: "application/json" }));
    await page.getByText("not answering").waitFor();
    await page.unroute(`${given.rpc}/**`);
    await page.getByText("not answering").waitFor({ state: "hidden" });
  }
  await close(page);
});

test("figures that no market has end no view for good: the head stays, and another node is chosen there", async () => {
  const page = await open({ wallet: null });
  await page.getByRole("columnheader").first().waitFor();
  const word = (text: string): string => text.padStart(64, "0");
  await between(page, ({ method }, answer) => {
    if (method !== "eth_call" || typeof answer !== "string" || answer.length < 2_000) return undefined;
    // every word that is a number of its own becomes nothing: offsets and lengths are small, and stay
    return `0x${(answer.slice(2).match(/.{64}/g) ?? []).map((each) => (each < word("100000") ? each : word("0"))).join("")}`;
  });
  for (const view of ["Trade", "Bundles", "Earn", "Verify", "Operate"]) {
    await page.getByRole("link", { name: view, exact: true }).click();
    await page.waitForTimeout(2_500);
    assert.ok((await page.locator("main").innerText()).trim().length > 20, `${view} shows nothing`);
    assert.ok(await page.locator("header .source").isVisible());
  }
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.getByRole("link", { name: "Trade", exact: true }).click();
  await page.locator("td.price button:not(.off)").filter({ visible: true }).first().waitFor();
  await close(page);
});

test("a node that is slow does not put an old quote over a new one", async () => {
  const page = await open();
  await choose(page, "0.1");
  let slow = true;
  await page.route(`${given.rpc}/**`, async (route) => {
    if (slow) await new Promise((done) => setTimeout(done, 1_500));
    await route.continue().catch(() => {});
  });
  await page.getByLabel("Size").fill("0.2");
  await page.waitForTimeout(200);
  await page.getByLabel("Size").fill("0.4");
  slow = false;
  await page.getByText("You pay").waitFor();
  await page.waitForTimeout(2_500);
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("buy 0.40 ETH of").first().waitFor();
  await page.unroute(`${given.rpc}/**`);
  await close(page);
});

test("a refusal of a node that is a block behind is asked about again, and one that stays is told", async () => {
  const page = await open();
  await choose(page, "0.1");
  let refusals = 2;
  await page.route(`${given.rpc}/**`, async (route) => {
    const asked = [route.request().postDataJSON()].flat() as Question[];
    const id = asked.find(({ method }) => method === "eth_estimateGas")?.id;
    if (id === undefined || refusals <= 0) return route.continue().catch(() => {});
    refusals -= 1;
    const error = { code: 3, message: "execution reverted", data: "0x" };
    return route.fulfill({ json: asked.map((each) => ({ jsonrpc: "2.0", id: each.id, error })) });
  });
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  assert.equal(refusals, 0);
  await page.getByRole("button", { name: "Done" }).click();
  refusals = 100;
  const before = await nonce();
  await choose(page, "0.1");
  await sign(page);
  await page.getByRole("dialog").getByRole("alert").waitFor();
  assert.equal(refusals, 97, "three looks");
  assert.equal(await nonce(), before);
  await close(page);
});

test("a balance that a node makes up stops a trade in words, and what a receipt says wins over it", async () => {
  const page = await open();
  const zero = `0x${"0".repeat(64)}`;
  let lies = true;
  await between(page, ({ method, params }) => {
    const data = String((params[0] as { data?: string } | undefined)?.data ?? "");
    return method === "eth_call" && lies && data.startsWith("0x70a08231") ? zero : undefined;
  });
  await choose(page, "0.1");
  await page.getByText("You have 0.00 USD").waitFor();
  assert.ok(await page.getByRole("button", { name: "Review the purchase" }).isDisabled());
  lies = false;
  await page.getByText("You have 0.00 USD").waitFor({ state: "hidden" });
  await sign(page);
  lies = true;
  await page.getByText("Bought, with its hedge").waitFor();
  await close(page);
});

test("a receipt whose block is not the chain's is waited for, and one that a reorg takes away is said so", async () => {
  const page = await open();
  let looks = 0;
  await between(page, ({ method }, answer) => {
    if (method !== "eth_getTransactionReceipt" || !answer) return undefined;
    looks += 1;
    return looks <= 2 ? { ...(answer as object), blockHash: `0x${"ab".repeat(32)}` } : undefined;
  });
  await choose(page, "0.1");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  assert.ok(looks > 2);
  await page.unroute(`${given.rpc}/**`);
  await between(page, ({ method }) => (method === "eth_getTransactionReceipt" ? null : undefined));
  await page.getByText("The chain replaced the block").waitFor();
  await page.unroute(`${given.rpc}/**`);
  await page.getByText("The chain replaced the block").waitFor({ state: "hidden" });
  await close(page);
});

test("a receipt of another transaction is not taken for this one's", async () => {
  const page = await open();
  let old: { logs: unknown[] } | null = null;
  await between(page, ({ method }, answer) => {
    const found = answer as { logs: unknown[] } | null;
    if (method === "eth_getTransactionReceipt" && found && found.logs.length > 3) old = found;
    return undefined;
  });
  await choose(page, "0.1");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.unroute(`${given.rpc}/**`);
  assert.ok(old);
  let times = 0;
  await between(page, ({ method, params }, answer) => {
    const hash = (old as unknown as { transactionHash: string }).transactionHash;
    if (method !== "eth_getTransactionReceipt" || !answer || params[0] === hash || times >= 3) return undefined;
    times += 1;
    return old;
  });
  await choose(page, "0.3");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  const [what] = await page.getByLabel("The option's leg").locator("dd").allTextContents();
  assert.equal(what, "0.30 ETH");
  await close(page);
});

test("a wallet that names a transaction of before is not believed", async () => {
  const page = await open();
  await choose(page, "0.1");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  const old = (await page.locator("dialog p.hash").last().textContent()) ?? "";
  assert.match(old, /^0x[0-9a-f]{64}$/);
  await page.getByRole("button", { name: "Done" }).click();
  await setWallet(page, { says: old });
  await choose(page, "0.3");
  await sign(page);
  await page.getByText("names a transaction that was sent before").waitFor();
  assert.equal(await page.getByText("Bought, with its hedge").count(), 0);
  await close(page);
});

test("a wallet that never answers is waited for, and nothing is signed beside it", async () => {
  const page = await open({ wallet: { isDeaf: true } });
  await choose(page, "0.1");
  await sign(page);
  await page.getByText("Waiting for your wallet").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await setWallet(page, { isDeaf: false });
  await sign(page);
  await page.getByText("Another transaction of this page is being signed").waitFor();
  await page.getByText("then load this page again").waitFor();
  assert.equal((await signedFor(page)).length, 1);
  await close(page);
});

test("a node that goes back to an old block now and then puts no old figures over new ones", async () => {
  const page = await open({ isConnected: false });
  const block = async (): Promise<number> => amount(await shown(page.locator("header .block")));
  const first = await rpc<Record<string, unknown>>("eth_getBlockByNumber", "latest", false);
  let turn = 0;
  await between(page, ({ method, params }) => {
    if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return undefined;
    turn += 1;
    return turn % 2 ? undefined : first;
  });
  let [seen, steps] = [await block(), 0];
  for (const until = Date.now() + 12_000; Date.now() < until;) {
    const now = await block();
    assert.ok(now >= seen, `block ${now} is shown after ${seen}`);
    if (now > seen) steps += 1;
    seen = now;
    await page.waitForTimeout(50);
  }
  assert.ok(steps > 1, "it goes on");
  await close(page);
});

test("a page that is loaded again while a transaction waits follows it, and signs nothing beside it", async () => {
  const page = await open();
  await between(page, ({ method }) => (method === "eth_getTransactionReceipt" ? null : undefined));
  await choose(page, "0.1");
  const before = await nonce();
  await sign(page);
  await page.getByText("Waiting for a block").waitFor();
  await page.reload();
  await page.getByText("Sent before, and in no block yet").waitFor();
  await picture(page, "waiting-1440-light");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Test wallet" }).click();
  await choose(page, "0.1");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("two of the same would both be carried out").waitFor();
  assert.ok(await page.getByRole("button", { name: "Sign in the wallet" }).isDisabled());
  assert.deepEqual(await signedFor(page), []);
  assert.equal(await nonce(), before + 1);
  await page.unroute(`${given.rpc}/**`);
  await page.getByText(/^Done in block/).waitFor();
  await close(page);
});

test("an allowance that the wallet made smaller than asked stops the trade in words, without its gas", async () => {
  const page = await open();
  await choose(page, "0.5"); // more than an allowance that a page left behind when it was loaded again
  await setWallet(page, { trims: true });
  const before = await nonce();
  await sign(page);
  await page.getByText("The Vault may take 0.000001 USD").waitFor();
  assert.equal(await nonce(), before + 1, "the allowance alone was mined");
  await close(page);
});

test("what was reviewed for one account is not signed by another", async () => {
  const page = await open({ wallet: { chainId: 1 } });
  await choose(page, "0.1");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Your wallet is on chain 1").waitFor();
  await setWallet(page, { account: given.lp });
  await page.getByRole("button", { name: /^Switch the wallet/ }).click();
  await page.getByText(`This was made for ${given.trader}`).waitFor();
  await page.getByText("Your wallet is on chain 1").waitFor({ state: "hidden" });
  assert.ok(await page.getByRole("button", { name: "Sign in the wallet" }).isDisabled());
  assert.deepEqual(await signedFor(page), []);
  await close(page);
});

test("a venue that goes down between quote and signature stops the trade before its gas, and a pause is said", async () => {
  const page = await open();
  await choose(page, "0.1");
  await page.getByRole("button", { name: "Review the purchase" }).click();
  await page.getByText("Market.mint").waitFor();
  const before = await nonce();
  await rpc("anvil_impersonateAccount", given["guardian"]);
  await rpc("eth_sendTransaction", { from: given["guardian"], to: given["guardianContract"], data: given["takeDown"] });
  await page.getByRole("button", { name: "Sign in the wallet" }).click();
  await page.getByText("market: venue down").first().waitFor();
  assert.ok((await nonce()) - before <= 1, "the trade itself was not sent");
  await picture(page, "venue-down-1440-light");
  await page.keyboard.press("Escape");
  await rpc("eth_sendTransaction", { from: given["guardian"], to: given["guardianContract"], data: given["pause"] });
  await page.getByText("Opens are stopped").first().waitFor();
  await picture(page, "paused-1440-light");
  await close(page);
});

test("nothing is kept in the browser but the hashes of what waits: no node's address, no key", async () => {
  const page = await open();
  await page.locator("button.source").click();
  await page.getByLabel("A node's address").fill(`${given.rpc}/?token=a-key-that-is-paid-for`);
  await page.getByRole("button", { name: "Read through it" }).click();
  await page.locator("header").getByText("block").waitFor();
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  assert.ok(!kept.includes("a-key") && !kept.includes("http"), kept);
  await close(page);
});

test("a wallet that was left is heard no more", async () => {
  const page = await open({ isConnected: false });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Test wallet" }).waitFor();
  await page.evaluate(() => {
    const heard: ((value: unknown) => void)[] = [];
    const provider = {
      on: (_: string, told: (value: unknown) => void) => heard.push(told),
      request: async ({ method }: { method: string }) =>
        method === "eth_requestAccounts" ? [`0x${"0".repeat(38)}dd`] : "0x7a69",
    };
    Object.assign(window, { __heard: heard });
    const detail = { info: { uuid: "another", name: "Another wallet" }, provider };
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  });
  const who = page.locator("header .who");
  await page.getByRole("button", { name: "Another wallet" }).click();
  await who.getByText("0x0000…00dd").click();
  await page.getByRole("button", { name: "Leave" }).click();
  await connect(page);
  await page.evaluate(() => {
    const { __heard } = window as never as { __heard: ((value: unknown) => void)[] };
    for (const told of __heard) told([]);
  });
  await page.waitForTimeout(300);
  assert.equal(await who.getByText("0x0000…00dd").count(), 0);
  await close(page);
});

test("a page inside another one shows no market", async () => {
  const page = await open({
    wallet: null,
    path: "around.html",
    before: async (context) => {
      await context.route("**/around.html", (route) =>
        route.fulfill({ body: '<iframe src="./index.html"></iframe>', contentType: "text/html" }),
      );
      await context.route("**/index.html", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ status: 200, body: await answer.text(), contentType: "text/html" });
      });
    },
  });
  const inner = page.frameLocator("iframe");
  await inner.getByText("This page is shown inside another one").waitFor();
  assert.equal(await inner.getByRole("button", { name: "Connect" }).count(), 0);
  await close(page);
});

test("a wallet that reads another chain is told apart from one that is away", async () => {
  const page = await open({
    wallet: { chainId: 1 },
    before: telling((told) => ({ ...told, rpc: null })),
  });
  await page.getByText("it is on chain 1, and this market is on 31337").waitFor();
  await setWallet(page, { chainId: 31_337 });
  await page.getByRole("table").first().waitFor();
  await close(page);
});

test("a node's address that is none is refused in words", async () => {
  const page = await open({ isConnected: false });
  await page.locator("button.source").click();
  for (const wrong of [
    "",
    "node",
    "ftp://node",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://192.0.2.1:8545",
  ]) {
    await page.getByLabel("A node's address").fill(wrong);
    await page.getByRole("button", { name: "Read through it" }).click();
    await page.getByText("An address begins with https://").waitFor();
  }
  await close(page);
});

test("hostile words of a wallet and of a revert are text", async () => {
  const name = `<img src=x onerror="window.__owned = true">`;
  const page = await open({ wallet: { name }, isConnected: false });
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "<img src=x" }).waitFor();
  assert.equal(await page.evaluate(() => (window as never as { __owned?: boolean }).__owned), undefined);
  await close(page);
});
