import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { CUT_OFF, openBrowser, Visit } from "./support/browser.ts";
import { signUpCustomer } from "./support/customer.ts";
import { freePort, launcher, stopLaunched } from "./support/launched.ts";
import { problemsSeenAt } from "./support/looks.ts";
import { buildProduct, type Product, runOps, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

/** Outside a sandbox its clock is asked for once and is not there. */
const NO_SANDBOX = /status of (404|207) .*\/trpc\/.*sandbox/;

const ASKED = /account\.balanceAt/;
const DAY = 86_400_000;

let dir: string;
let redis: PrivateRedis;
let sandbox: Product;
let browser: Browser;
let visit: Visit;
let page: Page;
let count = 0;

beforeAll(async () => {
  await buildProduct("web", "standalone");
  dir = mkdtempSync(join(tmpdir(), "time-travel-"));
  redis = await startRedis({ dir: join(dir, "redis") });
  sandbox = await startProduct({ dataDir: join(dir, "data"), redisUrl: redis.url });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stopLaunched();
  await endPrograms();
  await redis?.stop();
  rmSync(dir, { recursive: true, force: true });
});

afterEach(() => visit.end());

/** Somebody with 10 paid credits for a year and 5 free ones for a month. */
async function comeAsCustomer(url: string): Promise<void> {
  count += 1;
  const { email, person } = await signUpCustomer(url, `traveller-${count}`);
  if (url === sandbox.url) {
    await grant(email, "--credits", "10");
    const expires = new Date((await clock()) + 30 * DAY).toISOString();
    await grant(email, "--credits", "5", "--kind", "free", "--expires", expires);
  }
  visit = await Visit.beginAs(browser, person);
  page = visit.page;
  await page.goto("/account");
  await page.locator(".balance__number").waitFor();
  await page.getByRole("heading", { name: "Balance now" }).waitFor();
  await visit.markPage();
}

async function grant(email: string, ...args: readonly string[]): Promise<void> {
  const granted = await runOps(sandbox.dataDir, "grant", "--account", email, ...args);
  expect(granted, granted.errors).toMatchObject({ code: 0 });
}

async function clock(): Promise<number> {
  const answer = await fetch(`${sandbox.url}/trpc/sandbox.clock`);
  const { result } = (await answer.json()) as { result: { data: { now: string } } };
  return Date.parse(result.data.now);
}

/** A day so far from the test clock's, as a date field has it and as the page writes it. */
async function dayFromNow(days: number): Promise<{ text: string; words: string }> {
  // Customers who sign up without a browser have their account in UTC.
  const at = (await clock()) + days * DAY;
  const style = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return {
    text: new Date(at).toISOString().slice(0, 10),
    words: new Intl.DateTimeFormat("en-GB", style).format(at),
  };
}

const slider = () => page.getByRole("slider", { name: "Day" });
const date = () => page.getByLabel("Date", { exact: true });
const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const focused = () => page.evaluate<string>("document.activeElement?.getAttribute('type') ?? ''");
const moveButton = () => page.getByRole("button", { name: "Move the test clock here" });
const said = () => page.locator(".time-travel > [role=status]").innerText();

/** Available, paid, free, frozen, owed. */
async function figures(): Promise<number[]> {
  return (await page.locator(".time-travel__figures dd").allInnerTexts()).map(Number);
}

async function shows(words: string, expected: readonly number[]): Promise<void> {
  await page.getByRole("heading", { name: `Balance ${words}` }).waitFor();
  await expect.poll(figures, { timeout: 10_000 }).toEqual(expected);
}

async function looksRight(name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

describe("the balance of another day", () => {
  beforeEach(() => comeAsCustomer(sandbox.url));

  test("is told for a day ahead, for one behind and for now, with what it depends on", async () => {
    const [soon, far, before] = await Promise.all([60, 400, -1].map(dayFromNow));
    await shows("now", [15, 10, 5, 0, 0]);
    await looksRight("time-travel-now");

    await date().fill(soon?.text ?? "");
    await shows(`on ${soon?.words}`, [10, 10, 0, 0, 0]);
    await see("If nothing is bought or spent until then.");
    await expect
      .poll(said)
      .toBe(`Balance on ${soon?.words}: 10 credits available, 10 paid, 0 free.`);
    await looksRight("time-travel-ahead");
    await date().fill(far?.text ?? "");
    await shows(`on ${far?.words}`, [0, 0, 0, 0, 0]);

    await date().fill(before?.text ?? "");
    await shows(`on ${before?.words}`, [0, 0, 0, 0, 0]);
    await see("From what was booked by then.");
    expect(await moveButton().count()).toBe(0);
    await looksRight("time-travel-behind");

    await press("Back to now");
    await shows("now", [15, 10, 5, 0, 0]);
    expect(await said()).toBe("Balance now: 15 credits available, 10 paid, 5 free.");
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("is found by keyboard alone, day by day and up to both ends, and a date out of reach is told", async () => {
    const [tomorrow, dayAfter] = await Promise.all([1, 2].map(dayFromNow));
    await slider().focus();
    await page.keyboard.press("ArrowRight");
    await shows(`on ${tomorrow?.words}`, [15, 10, 5, 0, 0]);
    expect(await slider().getAttribute("aria-valuetext")).toBe(tomorrow?.words);
    expect(await date().inputValue()).toBe(tomorrow?.text);
    await page.keyboard.press("ArrowRight");
    await shows(`on ${dayAfter?.words}`, [15, 10, 5, 0, 0]);
    await page.keyboard.press("End");
    const last = (await date().getAttribute("max")) ?? "";
    await expect.poll(() => date().inputValue()).toBe(last);
    await expect.poll(figures).toEqual([0, 0, 0, 0, 0]);
    await page.keyboard.press("Home");
    const first = (await date().getAttribute("min")) ?? "";
    await expect.poll(() => date().inputValue()).toBe(first);
    const months = (text: string) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
    expect(months(last) - months(first)).toBe(30);

    await page.keyboard.press("Tab");
    expect(await focused()).toBe("date");
    await page.keyboard.type("01011999");
    expect(await page.getByText(/^Choose a date from/).count()).toBe(0);
    await page.getByRole("heading", { name: "Balance on another day" }).click();
    await page.locator(".time-travel__result[aria-busy=false]").waitFor();
    await see(/^Choose a date from/);
    await looksRight("time-travel-out-of-reach");
    await date().focus();
    // The same in whichever order this browser has days and months.
    const newYear = new Date(await clock()).getUTCFullYear() + 1;
    await page.keyboard.type(`0101${newYear}`);
    await page.getByRole("heading", { name: `Balance on 1 January ${newYear}` }).waitFor();
    expect(await slider().getAttribute("aria-valuetext")).toBe(`1 January ${newYear}`);
    expect(await page.getByText(/^Choose a date from/).count()).toBe(0);

    for (const control of [slider(), date(), page.getByRole("button", { name: "Back to now" })])
      expect((await control.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });

  test("is asked for once the sliding rests, and the last question wins, however late the first is answered", async () => {
    const [early, late] = await Promise.all([20, 60].map(dayFromNow));
    let asked = 0;
    const held: Route[] = [];
    await page.route(ASKED, async (route) => {
      asked += 1;
      if (asked === 1) held.push(route);
      else await route.continue();
    });
    await slider().focus();
    for (let step = 1; step <= 20; step++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => held.length).toBe(1);
    expect(await date().inputValue()).toBe(early?.text);
    // What is known stays meanwhile, under its own name.
    await shows("now", [15, 10, 5, 0, 0]);
    expect(await page.locator(".time-travel__result").getAttribute("aria-busy")).toBe("true");

    await date().fill(late?.text ?? "");
    await shows(`on ${late?.words}`, [10, 10, 0, 0, 0]);
    const answered = page.waitForResponse(ASKED);
    await held[0]?.continue();
    await (await answered).finished();
    await page.evaluate("new Promise((done) => requestAnimationFrame(done))");
    await shows(`on ${late?.words}`, [10, 10, 0, 0, 0]);
    expect(asked).toBe(2);
  });

  test("stays with its date when the next one cannot be fetched, and is fetched when asked again", async () => {
    const [known, unknown] = await Promise.all([20, 60].map(dayFromNow));
    await date().fill(known?.text ?? "");
    await shows(`on ${known?.words}`, [15, 10, 5, 0, 0]);
    await page.route(ASKED, (route) => route.abort());
    await date().fill(unknown?.text ?? "");
    await see(`The balance on ${unknown?.words} could not be loaded.`);
    await shows(`on ${known?.words}`, [15, 10, 5, 0, 0]);
    await looksRight("time-travel-failed");
    await page.unroute(ASKED);
    await press("Try again");
    await shows(`on ${unknown?.words}`, [10, 10, 0, 0, 0]);
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(visit.complaintsBut(CUT_OFF)).toEqual([]);
  });

  test("ahead is what the account has once the test clock is there", async () => {
    const [soon, far] = await Promise.all([60, 400].map(dayFromNow));
    expect(await moveButton().count()).toBe(0);
    await date().fill(soon?.text ?? "");
    await shows(`on ${soon?.words}`, [10, 10, 0, 0, 0]);

    const held: Route[] = [];
    await page.route(/sandbox\.advance/, (route) => void held.push(route));
    await moveButton().click();
    await see("Moving the test clock…");
    await expect.poll(() => held.length).toBe(1);
    await looksRight("time-travel-moving");
    await held[0]?.continue();
    await page.unroute(/sandbox\.advance/);
    await see(`The test clock moved to ${soon?.words}, 23:59 (UTC).`);
    await see(/\d+ things? that (was|were) due on the way ran, in order\.$/);
    await shows("now", [10, 10, 0, 0, 0]);
    expect(await focused()).toBe("range");
    await expect.poll(() => page.locator(".balance__number").innerText()).toBe("10");
    await looksRight("time-travel-moved");

    await date().fill(far?.text ?? "");
    await moveButton().click();
    await see(`The test clock moved to ${far?.words}, 23:59 (UTC).`);
    await shows("now", [0, 0, 0, 0, 0]);
    await see("No credits left");
    await expect
      .poll(() => page.locator(".activity__what").allInnerTexts())
      .toEqual([
        "Credits expired",
        "Credits expired",
        expect.stringContaining("Credits added"),
        expect.stringContaining("Credits added"),
      ]);
    // What was is still there to be looked at.
    await date().fill(soon?.text ?? "");
    await shows(`on ${soon?.words}`, [10, 10, 0, 0, 0]);
    expect(await moveButton().count()).toBe(0);
    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
    expect(await runOps(sandbox.dataDir, "audit")).toMatchObject({ code: 0 });
  });
});

test("where time is real, days are looked at and no clock is offered", async () => {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = { NODE_ENV: "production", AUTH_SECRET: "x".repeat(32), PUBLIC_URL: url };
  const program = launcher({ ...env, DATA_DIR: join(dir, "real"), PORT: String(port) });
  await program.says(/^Scanmeter is ready on /, 60_000);
  await comeAsCustomer(url);
  // By the time the page is quiet it has been told that there is no such clock.
  await page.waitForLoadState("networkidle");
  await slider().focus();
  await page.keyboard.press("PageUp");
  await page.getByRole("heading", { name: /^Balance on \d/ }).waitFor();
  expect(await figures()).toEqual([0, 0, 0, 0, 0]);
  expect(await moveButton().count()).toBe(0);
  expect(await page.getByText("test clock").count()).toBe(0);
  expect(visit.complaintsBut(NO_SANDBOX)).toEqual([]);
});
