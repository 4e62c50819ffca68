import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { NOT_SIGNED_IN, openBrowser, Visit } from "./support/browser.ts";
import { problemsSeenAt } from "./support/looks.ts";
import { processState } from "./support/process-state.ts";
import {
  buildProduct,
  launchRunner,
  type Product,
  runOps,
  startProduct,
} from "./support/product.ts";
import { endPrograms, type Program } from "./support/program.ts";

const SCANNER = [process.execPath, fileURLToPath(new URL("support/scanner.mjs", import.meta.url))];
const DEMO = { email: "demo@scanmeter.test", password: "demo-scanmeter" };
/** What a browser says by itself while there is no server. */
const NO_SERVER = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket/;

let dir: string;
let redis: PrivateRedis;
let product: Product;
let browser: Browser;
let visit: Visit;
let page: Page;

beforeAll(async () => {
  await buildProduct("web", "standalone", "runner");
  dir = mkdtempSync(join(tmpdir(), "one-scan-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  product = await start(0);
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await endPrograms();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  visit = await Visit.begin(browser, product.url);
  page = visit.page;
});

afterEach(() => visit.end());

function start(port: number): Promise<Product> {
  const env = { SANDBOX_SEED: "demo" };
  return startProduct({ dataDir: join(dir, "data"), redisUrl: redis.url, port, env });
}

const shown = (selector: string) => page.locator(selector).innerText();
const balance = () => shown(".balance__number");
const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 10_000 });
const showsBalance = (credits: number) => eventually(balance).toBe(String(credits));
const activity = () => page.locator(".activity__what").allInnerTexts();
const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();

async function subscriptions(): Promise<number> {
  const metrics = await (await fetch(`${product.url}/metrics`)).text();
  return Number(/^scanmeter_subscriptions (\d+)$/m.exec(metrics)?.[1]);
}

async function looksRight(name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

async function fillIn(fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text);
}

async function signIn({ email, password }: typeof DEMO): Promise<void> {
  await page.waitForURL("**/sign-in*");
  await fillIn({ Email: email, Password: password });
  await press("Sign in");
  await page.waitForURL("**/account");
  await page.locator(".balance__number").waitFor();
  await visit.markPage();
}

async function letAnHourPass(): Promise<void> {
  const answered = page.waitForResponse(/sandbox\.advance/);
  await press("+1 hour");
  expect((await answered).status()).toBe(200);
}

async function grant(account: string, credits: number): Promise<void> {
  const args = ["--account", account, "--credits", String(credits)];
  const granted = await runOps(product.dataDir, "grant", ...args);
  expect(granted, granted.errors).toMatchObject({ code: 0 });
}

/** The pid of the wrapped command, not of the runner. */
async function scannerOf(runner: Program): Promise<number> {
  const line = await runner.says(/^scanning as \d+$/);
  return Number(line.split(" ").at(-1));
}

describe("one scan", () => {
  test("costs a credit per started hour, live on the page, and never a sixth; a crash in the middle is a pause for the eyes only", async () => {
    await looksRight("sign-in");
    await signIn(DEMO);
    await showsBalance(70);
    await looksRight("account-idle");

    const runner = launchRunner({
      url: product.url,
      key: product.runnerKey ?? "",
      target: "http://127.0.0.1:8080/",
      label: "Nightly scan",
      command: SCANNER,
    });
    const scanner = await scannerOf(runner);
    await showsBalance(69);
    await see("hour 1 of 5");
    await looksRight("account-scanning");

    await letAnHourPass();
    await showsBalance(68);
    await see("hour 2 of 5");
    await runner.says(/hour 2 started, 2 of at most 5 credits/);

    await product.program.kill();
    await see(/Reconnecting… values from \d+ s(econds)? ago/);
    expect(await balance()).toBe("68");
    await looksRight("account-reconnecting");
    product = await start(product.port);
    await see(/^Live$/);
    // The page's line and the runner's: who is not connected while the clock jumps has been silent.
    await expect.poll(subscriptions, { timeout: 30_000 }).toBe(2);
    expect(await balance()).toBe("68");
    expect(processState(scanner)).toMatch(/[RS]/);

    for (const hour of [3, 4, 5]) {
      await letAnHourPass();
      await showsBalance(70 - hour);
      await see(`hour ${hour} of 5`);
    }
    await see("none, all its hours are paid");
    await looksRight("account-all-hours-paid");
    for (let more = 1; more <= 2; more++) await letAnHourPass();
    expect(await balance()).toBe("65");

    process.kill(scanner, "SIGUSR2");
    const { code, output, errors } = await runner.ended;
    expect({ code, output }).toEqual({
      code: 0,
      output: `scanning as ${scanner}\nfound nothing\n`,
    });
    expect(errors).toContain("scanmeter: scan finished: 5 credits for 6 h");
    await see("No scan is running.");
    await eventually(activity).toEqual([
      "Scan of Nightly scan ended: completed",
      ...[5, 4, 3, 2, 1].map((hour) => `Hour ${hour} of Nightly scan`),
      "Credits added: Demo credits",
      "Credits added: Welcome credits",
    ]);
    expect(await balance()).toBe("65");
    await looksRight("account-after-scan");

    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut(NOT_SIGNED_IN, NO_SERVER)).toEqual([]);
    expect(await runOps(product.dataDir, "audit")).toMatchObject({ code: 0 });
  });

  test("of a new customer starts with an account, a key and a first credit, waits when there is none left, and stops when told", async () => {
    const email = "ada@newcomers.test";
    await page.getByRole("link", { name: "Create an account" }).click();
    await see("Create your account");
    await press("Create account");
    await looksRight("sign-up-problems");
    await page.reload();
    await looksRight("sign-up");
    await fillIn({ "Your name": "Ada New", "Work email": email, Password: "a long password" });
    await press("Create account");
    await page.waitForURL("**/account");
    await visit.markPage();
    await showsBalance(0);
    await see("No credits yet");
    await see("Start your first scan");
    await looksRight("account-new");

    await fillIn({ "Target address": "shop.newcomers.test" });
    await press("Create target and runner key");
    const key = await page.getByLabel("Runner key", { exact: true }).inputValue();
    expect(key).toMatch(/^smk_/);
    expect(await page.getByLabel("Command line", { exact: true }).inputValue()).toContain(key);
    await looksRight("account-first-key");
    const run = () =>
      launchRunner({
        url: product.url,
        key,
        target: "https://shop.newcomers.test",
        command: SCANNER,
      });

    const refused = await run().ended;
    expect(refused).toMatchObject({ code: 3, output: "" });
    expect(refused.errors).toMatch(/^scanmeter: not enough credits: a scan needs 1 to start .*\n$/);

    await grant(email, 1);
    await showsBalance(1);
    const runner = run();
    const scanner = await scannerOf(runner);
    await showsBalance(0);
    await see("hour 1 of 5");
    await press("I have copied the key");

    await letAnHourPass();
    await see("Paused: waiting for credits");
    await runner.says(/paused: no credits left/);
    await eventually(() => processState(scanner)).toBe("T");
    await looksRight("account-waiting-for-credits");

    await grant(email, 3);
    await showsBalance(2);
    await see("hour 2 of 5");
    await runner.says(/resumed: credits arrived/);
    await eventually(() => processState(scanner)).toMatch(/[RS]/);

    await press(/^Pause/);
    await see("Paused by the user");
    await eventually(() => processState(scanner)).toBe("T");
    await looksRight("account-paused-by-user");
    await press(/^Resume/);
    await eventually(() => processState(scanner)).toMatch(/[RS]/);

    await press(/^Stop the scan/);
    await page.getByRole("dialog").waitFor();
    await looksRight("stop-scan-dialog");
    await page.getByRole("dialog").getByRole("button", { name: "Stop the scan" }).click();
    const stopped = await runner.ended;
    expect(stopped.code).toBe(143);
    expect(stopped.errors).toContain("scanmeter: the scan was stopped");
    expect(processState(scanner)).toMatch(/gone|Z/);
    await see("No scan is running.");
    await showsBalance(2);
    await looksRight("account-stopped");

    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut(NOT_SIGNED_IN)).toEqual([]);
  });
});

describe("a person", () => {
  const email = "grace@forgetful.test";
  const password = "the first password";

  async function signUp(): Promise<void> {
    const response = await fetch(`${product.url}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: product.url },
      body: JSON.stringify({ name: "Grace Forgetful", email, password }),
    });
    expect(response.status).toBe(200);
  }

  test("who forgot the password gets a mail, chooses a new one, and the old one is of no use", async () => {
    await signUp();
    await page.getByRole("link", { name: "Forgotten your password?" }).click();
    await see("Reset your password");
    await looksRight("forgot-password");
    await fillIn({ Email: email });
    await press("Send the link");
    await see(/a mail with a link is on its way/);
    await looksRight("forgot-password-sent");

    await eventually(async () => {
      await page.goto("/sandbox/mailbox");
      return page.getByRole("link", { name: "Choose a new password for Scanmeter" }).count();
    }).toBe(1);
    await looksRight("mailbox");
    await page.getByRole("link", { name: "Choose a new password for Scanmeter" }).click();
    await looksRight("mail");
    await page.getByRole("link", { name: /reset-password/ }).click();
    await see("Choose a new password");
    await looksRight("reset-password");
    const chosen = "the second password";
    await fillIn({ "New password": chosen });
    await press("Save the new password");
    await see("Your password is changed. Sign in with the new one.");

    await fillIn({ Email: email, Password: password });
    await press("Sign in");
    await page.getByRole("alert").waitFor();
    await looksRight("sign-in-refused");
    await signIn({ email, password: chosen });
    expect(visit.complaintsBut(NOT_SIGNED_IN, /status of 401 .*sign-in\/email/)).toEqual([]);
  });

  test("without a mouse signs in, walks through the menu and signs out", async () => {
    const focused = () =>
      page.evaluate<string>("(document.activeElement?.textContent ?? '').trim()");
    await page.waitForURL("**/sign-in*");
    await page.getByLabel("Email", { exact: true }).focus();
    await page.keyboard.type(DEMO.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(DEMO.password);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/account");
    await page.locator(".balance__number").waitFor();

    // The heading has the focus, so that it is read; the menu is right before it.
    expect(await focused()).toBe("Account Overview");
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toContain("Menu of Demo");
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    expect(await focused()).toBe("Account Overview");
    await looksRight("menu");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    expect(await focused()).toContain("Menu of Demo");
    await page.keyboard.press("ArrowUp");
    expect(await focused()).toBe("Sign out");
    await page.keyboard.press("ArrowDown");
    expect(await focused()).toBe("Account Overview");
    await page.keyboard.press("s");
    expect(await focused()).toBe("Scans");
    await page.keyboard.press("s");
    expect(await focused()).toBe("Settings");
    await page.keyboard.press("s");
    expect(await focused()).toBe("Sign out");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/sign-in");

    // Signed out is signed out, also for an address that was open before.
    await page.goto("/account");
    await page.waitForURL("**/sign-in?next=*");
    expect(visit.complaintsBut(/status of 401 .*\/trpc\//)).toEqual([]);
  });

  test("who mistyped an address is told so", async () => {
    await page.goto("/no-such-page");
    await see("There is no page here");
    await looksRight("not-found");
  });
});
