/** The pages of the scanning side: scans, targets and runner keys, as their people use them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { askInstance } from "../src/ops/socket.ts";
import { CUT_OFF, openBrowser, Visit } from "./support/browser.ts";
import { accepted, mutate } from "./support/call.ts";
import { type Customer, signUpCustomer } from "./support/customer.ts";
import { joinAccount } from "./support/join.ts";
import { problemsSeenAt } from "./support/looks.ts";
import { buildProduct, launchRunner, type Product, startProduct } from "./support/product.ts";
import { endPrograms, type Program } from "./support/program.ts";
import { tryNow } from "./support/try-now.ts";

const SCANNER = [process.execPath, fileURLToPath(new URL("support/scanner.mjs", import.meta.url))];
/** What a browser says by itself about a thing that is not there. */
const NOT_THERE = /status of 404 .*scans\.get/;

const LIST = /\/trpc\/[^?]*scans\.list/;
const DETAILS = /\/trpc\/[^?]*scans\.get/;
const TARGETS = /\/trpc\/[^?]*targets\.list/;
const KEYS = /\/trpc\/[^?]*runnerKeys\.list/;

let dir: string;
let redis: PrivateRedis;
let product: Product;
let browser: Browser;
let visit: Visit;
let page: Page;
let customer: Customer;
let count = 0;

beforeAll(async () => {
  await buildProduct("web", "standalone", "runner");
  dir = mkdtempSync(join(tmpdir(), "scanning-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  product = await startProduct({ dataDir: join(dir, "data"), redisUrl: redis.url });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await endPrograms();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  count += 1;
  customer = await signUpCustomer(product.url, `scanner-${count}`);
});

afterEach(() => visit.end());

async function comeTo(path: string, person = customer.person): Promise<void> {
  visit = await Visit.beginAs(browser, person);
  page = visit.page;
  await page.goto(path);
  await page.locator("h1").waitFor();
  await visit.markPage();
}

async function isGiven(credits: number): Promise<void> {
  const { accountId: account } = customer;
  const grant = { account, credits, kind: "paid", key: crypto.randomUUID() };
  expect(await askInstance(product.dataDir, "grant", grant)).toMatchObject({ ok: true });
}

async function addsTarget(name: string, mode = "credits"): Promise<string> {
  const target = { url: `https://${name.toLowerCase()}.customers.test/`, name, mode };
  return (await accepted(mutate<{ id: string }>(customer.person, "targets.create", target))).id;
}

async function starts(label: string, targetId = customer.targetId): Promise<string> {
  const start = { targetId, label, idempotencyKey: crypto.randomUUID() };
  const scan = mutate<{ scanId: string }>(customer.runner, "runner.startScan", start);
  return (await accepted(scan)).scanId;
}

const ends = (scanId: string, how: object = { outcome: "completed" }) =>
  accepted(mutate(customer.runner, "runner.finishScan", { scanId, ...how }));

const press = (name: string | RegExp) => page.getByRole("button", { name }).first().click();
const follow = (name: string | RegExp) => page.getByRole("link", { name }).first().click();
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 10_000 });
const focused = () => page.evaluate<string>("(document.activeElement?.textContent ?? '').trim()");
const scans = () => page.locator(".scan-list__what .link--target").allInnerTexts();
const stateOf = (title: string) =>
  page
    .getByRole("row", { name: new RegExp(`^${title} `) })
    .locator(".scan-list__state")
    .innerText();
const chooseState = (state: string) =>
  page.getByRole("combobox", { name: "State" }).selectOption(state);
const inDialog = (name: string) => page.getByRole("dialog").getByRole("button", { name }).click();

async function looksRight(name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

/** Everything that can be pressed, on the narrowest screen. */
async function fitsAFinger(): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const targets = page.locator(
    "header a:visible, header button:visible, main a:visible, main button:visible, main select:visible, main summary:visible, main .input:visible",
  );
  for (const target of await targets.all()) {
    // A link within a sentence is as tall as its line.
    if (await target.evaluate((element) => element.closest("p, .start-scan p") !== null)) continue;
    const { height = 0 } = (await target.boundingBox()) ?? {};
    expect(height, await target.innerText()).toBeGreaterThanOrEqual(43.5);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** Answers wait until they are let go. */
async function holdBack(pattern: RegExp): Promise<() => void> {
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(pattern, async (route) => {
    await gone;
    await route.continue();
  });
  return letGo;
}

async function tabTo(text: RegExp): Promise<void> {
  const name = "(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent";
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if (text.test((await page.evaluate<string | undefined>(name)) ?? "")) return;
  }
  throw new Error(`${text} was not reached; the focus is at ${await focused()}`);
}

describe("scans", () => {
  test("are listed newest first with how they stand, live while they run", async () => {
    await isGiven(20);
    const intranet = await addsTarget("Intranet", "unlimited");
    await ends(await starts("done"));
    await ends(await starts("our fault"), { outcome: "failed", fault: "platform" });
    await ends(await starts("refused"), { outcome: "failed", fault: "target" });
    await ends(await starts("inside", intranet));
    const running = await starts("under way");
    await comeTo("/account");
    await follow(/^Scans$/);
    await page.waitForURL("**/scans");
    await eventually(scans).toEqual(["under way", "inside", "refused", "our fault", "done"]);
    expect(await focused()).toBe("Scans");
    expect(await stateOf("refused")).toBe("Failed because of the target");
    expect(await stateOf("our fault")).toBe("Failed through our fault; the credits were returned");
    await see(/^next debit in \d\d:\d\d$/);
    await looksRight("scans");

    await starts("just now");
    await eventually(async () => (await scans())[0]).toBe("just now");
    await ends(running);
    await eventually(() => stateOf("under way")).toBe("Finished");
    await mutate(customer.person, "scans.pause", { scanId: await starts("paused") });
    await eventually(() => stateOf("paused")).toBe("Paused by the user");
    await fitsAFinger();
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("are narrowed by state and target, and the address remembers it", async () => {
    await isGiven(5);
    const shop = await addsTarget("Shop");
    await ends(await starts("a"));
    await ends(await starts("b", shop), { outcome: "stopped" });
    const running = await starts("c", shop);
    await comeTo("/scans");
    await eventually(scans).toEqual(["c", "b", "a"]);
    await page.getByRole("combobox", { name: "Target" }).selectOption("Shop");
    await eventually(scans).toEqual(["c", "b"]);
    await chooseState("Stopped");
    await eventually(scans).toEqual(["b"]);
    expect(new URL(page.url()).search).toBe(`?target=${shop}&state=stopped`);
    await looksRight("scans-narrowed");
    await page.reload();
    await eventually(scans).toEqual(["b"]);
    expect(await page.getByRole("combobox", { name: "State" }).inputValue()).toBe("stopped");
    await page.goBack();
    await eventually(scans).toEqual(["c", "b"]);
    await chooseState("Lost");
    await see("No scan fits this choice.");
    await looksRight("scans-none-like-that");
    await press("Show all scans");
    await eventually(scans).toEqual(["c", "b", "a"]);
    expect(new URL(page.url()).search).toBe("");
    // What runs leaves the list of what runs by itself.
    await chooseState("Running");
    await eventually(scans).toEqual(["c"]);
    await ends(running);
    await see("No scan fits this choice.");
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("beyond a page are shown when asked for, and reading goes on where it stopped", async () => {
    const intranet = await addsTarget("Intranet", "unlimited");
    for (let nth = 1; nth <= 30; nth += 1) await ends(await starts(`scan ${nth}`, intranet));
    await comeTo("/scans");
    await eventually(async () => (await scans()).length).toBe(25);
    await press("Show earlier scans");
    await eventually(focused).toBe("scan 5");
    expect(await scans()).toHaveLength(30);
    expect(await page.getByRole("button", { name: "Show earlier scans" }).count()).toBe(0);
    // What is loaded stays when something happens.
    await ends(await starts("one more", intranet));
    await eventually(async () => (await scans())[0]).toBe("one more");
    expect(await scans()).toHaveLength(30);
    expect(await focused()).toBe("scan 5");
  });

  test("of a newcomer are none yet, and what cannot be loaded says so and keeps the last", async () => {
    await comeTo("/scans");
    await see("No scan yet.");
    await looksRight("scans-empty");
    const letGo = await holdBack(LIST);
    await page.reload();
    await see("Loading the scans");
    await looksRight("scans-loading");
    letGo();
    await see("No scan yet.");
    await page.route(LIST, (route) => route.abort());
    await page.reload();
    await see("The scans could not be loaded.");
    await looksRight("scans-failed");
    await page.unroute(LIST);
    await tryNow(page);
    await see("No scan yet.");

    await isGiven(2);
    await ends(await starts("kept"));
    await eventually(scans).toEqual(["kept"]);
    await page.route(LIST, (route) => route.abort());
    await starts("not seen");
    await see(/The scans could not be refreshed. Shown as of .* ago; trying again./);
    expect(await scans()).toEqual(["kept"]);
    await looksRight("scans-stale");
    await page.unroute(LIST);
    await eventually(scans).toEqual(["not seen", "kept"]);
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });
});

describe("one scan", () => {
  const steps = () => page.locator(".steps__what").allInnerTexts();

  test("tells all that was booked for it, live, and is stopped from its page", async () => {
    await isGiven(3);
    const scanId = await starts("nightly");
    await comeTo("/scans");
    await follow("nightly");
    await page.waitForURL(`**/scans/${scanId}`);
    await see("1 credit so far, at most 5.");
    expect(await focused()).toBe("nightly");
    expect(await steps()).toEqual(["Hour 1 started"]);
    await see(`scanner-${count}`);
    await looksRight("scan-running");

    await press(/^Pause/);
    await see("by the user");
    const who = `scanner-${count}`;
    await eventually(steps).toEqual(["Hour 1 started", `Paused by ${who}`]);
    await press(/^Resume/);
    await eventually(steps).toHaveLength(3);
    await press(/^Stop/);
    await page.getByRole("dialog").waitFor();
    await looksRight("scan-stopping");
    await inDialog("Stop the scan");
    await see("It cost 1 credit.");
    await eventually(steps).toEqual([
      "Hour 1 started",
      `Paused by ${who}`,
      `Resumed by ${who}`,
      `Ended: stopped by ${who}`,
    ]);
    expect(await focused()).toBe("nightly");
    expect(await page.getByRole("button", { name: /^Stop/ }).count()).toBe(0);
    await looksRight("scan-stopped");
    await fitsAFinger();
    await follow(/all its scans/);
    await page.waitForURL(`**/scans?target=${customer.targetId}`);
    await eventually(scans).toEqual(["nightly"]);
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("that failed through our fault shows what came back", async () => {
    await isGiven(3);
    const scanId = await starts("broken");
    await ends(scanId, { outcome: "failed", fault: "platform" });
    await comeTo(`/scans/${scanId}`);
    await see("It cost nothing: 1 credit came back.");
    expect(await steps()).toEqual([
      "Hour 1 started",
      "Ended: failed through our fault; the credits were returned",
      "Hour 1 returned",
    ]);
    expect(await page.locator(".steps__credits").allInnerTexts()).toEqual(["−1", "0", "+1"]);
    await looksRight("scan-returned");
  });

  test("that nobody knows is told as such, and one that cannot be loaded is tried again", async () => {
    await comeTo("/scans/scan_01m825m6m022f9wfg60j4gnzzz");
    await see("There is no such scan in this account.");
    await looksRight("scan-unknown");
    await isGiven(1);
    const scanId = await starts("late");
    await page.route(DETAILS, (route) => route.abort());
    await page.goto(`/scans/${scanId}`);
    await see("The scan could not be loaded. Trying again…");
    await looksRight("scan-failed-to-load");
    await page.unroute(DETAILS);
    await see("1 credit so far, at most 5.");
    await page.route(DETAILS, (route) => route.abort());
    await ends(scanId);
    await see(/This scan could not be refreshed. Shown as of/);
    await see("1 credit so far, at most 5.");
    await page.unroute(DETAILS);
    await see("It cost 1 credit.");
    expect(visit.complaintsBut(CUT_OFF, NOT_THERE)).toEqual([]);
  });
});

describe("targets", () => {
  const titles = () => page.locator(".target__title").allInnerTexts();
  const item = (title: string) => page.locator(".target", { hasText: title });
  const change = async (title: string, what: string) => {
    await press(`Change ${title}`);
    await page.getByRole("menuitem", { name: what }).click();
    await page.getByRole("dialog").waitFor();
  };

  test("are added, switched, archived and brought back, each told and found again", async () => {
    const first = `scanner-${count}.customers.test`;
    await comeTo("/targets");
    await eventually(titles).toEqual([first]);
    await press("Add a target");
    await inDialog("Add the target");
    await see("Enter an address such as https://shop.company.com.");
    expect(await page.evaluate("document.activeElement.name")).toBe("url");
    await looksRight("target-problem");
    await page.getByLabel("Address").fill(first);
    await inDialog("Add the target");
    await see(/There is already a target for/);
    await page.getByLabel("Address").fill("shop.acme.test");
    await page.getByLabel("Name (optional)").fill("Shop");
    await inDialog("Add the target");
    await see("Shop is added.");
    await eventually(titles).toEqual([first, "Shop"]);
    await eventually(focused).toBe("Shop");
    await looksRight("targets");

    await change("Shop", "Make it unlimited");
    await looksRight("target-switch");
    await inDialog("Make it unlimited");
    await see("Shop is unlimited now.");
    await eventually(() => item("Shop").locator(".tag").innerText()).toBe("Unlimited");
    await change("Shop", "Archive");
    await inDialog("Archive it");
    await see("Shop is archived.");
    await eventually(titles).toEqual([first]);
    await eventually(focused).toBe("Targets");
    await page.locator("summary").click();
    await looksRight("targets-archived");
    await fitsAFinger();
    await press(/^Bring back/);
    await see("Shop is back, with its history.");
    await eventually(titles).toEqual([first, "Shop"]);
    await eventually(focused).toBe("Shop");
    expect(await item("Shop").locator(".tag").innerText()).toBe("Unlimited");
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut(/status of 409/)).toEqual([]);
  });

  test("say what a scan of them is likely to cost, and warn when that is not there", async () => {
    await isGiven(3);
    const target = `https://scanner-${count}.customers.test/`;
    const { url } = product;
    const runner = launchRunner({ url, key: customer.runnerKey, target, command: SCANNER });
    const scanner = await scannerOf(runner);
    await accepted(mutate(customer.person, "sandbox.advance", { by: { minutes: 61 } }));
    process.kill(scanner, "SIGUSR2");
    expect(await runner.ended).toMatchObject({ code: 0 });

    await comeTo("/targets");
    await see("likely 2, at most 5");
    expect(await page.locator(".target__facts dd").allInnerTexts()).toEqual([
      "likely 2, at most 5",
      "2 credits",
      expect.stringContaining("2 credits in 1 scan"),
      expect.stringMatching(/^\d+ \w+ \d+/),
    ]);
    await press(/^Start a scan/);
    await see("Likely 2 credits, at most 5.");
    await see("You have 1 credit, which is likely not enough for a scan of this target.");
    expect(await page.getByLabel("Command line").inputValue()).toContain(`--target ${target} --`);
    await looksRight("target-start");
    await isGiven(2);
    await see("You have 3 credits: enough for what is likely, not for the most it can cost.");
    await isGiven(2);
    await eventually(() => page.locator(".budget__shortfall:not(:empty)").count()).toBe(0);
    await inDialog("Close");

    await follow("Scanmeter");
    await page.waitForURL("**/account");
    await see("Likely 2 credits, at most 5.");
    expect(await page.locator(".no-scan .command").innerText()).toContain(`--target ${target} --`);
    await looksRight("account-with-hint");
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("that cannot be loaded say so, and keep the last answer with its age", async () => {
    await comeTo("/account");
    await page.locator(".balance__number").waitFor();
    const letGo = await holdBack(TARGETS);
    await follow("Targets");
    await see("Loading the targets");
    await looksRight("targets-loading");
    letGo();
    await eventually(titles).toHaveLength(1);
    await page.route(TARGETS, (route) => route.abort());
    await isGiven(1);
    await see(/The targets could not be refreshed. Shown as of/);
    expect(await titles()).toHaveLength(1);
    await looksRight("targets-stale");
    await page.reload();
    await see("The targets could not be loaded.");
    await looksRight("targets-failed");
    await page.unroute(TARGETS);
    await tryNow(page);
    await eventually(titles).toHaveLength(1);
    await change(`scanner-${count}.customers.test`, "Archive");
    await inDialog("Archive it");
    await see("No target yet.");
    await looksRight("targets-empty");
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });
});

async function scannerOf(runner: Program): Promise<number> {
  return Number((await runner.says(/^scanning as \d+$/)).split(" ").at(-1));
}

describe("runner keys", () => {
  const names = () => page.locator(".keys section .keys__name").allInnerTexts();
  const keyShown = () => page.getByLabel("Runner key", { exact: true }).inputValue();

  test("are shown once, with a line that starts a scan, and work until they are revoked", async () => {
    await isGiven(5);
    const first = `scanner-${count}`;
    await comeTo("/runner-keys");
    await page.waitForURL("**/settings/runner-keys");
    await eventually(names).toEqual([first]);
    await press("Create a key");
    await see("Enter a name, such as the machine the runner is on.");
    await looksRight("runner-keys-problem");
    await page.getByLabel("Name").fill("Build machine");
    await press("Create a key");
    await see("It is shown only this once.");
    await eventually(focused).toBe("Build machine: your new runner key");
    const secret = await keyShown();
    await page.getByLabel(/^Command of your scanner/).fill("nmap -sV shop");
    const command = await page.getByLabel("Command line").inputValue();
    expect(command).toContain(`SCANMETER_RUNNER_KEY=${secret} `);
    expect(command).toContain(`--target https://${first}.customers.test/ -- nmap -sV shop`);
    await looksRight("runner-key-made");
    await fitsAFinger();

    await follow("Scans");
    await page.getByRole("dialog").waitFor();
    await looksRight("runner-key-left-behind");
    await inDialog("Stay here");
    expect(await keyShown()).toBe(secret);
    await press("I have copied the key");
    await eventually(names).toEqual(["Build machine", first]);
    expect(await page.getByText(secret).count()).toBe(0);

    const runner = { url: product.url, headers: { authorization: `Bearer ${secret}` } };
    const start = { targetId: customer.targetId, label: "by the new key", idempotencyKey: "one" };
    const { scanId } = await accepted(
      mutate<{ scanId: string }>(runner, "runner.startScan", start),
    );
    await see("within the last minute");
    await looksRight("runner-keys");
    await press("Revoke Build machine");
    await page.getByRole("dialog").waitFor();
    await looksRight("runner-key-revoke");
    await inDialog("Keep the key");
    await press("Revoke Build machine");
    await inDialog("Revoke the key");
    await see("Build machine is revoked.");
    await eventually(names).toEqual([first]);
    expect(await focused()).toBe("Runner keys");
    await eventually(async () => {
      const answer = await mutate(runner, "runner.heartbeat", { scanId });
      return answer.ok ? "heard" : answer.status;
    }).toBe(401);
    await page.locator("summary").click();
    await looksRight("runner-keys-revoked");
    await fitsAFinger();
    await page.goto(`/scans/${scanId}`);
    await see("Build machine");
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("that cannot be loaded say so, and keep the last answer with its age", async () => {
    await comeTo("/account");
    await page.locator(".balance__number").waitFor();
    const letGo = await holdBack(KEYS);
    await press(/^Menu of/);
    await page.getByRole("menuitem", { name: "Runner keys" }).click();
    await see("Loading the keys");
    await looksRight("runner-keys-loading");
    letGo();
    await eventually(names).toHaveLength(1);
    await page.route(KEYS, (route) => route.abort());
    await isGiven(1);
    await see(/The keys could not be refreshed. Shown as of/);
    await looksRight("runner-keys-stale");
    await page.reload();
    await see("The keys could not be loaded.");
    await looksRight("runner-keys-failed");
    await page.unroute(KEYS);
    await tryNow(page);
    await press(`Revoke scanner-${count}`);
    await inDialog("Revoke the key");
    await see("No key works.");
    await looksRight("runner-keys-none");
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });
});

describe("the way between the pages", () => {
  test("needs no mouse", async () => {
    await isGiven(2);
    const scanId = await starts("by hand");
    await comeTo("/account");
    await page.locator(".balance__number").waitFor();
    const { keyboard } = page;
    await tabTo(/^Skip to content$/);
    await tabTo(/^Targets$/);
    await keyboard.press("Enter");
    await page.waitForURL("**/targets");
    await eventually(focused).toBe("Targets");
    await tabTo(/^Add a target$/);
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await keyboard.type("keyboard.acme.test");
    await keyboard.press("Enter");
    await eventually(focused).toBe("keyboard.acme.test");
    await tabTo(/^Change keyboard/);
    await keyboard.press("Enter");
    await keyboard.press("ArrowDown");
    expect(await focused()).toBe("Archive");
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await keyboard.press("Escape");
    await eventually(focused).toMatch(/^Change keyboard/);

    await page.getByRole("link", { name: "Scans", exact: true }).focus();
    await keyboard.press("Enter");
    await page.waitForURL("**/scans");
    await tabTo(/^State/);
    await keyboard.press("r");
    await page.waitForURL("**/scans?state=running");
    await tabTo(/^by hand$/);
    await keyboard.press("Enter");
    await page.waitForURL(`**/scans/${scanId}`);
    await tabTo(/^Stop/);
    await keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(/^Stop the scan$/);
    await keyboard.press("Enter");
    await see("It cost 1 credit.");
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("is there at 400 % on a small screen: all of the menu, and the pages beside it", async () => {
    await comeTo("/scans");
    await see("No scan yet.");
    await page.setViewportSize({ width: 320, height: 256 });
    for (const name of ["Account Overview", "Targets", "Activity"])
      expect(await page.getByRole("link", { name, exact: true }).isVisible()).toBe(true);
    await press(/^Menu of/);
    await page.keyboard.press("End");
    expect(await focused()).toBe("Sign out");
    const { y = 999, height = 0 } =
      (await page.getByRole("menuitem", { name: "Sign out" }).boundingBox()) ?? {};
    expect(y + height).toBeLessThanOrEqual(256);
    const overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(overflow)).toBe(0);
  });
});

describe("a member who owns nothing", () => {
  test("sees it all, may stop a scan, and reads who changes the rest", async () => {
    const mate = await signUpCustomer(product.url, "mate");
    await isGiven(3);
    await joinAccount(mate, { owner: customer, role: "member" });
    await starts("wild");

    await comeTo("/targets", mate.person);
    await see("Only owners of this account can add, switch and archive targets.");
    expect(await page.getByRole("button", { name: /^(Add|Change)/ }).count()).toBe(0);
    await looksRight("targets-member");
    await page.goto("/settings/runner-keys");
    await see("Only owners of this account can create and revoke keys.");
    await see(/^scanner-/);
    expect(await page.getByRole("button", { name: /^(Create|Revoke)/ }).count()).toBe(0);
    await looksRight("runner-keys-member");
    await page.goto("/scans?state=running");
    await follow("wild");
    await press(/^Stop/);
    await inDialog("Stop the scan");
    await see("It cost 1 credit.");
  });
});
