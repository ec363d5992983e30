/** A real Chromium from the lock, and a wallet that announces itself (EIP-6963) and signs by the local node. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

import sparticuz from "@sparticuz/chromium";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";

import type { Seen } from "./asked.ts";

const CACHE = join(import.meta.dirname, "..", "..", ".cache", "chromium");
/** A page that is opened as a user's: his sandbox and his rules for origins stay. */
const FLAGS = ["--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none", "--disable-dev-shm-usage"];

/** The package unpacks itself into the temporary folder; a bare machine gets its libraries from it as well. Several
 * tests may begin at once: each that finds nothing unpacks for itself, and the first to be done is everybody's. */
async function executable(): Promise<string> {
  if (!existsSync(CACHE)) {
    const own = `${CACHE}-${process.pid}`;
    mkdirSync(own, { recursive: true });
    process.env["TMPDIR"] = own;
    await sparticuz.executablePath();
    try {
      renameSync(own, CACHE);
    } catch {
      rmSync(own, { recursive: true, force: true }); // another was first
    }
  }
  process.env["TMPDIR"] = CACHE;
  const path = await sparticuz.executablePath();
  if (lacksLibraries(path)) {
    const { inflate, setupLambdaEnvironment } = await import(
      "../node_modules/@sparticuz/chromium/build/helper.js" as string
    );
    const packed = join(import.meta.dirname, "..", "node_modules", "@sparticuz", "chromium", "bin", "al2023.tar.br");
    const library = existsSync(join(CACHE, "al2023")) ? join(CACHE, "al2023") : await inflate(packed);
    setupLambdaEnvironment(join(library, "lib"));
  }
  return path;
}

function lacksLibraries(path: string): boolean {
  try {
    return execFileSync("ldd", [path]).toString().includes("not found");
  } catch {
    return false;
  }
}

export async function launch(): Promise<Browser> {
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({
    executablePath: await executable(),
    args: [...FLAGS, ...root],
    headless: true,
    env: { ...process.env, LANG: "en_US.UTF-8", LC_ALL: "en_US.UTF-8" },
  });
}

/** What the test wallet does besides signing, changed while a page is open by `setWallet`. */
export interface WalletWays {
  readonly account: string;
  readonly rpc: string;
  readonly name?: string;
  /** Says that it is on this chain, and switches when it is asked to. */
  readonly chainId?: number;
  readonly refusesToSwitch?: boolean;
  /** Refuses whatever is to be signed. */
  readonly refuses?: boolean;
  /** Refuses whatever comes after so many. */
  readonly refusesAfter?: number;
  /** Answers nothing. */
  readonly hangs?: boolean;
  /** Says that it sent this, whatever it sends. */
  readonly says?: string;
  /** Never answers what is to be signed. */
  readonly isDeaf?: boolean;
  /** Lets its user make an allowance smaller than the page asks for, as wallets do. */
  readonly trims?: boolean;
}

/** What the page shows as being signed, once it has drawn that. */
const SAID = `async (seen) => {
  await new Promise((done) => setTimeout(done));
  const texts = (at, what) => [...at.querySelectorAll(what)].map((each) => each.textContent ?? "");
  seen.said = [...document.querySelectorAll("dialog .steps li.signing")].map((li) => ({
    note: texts(li, "p")[0], where: texts(li, "p.hash")[0], args: texts(li, "dd"),
  }));
}`;

const ANNOUNCE = `(() => {
  const ways = () => window.__ways;
  const seen = (window.__seen = []);
  const listeners = {};
  window.__heard = () => Object.values(listeners).flat().length;
  window.__tell = () => listeners.accountsChanged?.forEach((told) => told([ways().account]));
  const rpc = async (method, params) => {
    const answer = await fetch(ways().rpc, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: params ?? [] }),
    });
    const { result, error } = await answer.json();
    if (error) throw Object.assign(new Error(error.message), { code: error.code, data: error.data });
    return result;
  };
  const refusal = () => Object.assign(new Error("User rejected the request."), { code: 4001 });
  const provider = {
    on: (event, told) => ((listeners[event] ??= []).push(told)),
    removeListener: (event, told) => (listeners[event] = (listeners[event] ?? []).filter((each) => each !== told)),
    request: async ({ method, params }) => {
      while (ways().hangs) await new Promise((done) => setTimeout(done, 100));
      switch (method) {
        case "eth_requestAccounts":
        case "eth_accounts":
          return [ways().account];
        case "eth_chainId":
          return ways().chainId ? "0x" + ways().chainId.toString(16) : rpc(method, params);
        case "wallet_switchEthereumChain":
          if (ways().refusesToSwitch) throw refusal();
          window.__ways = { ...ways(), chainId: Number(params[0].chainId) };
          for (const told of listeners.chainChanged ?? []) told(params[0].chainId);
          return null;
        case "eth_sendTransaction":
        case "eth_signTypedData_v4":
          seen.push({ method, params, said: null });
          await (${SAID})(seen.at(-1));
          if (ways().refuses || seen.length > (ways().refusesAfter ?? Infinity)) throw refusal();
          if (ways().isDeaf) return new Promise(() => {});
          if (ways().trims && params[0].data?.startsWith("0x095ea7b3")) {
            params = [{ ...params[0], data: params[0].data.slice(0, 74) + "1".padStart(64, "0") }];
          }
          const sent = await rpc(method, method === "eth_signTypedData_v4" ? [params[0], JSON.parse(params[1])] : params);
          return ways().says ?? sent;
        default:
          return rpc(method, params);
      }
    },
  };
  const detail = () =>
    Object.freeze({
      info: { uuid: "5d9f0c3e-test", name: ways().name ?? "Test wallet", icon: "data:,", rdns: "test.wallet" },
      provider,
    });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: detail() }));
  window.addEventListener("eip6963:requestProvider", announce);
})();`;

export async function withWallet(context: BrowserContext, ways: WalletWays): Promise<void> {
  await context.addInitScript(`window.__ways ??= ${JSON.stringify(ways)};`);
  await context.addInitScript(ANNOUNCE);
}

export async function setWallet(page: Page, ways: Partial<WalletWays>): Promise<void> {
  await page.evaluate((more) => Object.assign((window as never as { __ways: object }).__ways, more), ways);
}

export async function signedFor(page: Page): Promise<Seen[]> {
  return page.evaluate(() => (window as never as { __seen: Seen[] }).__seen);
}

export async function connect(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByRole("button", { name: "Test wallet" }).click();
  await page.locator("header .who").getByText("0x").waitFor();
}
