/** The page beneath a path of content-addressed storage: no server of ours, no header of ours, and all that it asks lies
 * there or is the node's. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { BrowserContext, Page } from "playwright-core";

import { choose, close, given, open, picture, sign } from "./stage.ts";

const [bare, told] = [String(given["bare"]), String(given["told"])];

/** Opens a page of another host than the others are of. asked: every address that it asks for. */
function from(page: string, asked: string[], isConnected = true): Promise<Page> {
  const before = async (context: BrowserContext): Promise<void> => {
    context.on("request", (request) => asked.push(request.url()));
  };
  return open({ from: page, path: "#/trade", before, isConnected });
}

function onlyThere(page: string, asked: readonly string[]): void {
  const other = asked.filter((url) => !url.startsWith(`${page}/`) && !url.startsWith(given.rpc) && !/^data:/.test(url));
  assert.deepEqual(other, []);
}

test("with the market's file beside it, it opens, quotes and trades", async () => {
  const asked: string[] = [];
  const page = await from(told, asked);
  await choose(page, "0.1");
  await sign(page);
  await page.getByText("Bought, with its hedge").waitFor();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "Verify" }).click();
  await page.getByRole("heading", { name: /figures/ }).waitFor();
  assert.match(page.url(), /\/ipfs\/bafybei[a-z2-7]+\/#\/verify$/);
  onlyThere(told, asked);
  await close(page);
});

test("with none beside it, the visitor chooses the deployment's file and a node", async () => {
  const asked: string[] = [];
  const page = await from(bare, asked, false);
  await page.getByText("This page holds no market.").waitFor();
  await picture(page, "addressed-1440-light");
  await page.getByLabel("A deployment's file").setInputFiles(given.deployment);
  await page.getByLabel("A node's address").fill(given.rpc);
  await page.getByRole("button", { name: "Read through it" }).click();
  await choose(page, "0.1");
  assert.ok(await page.locator(".total strong").textContent());
  onlyThere(bare, asked);
  await close(page);
});

test("its own policy stands without a header: no script but its own runs, and no one else is asked", async () => {
  const page = await from(told, [], false);
  await page.locator("td.price button:not(.off)").filter({ visible: true }).first().waitFor();
  const stopped = await page.evaluate(async () => {
    const found: string[] = [];
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "document.title = 'stolen'";
    document.body.append(script);
    await fetch("http://192.0.2.1/").catch(() => {});
    const picture = document.createElement("img");
    picture.src = "http://192.0.2.1/x.png";
    await new Promise((done) => setTimeout(done, 500));
    return found.sort();
  });
  assert.deepEqual(stopped, ["connect-src", "img-src", "script-src-elem"]);
  assert.doesNotMatch(await page.title(), /stolen/);
  await assert.rejects(close(page), /Content Security Policy/);
});
