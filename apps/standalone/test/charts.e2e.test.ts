/** What was used and how long the rest lasts, and what expires when, drawn and in numbers. */
import type { QuoteView } from "@scanmeter/contracts/checkout";
import type { UsageView } from "@scanmeter/contracts/usage";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CUT_OFF } from "./support/browser.ts";
import { accepted, mutate, query } from "./support/call.ts";
import { overviewOf } from "./support/customer.ts";
import { Shop } from "./support/shop.ts";
import { Shopper } from "./support/shopper.ts";

const DAY = 86_400_000;

let shop: Shop;
let ada: Shopper;
let scans = 0;

async function scan(count: number): Promise<void> {
  const { runner, targetId } = ada.customer;
  for (let left = count; left > 0; left--) {
    scans += 1;
    const wanted = { targetId, idempotencyKey: `scan-${scans}` };
    const { scanId } = await accepted(
      mutate<{ scanId: string }>(runner, "runner.startScan", wanted),
    );
    await accepted(mutate(runner, "runner.finishScan", { scanId, outcome: "completed" }));
  }
}

const passDays = (days: number) =>
  accepted(mutate(ada.customer.person, "sandbox.advance", { by: { days } }));

const usage = (days = 30) =>
  accepted(query<UsageView>(ada.customer.person, "account.usage", { days }));

const section = (): Locator => ada.page.getByRole("region", { name: "Use and forecast" });
const reading = () => section().locator(".chart__reading").innerText();
const day = () => section().getByRole("slider", { name: "Date to read" });
const drawing = () => section().getByRole("img");
const dayOf = (at: string) => inUtc(Date.parse(at), { month: "long" });
const inUtc = (at: number, style: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    year: "numeric",
    timeZone: "UTC",
    ...style,
  }).format(at);

/** The cells of a table, row by row. */
async function rowsOf(table: Locator): Promise<string[][]> {
  await table.waitFor();
  const rows = await table.locator("tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
}

beforeAll(async () => {
  shop = await Shop.open("charts");
  // Far from both ends of a day, so that none ends meanwhile.
  const noon = (Math.floor((await shop.now()) / DAY) + 1.5) * DAY;
  const sandbox = { url: shop.url, headers: {} };
  await accepted(mutate(sandbox, "sandbox.advance", { to: new Date(noon).toISOString() }));
  ada = await Shopper.come(shop);
});

afterAll(async () => {
  await shop?.close();
});

describe("use and forecast", () => {
  test("of an account without any is a sentence", async () => {
    await ada.see("No credits used yet.");
    expect(await drawing().count()).toBe(0);
  });

  test("are drawn from what was booked, with its expiries, and the table has the same numbers", async () => {
    await ada.isGiven(20, (await shop.now()) + 10 * DAY);
    await ada.isGiven(20);
    for (const count of [3, 0, 1]) {
      await scan(count);
      await passDays(1);
    }
    const { days, forecast } = await usage();
    expect(days.map(({ used }) => used).slice(-4)).toEqual([3, 0, 1, 0]);
    const { forecast: known } = await overviewOf(ada.customer.person);
    expect(forecast.creditsPerDay).toBe(known.creditsPerDay);
    expect(dayOf(forecast.runsOutAt ?? "")).toBe(dayOf(known.runsOutAt ?? ""));

    await ada.open("/account");
    const ends = dayOf(forecast.runsOutAt ?? "");
    await ada.see(`At ${forecast.creditsPerDay} credits a day they last until ${ends}.`);
    const [gone] = forecast.expiring;
    await ada.see(
      `About ${gone?.credits} of them would expire unused on ${dayOf(gone?.at ?? "")}.`,
    );
    expect(await drawing().getAttribute("aria-label")).toMatch(
      /^Balance over 30 days: from 0 to 36 credits today\. At /,
    );
    expect(await reading()).toBe("Today so far: 0 used, 36 credits now.");

    await section().getByText("Show as a table").click();
    const [past, ahead] = [0, 1].map((nth) => section().getByRole("table").nth(nth));
    expect(past && (await rowsOf(past))).toEqual(
      days.map(({ date, used, added, expired, balanceAtEnd }) => [
        inUtc(Date.parse(date), { month: "short" }),
        ...[used, added, expired, balanceAtEnd].map(String),
      ]),
    );
    const foreseen = ahead ? await rowsOf(ahead) : [];
    expect(foreseen.map(([, expired]) => expired)).toEqual([String(gone?.credits), "0"]);
    expect(foreseen.at(-1)).toEqual([
      inUtc(Date.parse(forecast.runsOutAt ?? ""), { month: "short" }),
      "0",
      "0",
    ]);
    await ada.looksRight("charts-as-tables");
    await section().getByText("Show as a table").click();
  });

  test("move with a debit, while somebody looks", async () => {
    await ada.visit.markPage();
    await scan(1);
    await expect.poll(reading).toBe("Today so far: 1 used, 35 credits now.");
    await expect.poll(() => drawing().getAttribute("aria-label")).toMatch(/ to 35 credits today/);
    expect(await ada.visit.isStillTheSamePage()).toBe(true);
  });

  test("are read day by day, with the arrow keys and by pointing", async () => {
    await day().focus();
    for (let steps = 0; steps < 3; steps++) await ada.page.keyboard.press("ArrowLeft");
    const day3 = (await usage()).days.at(-4);
    const words = `${dayOf(day3?.date ?? "")}: 3 used, 40 added, 37 credits at the end of the day.`;
    expect(await reading()).toBe(words);
    expect(await day().getAttribute("aria-valuetext")).toBe(words);
    await day().blur();
    expect(await reading()).toMatch(/^Today so far/);

    const { width = 0 } = (await drawing().boundingBox()) ?? {};
    await drawing().hover({ position: { x: 45, y: 80 } });
    expect(await reading()).toBe(
      `${dayOf((await usage()).days[0]?.date ?? "")}: 0 used, 0 credits at the end of the day.`,
    );
    await drawing().hover({ position: { x: width - 20, y: 80 } });
    expect(await reading()).toMatch(/^Today so far/);
  });

  test("reach further back when asked to", async () => {
    await section().getByLabel("90 days").check();
    await expect.poll(() => drawing().getAttribute("aria-label")).toMatch(/^Balance over 90 days/);
    await section().getByLabel("30 days").check();
    await expect.poll(() => drawing().getAttribute("aria-label")).toMatch(/^Balance over 30 days/);
  });

  test("stay with their age when they cannot be fetched again", async () => {
    await ada.page.route(/account\.usage/, (route) => route.abort());
    await scan(1);
    await ada.see(/^What was used could not be refreshed\. Shown as of /);
    expect(await reading()).toBe("Today so far: 1 used, 35 credits now.");
    await ada.page.unroute(/account\.usage/);
    await expect.poll(reading, { timeout: 10_000 }).toBe("Today so far: 2 used, 34 credits now.");
    expect(await ada.page.getByText("could not be refreshed").count()).toBe(0);
  });
});

describe("dates of lots", () => {
  const lots = () => ada.page.getByRole("region", { name: "Credits by lot" });
  const lines = () => lots().getByRole("img").getAttribute("aria-label");

  test("are lines to each date, and on request to what a purchase today would make of it", async () => {
    const { lots: held } = await overviewOf(ada.customer.person);
    const told = held.map((lot) => `${lot.remaining} paid credits until ${dayOf(lot.expiresAt)}`);
    await expect.poll(lines).toBe(`${told.join("; ")}.`);
    await lots().getByLabel("Show what a purchase today would do to these dates").check();
    const quote = await accepted(
      query<QuoteView>(ada.customer.person, "pricing.quote", { quantity: 1 }),
    );
    expect(quote.extends.length).toBeGreaterThan(0);
    await expect.poll(lines).toContain(` to ${dayOf(quote.newExpiryAt)}`);
    await ada.looksRight("charts-account");
  });

  test("are told before and after on the order, before anything is paid", async () => {
    await ada.open("/checkout/order?quantity=25");
    const effect = ada.page.getByRole("region", { name: "What this order does to your dates" });
    const { extends: moved, newExpiryAt } = await accepted(
      query<QuoteView>(ada.customer.person, "pricing.quote", { quantity: 25 }),
    );
    const after = dayOf(newExpiryAt);
    const told = moved.map(
      ({ credits, from }) => `${credits} paid credits from ${dayOf(from)} to ${after}; `,
    );
    await expect
      .poll(() => effect.getByRole("img").getAttribute("aria-label"))
      .toBe(`${told.join("")}25 new credits until ${after}.`);
    await effect.getByText("Show as a table").click();
    expect((await rowsOf(effect.getByRole("table"))).map(([what]) => what)).toEqual([
      ...moved.map(({ credits }) => `${credits} paid credits`),
      "25 new credits",
    ]);
    await ada.looksRight("charts-order");
    // With nothing bought nothing moves.
    await ada.page.getByLabel("Credits to buy").fill("0");
    await ada.see("No credits, nothing to pay.");
    expect(await effect.count()).toBe(0);
    expect(ada.visit.complaintsBut(CUT_OFF)).toEqual([]);
  });
});
