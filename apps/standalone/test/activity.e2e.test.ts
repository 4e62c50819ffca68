/** The ledger as its customer reads it: what was booked, why, as a file, and whether it is whole. */
import { readFile } from "node:fs/promises";
import type { LedgerCheckView } from "@scanmeter/contracts/activity";
import type { Download, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { askInstance } from "../src/ops/socket.ts";
import { CUT_OFF, cookiesOf } from "./support/browser.ts";
import { accepted, mutate } from "./support/call.ts";
import { Shop } from "./support/shop.ts";
import { Shopper, WORKS } from "./support/shopper.ts";
import { tryNow } from "./support/try-now.ts";

const LIST = /\/trpc\/[^?]*account\.activity/;
const DETAILS = /\/trpc\/[^?]*account\.posting/;
const CHECK = /\/trpc\/[^?]*account\.checkLedger/;

let shop: Shop;
let shopper: Shopper;
let page: Page;

beforeAll(async () => {
  shop = await Shop.open("activity");
});
afterAll(() => shop?.close());
afterEach(() => shopper?.leaves());

/** What the page comes to show by itself; the limit only says when to stop hoping on a busy machine. */
const eventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 10_000 });

const lines = () => page.locator(".posting__text");
const texts = () => lines().allInnerTexts();
const showsLines = (...expected: readonly string[]) => eventually(texts).toEqual(expected);
const line = (text: string | RegExp) => page.getByRole("button", { name: text }).first();
const row = (text: string) => page.locator("tr.posting", { hasText: text }).first();
const details = () => page.locator(".posting__details");
const proof = () => page.locator(".ledger-check__summary").innerText();

async function comes(about: Parameters<typeof Shopper.come>[1] = {}): Promise<void> {
  shopper = await Shopper.come(shop, about);
  ({ page } = shopper);
}

/** Scans that end within their first hour cost a credit each. */
async function spends(credits: number, label = "nightly"): Promise<void> {
  const { runner, targetId } = shopper.customer;
  for (let n = 0; n < credits; n += 1) {
    const start = { targetId, idempotencyKey: crypto.randomUUID(), label };
    const { scanId } = await accepted(
      mutate<{ scanId: string }>(runner, "runner.startScan", start),
    );
    await accepted(mutate(runner, "runner.finishScan", { scanId, outcome: "completed" }));
  }
}

async function adjusted(credits: number, reason: string): Promise<void> {
  const { accountId: account } = shopper.customer;
  const command = { account, credits, reason, key: crypto.randomUUID() };
  expect(await askInstance(shop.dataDir, "adjust", command)).toMatchObject({ ok: true });
}

/** Ten more at once, when so few are left. */
async function buysAt(threshold: number): Promise<void> {
  const { person } = shopper.customer;
  const { revision } = await shopper.autoTopUp();
  const triggers = { outOfCredits: true, beforeExpiry: false };
  const settings = { enabled: true, quantity: 10, triggers, threshold };
  await accepted(mutate(person, "autoTopUp.save", { ...settings, surface: "overview", revision }));
}

async function downloaded(press: () => Promise<void>): Promise<[Download, string]> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return [download, await readFile(await download.path(), "utf8")];
}

async function answersWith<Data>(what: RegExp, change: (data: Data) => void): Promise<void> {
  await page.route(what, async (route) => {
    const response = await route.fetch();
    const answers = (await response.json()) as { result?: { data: Data } }[];
    for (const { result } of answers) if (result) change(result.data);
    await route.fulfill({ response, json: answers });
  });
}

describe("the ledger", () => {
  test("lists every posting with its reason, its lots, its scan and its invoice, and leads there", async () => {
    await comes({ credits: 3, card: WORKS });
    await buysAt(1);
    await spends(2);
    await shopper.seesBalance(11);
    await adjusted(3, "sorry for the outage");
    await adjusted(-1, "one too many");

    await page.getByRole("link", { name: "All activity" }).click();
    await page.waitForURL("**/activity");
    await shopper.isOn("Activity");
    await showsLines(
      "Adjusted: one too many",
      "Credits added: sorry for the outage",
      "Expiry moved",
      "Credits added: purchase",
      "Scan of nightly ended: completed",
      "Hour 1 of nightly",
      "Scan of nightly ended: completed",
      "Hour 1 of nightly",
      "Credits added: operator grant",
    );
    expect(await row("one too many").innerText()).toMatch(
      /Correction\s+Adjusted: one too many\s+Adjustment, free\s+−1\s+13$/,
    );
    await eventually(proof).toMatch(/^All 9 postings are as they were booked, checked \d/);
    await shopper.looksRight("activity");

    await line("Credits added: purchase").click();
    await eventually(() => details().innerText()).toMatch(
      /A purchase was paid, and these are its credits\.\s+10 credits into Purchase, paid, until /,
    );
    await line("Expiry moved").click();
    await eventually(() => details().first().innerText()).toMatch(/its date moved from .* to /);
    await page.locator(".ledger-check__summary").click();
    await shopper.looksRight("activity-explained");
    const [invoice, pdf] = await downloaded(() =>
      row("Credits added: purchase")
        .getByRole("link", { name: /^Invoice \d{4}-\d{6}$/ })
        .click(),
    );
    expect(invoice.suggestedFilename()).toMatch(/^scanmeter-\d{4}-\d{6}\.pdf$/);
    expect(pdf).toMatch(/^%PDF-/);

    const [ledger, jsonl] = await downloaded(() => shopper.follow("Download the ledger"));
    expect(ledger.suggestedFilename()).toMatch(/^scanmeter-ledger-.*\.jsonl$/);
    const last = JSON.parse(jsonl.trimEnd().split("\n").at(-1) ?? "");
    expect(await page.locator(".ledger-check__more code").first().innerText()).toBe(last.hash);

    await row("Hour 1 of nightly")
      .getByRole("link", { name: /^Scan of/ })
      .click();
    await page.waitForURL("**/scans/scan_*");
    expect(shopper.visit.complaintsBut()).toEqual([]);
  });

  test("is filtered by what stands in the address, which survives a reload, and so is its file", async () => {
    await comes({ credits: 5 });
    await spends(2);
    await shopper.open("/activity");
    await eventually(texts).toHaveLength(5);
    await page.getByLabel("What", { exact: true }).selectOption("Hours of scanning");
    await showsLines("Hour 1 of nightly", "Hour 1 of nightly");
    expect(new URL(page.url()).search).toBe("?kinds=hours");
    const today = new Date(await shop.now()).toISOString().slice(0, 10);
    await page.getByLabel("First day").fill(today);
    await page.waitForURL(`**/activity?kinds=hours&from=${today}`);
    await showsLines("Hour 1 of nightly", "Hour 1 of nightly");
    await shopper.looksRight("activity-filtered");

    await page.reload();
    await showsLines("Hour 1 of nightly", "Hour 1 of nightly");
    expect(await page.getByLabel("What", { exact: true }).inputValue()).toBe("hours");
    expect(await page.getByLabel("First day").inputValue()).toBe(today);
    const [download, csv] = await downloaded(() => shopper.follow("Download as CSV"));
    expect(download.suggestedFilename()).toMatch(/^scanmeter-activity-.*\.csv$/);
    const [head, ...rest] = csv.trimEnd().split("\r\n");
    expect(head).toMatch(/^posting,booked_at,type,/);
    expect(rest.map((one) => one.split(",")[2])).toEqual(["debit", "debit"]);

    // Half a date while somebody types is no filter, and what is left half is none either.
    const last = page.getByLabel("Last day");
    await last.focus();
    await page.keyboard.type("0");
    await showsLines("Hour 1 of nightly", "Hour 1 of nightly");
    await last.fill("2001-01-01");
    await shopper.see("The first day is after the last one, so nothing can be between them.");
    await shopper.looksRight("activity-nothing-found");
    await page.getByRole("button", { name: "Show everything" }).last().click();
    await eventually(texts).toHaveLength(5);
    expect(new URL(page.url()).search).toBe("");
    await page.goBack();
    await shopper.see("The first day is after the last one");
    expect(await last.inputValue()).toBe("2001-01-01");
    expect(shopper.visit.complaintsBut()).toEqual([]);
  });

  test("gets new lines on top by itself, and what is open and focused stays as it is", async () => {
    await comes({ credits: 5 });
    await shopper.open("/activity");
    await shopper.visit.markPage();
    await showsLines("Credits added: operator grant");
    await line("Credits added").click();
    await details().waitFor();
    await spends(1);
    await showsLines(
      "Scan of nightly ended: completed",
      "Hour 1 of nightly",
      "Credits added: operator grant",
    );
    expect(await shopper.focused()).toBe("Credits added: operator grant");
    expect(await details().innerText()).toContain("The operator added these credits.");
    // With a filter, only what it lets through.
    await page.getByLabel("What", { exact: true }).selectOption("Corrections");
    await shopper.see("Nothing was booked that fits this choice.");
    await adjusted(1, "not in this list");
    await adjusted(-1, "in this list");
    await showsLines("Adjusted: in this list");
    expect(await shopper.visit.isStillTheSamePage()).toBe(true);
    expect(shopper.visit.complaintsBut()).toEqual([]);
  });

  test("that is long comes in pages, and reading goes on where it stopped", async () => {
    await comes({ credits: 40 });
    await spends(30);
    await shopper.open("/activity");
    await eventually(texts).toHaveLength(50);
    await shopper.press("Show older");
    await eventually(texts).toHaveLength(61);
    expect(await page.getByRole("button", { name: "Show older" }).count()).toBe(0);
    const focused =
      "[...document.querySelectorAll('.posting__text')].indexOf(document.activeElement)";
    expect(await page.evaluate<number>(focused)).toBe(50);
    await eventually(proof).toContain("All 61 postings are as they were booked");
  });

  test("that cannot be loaded says so, and what is known stays with its age", async () => {
    await comes({ credits: 3 });
    await page.route(LIST, (route) => route.abort());
    await shopper.open("/activity");
    await shopper.see("The activity could not be loaded.");
    await shopper.looksRight("activity-failed");
    await page.unroute(LIST);
    await tryNow(shopper.page);
    await showsLines("Credits added: operator grant");

    await page.route(DETAILS, (route) => route.abort());
    await line("Credits added").click();
    await shopper.see("It could not be loaded. Trying again…");
    await page.unroute(DETAILS);
    await details().waitFor();
    await page.route(LIST, (route) => route.abort());
    await spends(1);
    await shopper.see(/The activity could not be refreshed. Shown as of .* ago; trying again./);
    await showsLines("Credits added: operator grant");
    await shopper.looksRight("activity-stale");
    await page.unroute(LIST);
    await eventually(texts).toHaveLength(3);
    await eventually(() => page.locator(".stale").count()).toBe(0);
    expect(shopper.visit.complaintsBut(CUT_OFF)).toEqual([]);
  });

  test("is grey while it loads, and of a newcomer says what will be there", async () => {
    await comes();
    let goOn = () => {};
    const looked = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    await page.route(LIST, (route) => looked.then(() => route.continue()));
    await page.goto("/activity");
    await shopper.see("Loading the activity");
    await shopper.looksRight("activity-loading");
    goOn();
    await shopper.see("Nothing has happened yet.");
    await eventually(proof).toBe("Nothing is booked yet, so there is nothing to check.");
    await shopper.looksRight("activity-empty");
  });

  test("that is not in order says where, and a long one how far it was followed", async () => {
    await comes({ credits: 3 });
    let answer: Partial<LedgerCheckView> = { checked: 5_000, postings: 12_000 };
    await answersWith<LedgerCheckView>(CHECK, (data) => Object.assign(data, answer));
    await shopper.open("/activity");
    await eventually(proof).toBe(
      "Checking the ledger: 5,000 of 12,000 postings so far, all in order.",
    );
    answer = { broken: "17 is not what was booked", checked: 16 };
    await eventually(proof).toMatch(
      /^The ledger is not in order: posting 17 is not what was booked/,
    );
    await page.locator(".ledger-check__summary").click();
    await shopper.looksRight("activity-broken");
  });

  test("is read, explained, filtered and downloaded without a mouse", async () => {
    await comes({ credits: 5 });
    await spends(1);
    await page.goto("/account");
    await page.locator(".balance__number").waitFor();
    const { keyboard } = page;
    const name = "(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent";
    const tabTo = async (text: RegExp) => {
      for (let presses = 0; presses < 60; presses += 1) {
        await keyboard.press("Tab");
        if (text.test((await page.evaluate<string | undefined>(name)) ?? "")) return;
      }
      throw new Error(`${text} was not reached; the focus is at ${await shopper.focused()}`);
    };
    await tabTo(/^Activity$/);
    await keyboard.press("Enter");
    await shopper.isOn("Activity");
    expect(await shopper.focused()).toBe("Activity");
    await eventually(texts).toHaveLength(3);
    await tabTo(/^What$/);
    await keyboard.press("h");
    await showsLines("Hour 1 of nightly");
    await tabTo(/^Hour 1 of nightly$/);
    await keyboard.press("Enter");
    await details().waitFor();
    await keyboard.press("Space");
    await eventually(() => details().count()).toBe(0);
    await page.goto("/activity");
    await eventually(texts).toHaveLength(3);
    await tabTo(/^Download as CSV$/);
    const [download] = await downloaded(() => keyboard.press("Enter"));
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
  });

  test("keeps dates in their column where they are written longest", async () => {
    await comes({ credits: 5 });
    const context = await shop.browser.newContext({ baseURL: shop.url, locale: "en-US" });
    await context.addCookies(cookiesOf(shopper.customer.person));
    const american = await context.newPage();
    await american.goto("/activity");
    const dates = american.locator(".posting__when time");
    await dates.first().waitFor();
    expect(await dates.first().innerText()).toMatch(/\b[AP]M$/);
    const inside = `[...document.querySelectorAll(".posting__when time")]
      .every((one) => one.offsetWidth <= one.parentElement.clientWidth)`;
    expect(await american.evaluate(inside)).toBe(true);
    await context.close();
  });

  test("has everything big enough for a finger on the narrowest screen, and is a table to a screen reader", async () => {
    await comes({ credits: 5 });
    await spends(1);
    await shopper.open("/activity");
    await eventually(texts).toHaveLength(3);
    expect(await page.getByRole("columnheader").allInnerTexts()).toEqual([
      "When",
      "Type",
      "What",
      "About, by whom",
      "Lot",
      "Credits",
      "Balance after",
    ]);
    expect(await page.getByRole("row").count()).toBe(4);
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const roles = nodes.map(({ role }) => role?.value);
    expect(roles.filter((role) => role === "row")).toHaveLength(4);
    expect(roles.filter((role) => role === "rowheader")).toHaveLength(3);
    expect(roles.filter((role) => role === "columnheader")).toHaveLength(7);

    await page.setViewportSize({ width: 320, height: 640 });
    const small = await page.evaluate<string[]>(`[...document.querySelectorAll(
      "main a, main button, main input, main select, main summary")].filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width > 0 && (width < 24 || height < 44);
      }).map((element) => element.outerHTML)`);
    expect(small).toEqual([]);
  });
});
