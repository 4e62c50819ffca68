import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import type { NoticesView } from "@scanmeter/contracts/notices";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askInstance } from "../src/ops/socket.ts";
import { CUT_OFF, openBrowser, Visit } from "./support/browser.ts";
import { accepted, mutate, query } from "./support/call.ts";
import { type Customer, signUpCustomer } from "./support/customer.ts";
import { joinAccount } from "./support/join.ts";
import { type Launched, launch, stopLaunched } from "./support/launched.ts";
import { NARROW, problemsSeenAt } from "./support/looks.ts";
import { buildProduct } from "./support/product.ts";
import { tryNow } from "./support/try-now.ts";

const LIST = /\/trpc\/[^?]*notices\.list/;
const MARK = /\/trpc\/[^?]*notices\.markRead/;
const SAVE = /\/trpc\/[^?]*notices\.savePreferences/;

let dir: string;
let shop: Launched;
let browser: Browser;
let visit: Visit;
let page: Page;
let customer: Customer;
let count = 0;

beforeAll(async () => {
  await buildProduct("web", "standalone", "local-stripe");
  dir = mkdtempSync(join(tmpdir(), "notices-"));
  shop = await launch({ DATA_DIR: join(dir, "shop"), SANDBOX_SEED: "demo" });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stopLaunched();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  count += 1;
  customer = await signUpCustomer(shop.url, `reader-${count}`);
});

afterEach(() => visit.end());

async function comeTo(path: string, person = customer.person): Promise<void> {
  visit = await Visit.beginAs(browser, person);
  page = visit.page;
  await page.clock.install();
  await page.goto(path);
}

async function isGiven(credits: number, days?: number): Promise<void> {
  const expires = days === undefined ? {} : { expires: (await dayFromNow(days)).toISOString() };
  const grant = { account: customer.accountId, credits, kind: "paid", key: crypto.randomUUID() };
  const answer = await askInstance(join(dir, "shop"), "grant", { ...grant, ...expires });
  expect(answer).toMatchObject({ ok: true });
}

/** A scan that ends within its first hour costs a credit. */
async function spends(credits: number): Promise<void> {
  const { runner, targetId } = customer;
  for (let n = 0; n < credits; n += 1) {
    const start = { targetId, idempotencyKey: crypto.randomUUID() };
    const { scanId } = await accepted(
      mutate<{ scanId: string }>(runner, "runner.startScan", start),
    );
    await accepted(mutate(runner, "runner.finishScan", { scanId, outcome: "completed" }));
  }
}

async function dayFromNow(days: number): Promise<Date> {
  const { now } = await accepted(query<{ now: string }>(customer.person, "sandbox.clock"));
  return new Date(Date.parse(now) + days * 86_400_000);
}

async function savesAutoTopUp(enabled: boolean): Promise<void> {
  const { person } = customer;
  const { revision } = await accepted(query<AutoTopUpView>(person, "autoTopUp.get"));
  const triggers = { outOfCredits: true, beforeExpiry: false };
  const settings = { enabled, quantity: 10, triggers, surface: "overview", revision };
  await accepted(mutate(person, "autoTopUp.save", settings));
}

/** As many notices, without a credit moving. */
async function isTold(notices: number): Promise<void> {
  for (let n = 0; n < notices; n += 1) await savesAutoTopUp(n % 2 === 0);
}

const toldSoFar = async () =>
  (await accepted(query<NoticesView>(customer.person, "notices.list"))).items.map(
    ({ title }) => title,
  );

const bell = (unread: number | "none") =>
  page.getByRole("link", { name: `Notices, ${unread} unread`, exact: true });
const titles = () => page.locator(".notices__title").allTextContents();
const lastItem = () => page.locator(".notices__item").last();
const newOnes = () => page.locator(".notices__title", { hasText: /^New/ }).count();
const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
const follow = (name: string | RegExp) => page.getByRole("link", { name }).click();
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const said = () => page.locator("p.visually-hidden[role=status]").allInnerTexts();
const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 10_000 });
const focused = () => page.evaluate<string>("(document.activeElement?.textContent ?? '').trim()");

const focusedIndex = () =>
  page.evaluate<number>(
    "[...document.querySelectorAll('.notices__title')].indexOf(document.activeElement)",
  );
const expectNew = (notices: number) => eventually(newOnes).toBe(notices);

async function looksRight(name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

describe("what an account is told", () => {
  test("is at the bell of every page by itself, and read once it was seen", async () => {
    await isGiven(7, 20);
    await comeTo("/account");
    await bell("none").or(bell(1)).waitFor();
    await visit.markPage();
    await spends(2);
    await bell(2).waitFor();
    await eventually(said).toContainEqual(expect.stringContaining("5 credits left."));

    await accepted(mutate(customer.person, "sandbox.addTestCard", { card: "pm_card_visa" }));
    await savesAutoTopUp(true);
    await spends(5);
    await eventually(toldSoFar).toHaveLength(6);
    await bell(6).click();
    await page.waitForURL("**/notices");
    await eventually(newOnes).toBe(6);
    expect(await focused()).toBe("Notices");
    const told = await toldSoFar();
    expect(told.map((title) => title.replace("\u00a0", " "))).toEqual([
      "Credits are available again",
      "10 credits bought for EUR 113.05",
      "No credits left",
      "Auto top-up is on",
      "5 credits left",
      "7 credits expire within 20 days",
    ]);
    expect(await titles()).toEqual(told.map((title) => `New: ${title}`));
    await looksRight("notices-new");
    // All of them are in sight, for as long as it takes.
    await page.setViewportSize({ width: 1280, height: 2_000 });
    await bell("none").waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
    // Which ones were new can still be told apart.
    expect(await newOnes()).toBe(6);
    await see(/^6 new$/);

    await follow("Scanmeter");
    await page.waitForURL("**/account");
    await page.goBack();
    await see("Nothing new");
    expect(await newOnes()).toBe(0);
    expect(await page.getByRole("button", { name: "Mark all as read" }).count()).toBe(0);
    await looksRight("notices-read");
    expect(await visit.isStillTheSamePage()).toBe(true);
    await page.reload();
    await see("Nothing new");
    await bell("none").waitFor();
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("stays unread until all of it was in sight", async () => {
    await isTold(12);
    const marked: string[] = [];
    await comeTo("/notices");
    page.on("request", (request) => MARK.test(request.url()) && marked.push(request.url()));
    await expectNew(12);
    // Whoever looks at the first ones for minutes has not seen the last.
    const listed = page.waitForResponse(LIST);
    await page.clock.fastForward(120_000);
    await listed;
    await bell(12).waitFor();
    expect(marked).toEqual([]);
    await lastItem().scrollIntoViewIfNeeded();
    await bell("none").waitFor();
    expect(marked).toHaveLength(1);
    expect(await newOnes()).toBe(12);
  });

  test("and fills more than a page is read at once with a press, and is all there to be looked at", async () => {
    await isTold(45);
    await comeTo("/notices");
    await expectNew(20);
    await see(/^45 new$/);
    await bell(45).waitFor();
    await press("Show older");
    await eventually(() => titles().then(({ length }) => length)).toBe(40);
    // Reading goes on where it stopped.
    await eventually(focused).toMatch(/^New: Auto top-up is/);
    expect(await focusedIndex()).toBe(20);
    await press("Mark all as read");
    await bell("none").waitFor();
    await see("Nothing new");
    expect(await focused()).toBe("Nothing new");
    expect(await newOnes()).toBe(0);
    await press("Show older");
    await eventually(() => titles().then(({ length }) => length)).toBe(45);
    expect(await newOnes()).toBe(0);
    expect(await page.getByRole("button", { name: "Show older" }).count()).toBe(0);
    // What is told next is the first, and those that were loaded stay.
    await savesAutoTopUp(false);
    await page.clock.fastForward(61_000);
    await expectNew(1);
    expect(await titles()).toHaveLength(46);
    await page.locator(".notices__item").first().scrollIntoViewIfNeeded();
    await bell("none").waitFor();
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("by the clock alone is found within a minute, and at once by whoever comes back", async () => {
    await comeTo("/account");
    await bell("none").waitFor();
    await savesAutoTopUp(true);
    await page.clock.fastForward(61_000);
    await bell(1).waitFor();
    await savesAutoTopUp(false);
    await page.evaluate("window.dispatchEvent(new Event('focus'))");
    await bell(2).waitFor();
  });

  test("that cannot be loaded says so, and what is known stays with its age", async () => {
    await isTold(2);
    await comeTo("/account");
    await page.route(LIST, (route) => route.abort());
    await page.getByRole("link", { name: /^Notices/ }).click();
    await see("The notices could not be loaded.");
    await looksRight("notices-failed");
    await page.unroute(LIST);
    await tryNow(page);
    await expectNew(2);

    await page.route(MARK, (route) => route.abort());
    await press("Mark all as read");
    await page.getByRole("alert").waitFor();
    expect(await newOnes()).toBe(2);
    await looksRight("notices-mark-failed");
    await page.unroute(MARK);
    await page.route(LIST, (route) => route.abort());
    await page.clock.fastForward(61_000);
    await see(/The notices could not be refreshed. Shown as of .* ago; trying again./);
    expect(await titles()).toHaveLength(2);
    await looksRight("notices-stale");
    await page.unroute(LIST);
    await eventually(() => page.locator(".stale").count()).toBe(0);
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });

  test("is nothing for a newcomer, and that is said", async () => {
    await comeTo("/notices");
    await see("No notices yet.");
    await looksRight("notices-empty");
    const held: Route[] = [];
    let isHeld = true;
    await page.route(LIST, (route) => (isHeld ? void held.push(route) : route.continue()));
    await page.reload();
    await see("Loading the notices");
    await looksRight("notices-loading");
    isHeld = false;
    for (const route of held) await route.continue();
    await see("No notices yet.");
  });
});

describe("notice settings", () => {
  const mails = (name: RegExp) => page.getByRole("checkbox", { name });
  const lowBalance = () => page.getByLabel("Credits at which the balance is low");

  test("are saved for good, and what is at stake is mailed in any case", async () => {
    await isGiven(10);
    await comeTo("/notices");
    await follow("Notice settings");
    await mails(/^The balance is low/).waitFor();
    expect(await focused()).toBe("Notice settings");
    await visit.markPage();
    expect(await mails(/./).count()).toBe(6);
    expect(await mails(/that failed or need you/).isDisabled()).toBe(true);
    expect(await mails(/that failed or need you/).isChecked()).toBe(true);
    await looksRight("notice-settings");

    await lowBalance().fill("1.5");
    await press("Save");
    await see("Enter a whole number, such as 5.");
    await looksRight("notice-settings-problem");
    await mails(/^Credits are about to expire/).uncheck();
    await lowBalance().fill("12");
    await page.route(SAVE, (route) => route.abort());
    await press("Save");
    await see("The server did not answer.");
    expect(await lowBalance().inputValue()).toBe("12");
    await looksRight("notice-settings-failed");
    await page.unroute(SAVE);

    await follow("All notices");
    await page.getByRole("dialog").waitFor();
    await press("Stay here");
    await press("Save");
    await see(/^Saved\.$/);
    await looksRight("notice-settings-saved");
    // The balance is low by the new measure, and that is told.
    await page.clock.fastForward(61_000);
    await bell(1).waitFor();
    await follow("All notices");
    await see(/10 credits left/);
    await page.goBack();
    expect(await visit.isStillTheSamePage()).toBe(true);
    await page.reload();
    await mails(/^The balance is low/).waitFor();
    expect(await mails(/^Credits are about to expire/).isChecked()).toBe(false);
    expect(await mails(/^The balance is low/).isChecked()).toBe(true);
    expect(await lowBalance().inputValue()).toBe("12");
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });

  test("are found and changed without a mouse", async () => {
    await comeTo("/account");
    await page.locator(".balance__number").waitFor();
    const { keyboard } = page;
    const tabTo = async (text: RegExp) => {
      const name = "(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent";
      for (let presses = 0; presses < 30; presses += 1) {
        await keyboard.press("Tab");
        if (text.test((await page.evaluate<string | undefined>(name)) ?? "")) return;
      }
      throw new Error(`${text} was not reached; the focus is at ${await focused()}`);
    };
    await tabTo(/^Notices, none unread$/);
    await keyboard.press("Enter");
    await page.waitForURL("**/notices");
    await tabTo(/^Notice settings$/);
    await keyboard.press("Enter");
    await page.waitForURL("**/settings/notices");
    await mails(/^The balance is low/).waitFor();
    await tabTo(/^The balance is low/);
    await keyboard.press("Space");
    await tabTo(/^Credits at which/);
    await keyboard.press("Enter");
    await see(/^Saved\.$/);
    await page.reload();
    await mails(/^The balance is low/).waitFor();
    expect(await mails(/^The balance is low/).isChecked()).toBe(false);
  });
});

test("everything that can be pressed is big enough for a finger on the narrowest screen", async () => {
  await isTold(21);
  await comeTo("/notices");
  await expectNew(20);
  await page.setViewportSize(NARROW);
  for (const path of ["/notices", "/settings/notices"]) {
    await page.goto(path);
    await page.locator(".notices .card .button").first().waitFor();
    const targets = page.locator("header a, header button, main a, main button, .choice, .input");
    for (const target of await targets.filter({ visible: true }).all()) {
      const { height = 0 } = (await target.boundingBox()) ?? {};
      expect(height, await target.innerText()).toBeGreaterThanOrEqual(44);
    }
  }
});

describe("a member who has no say in money", () => {
  test("chooses their own mails, and reads what a low balance is and who can change it", async () => {
    const mate = await signUpCustomer(shop.url, "mate");
    await joinAccount(mate, { owner: customer, role: "member" });

    await comeTo("/settings/notices", mate.person);
    await see("The balance of this account counts as low at 5 credits or fewer.");
    await see("Owners and billing managers of this account can change it. Ask ");
    expect(await page.getByRole("textbox").count()).toBe(0);
    expect(await page.getByRole("checkbox").count()).toBe(2);
    await looksRight("notice-settings-member");
    expect(await page.getByText(/^Also mailed to \S/).count()).toBe(2);
    await page.getByRole("checkbox", { name: /^Scans are/ }).uncheck();
    await see(/^Mailed to \S/);
    await press("Save");
    await see(/^Saved\.$/);
    await page.reload();
    await page.getByRole("checkbox", { name: /^Scans are/ }).waitFor();
    expect(await page.getByRole("checkbox", { name: /^Scans are/ }).isChecked()).toBe(false);
    expect(visit.complaintsBut()).toEqual([]);
  });
});
