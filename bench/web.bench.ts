/**
 * What the web app asks of a browser: how much it fetches, how soon the first page can be used on a
 * slow machine, how soon a change is on the screen of somebody with years of activity loaded, and what
 * Lighthouse thinks of it. Beside it a page that can do nothing else.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { Person } from "../apps/standalone/test/gallery/person.ts";
import { Shop } from "../apps/standalone/test/support/shop.ts";
import { report } from "./harness.ts";
import { openBarePage } from "./pages/bare-page.ts";
import { changesRow, STOPWATCH, timesOfChanges } from "./pages/changes.ts";
import { firstLook, firstLookRow, openElsewhere } from "./pages/first-look.ts";
import { lighthouse } from "./pages/lighthouse.ts";
import { hasHistory } from "./pages/long-history.ts";
import { freshPage } from "./pages/visits.ts";
import { weights } from "./pages/weights.ts";

/** Fewer for a quick look, which leaves Lighthouse out. */
const isKept = process.env.RUNS === undefined;
const RUNS = Number(process.env.RUNS ?? 15);
const CHANGES = 100;
const POSTINGS = 10_000;
const LIGHTHOUSE_RUNS = 5;

const LATER = [
  "/scans",
  "/targets",
  "/activity",
  "/notices",
  "/settings",
  "/settings/team",
  "/settings/runner-keys",
  "/settings/notices",
  "/settings/billing",
  "/billing",
  "/checkout/order",
];

const folder = mkdtempSync(join(tmpdir(), "scanmeter-bench-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const shop = await Shop.open("bench-web");
// Whatever ends the benchmark ends what it started.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void shop.close().finally(() => process.exit(1)));
const bare = await openBarePage();

try {
  const { browser } = shop;
  const ada = await Person.signUp(shop, "Ada Marsh");
  await ada.isGiven(2 * CHANGES);
  await ada.makesKey("CI");
  await ada.savesBilling();
  await ada.addsCard();
  await ada.buys(25);
  const targetId = await ada.addsTarget("Shop");
  for (let nth = 0; nth < 10; nth += 1) await ada.scans(targetId, "Nightly scan");

  report("web-weights", await weights(browser, ada, LATER), { isKept });

  const looks = { bare: [], product: [] } as Record<
    string,
    Awaited<ReturnType<typeof firstLook>>[]
  >;
  for (let run = 0; run <= RUNS; run += 1) {
    const bareLook = await firstLook(() => openElsewhere(browser), bare.url);
    const look = await firstLook(() => freshPage(browser, ada), "/account");
    if (run === 0) continue; // Warm-up.
    looks.bare?.push(bareLook);
    looks.product?.push(look);
  }
  const firstLooks = [
    firstLookRow("floor: a bare page, 4 times slower", looks.bare ?? [], true),
    firstLookRow("Account Overview, 4 times slower", looks.product ?? []),
  ];
  if (isKept) firstLooks.push(await lighthouse(ada, LIGHTHOUSE_RUNS, folder));
  report("web-first-look", firstLooks, { isKept });

  const bareTimes = await timesOnBarePage(await openElsewhere(browser));
  await hasHistory(ada, POSTINGS);
  const times = await timesOnActivity(await freshPage(browser, ada), ada, targetId);
  const changes = [
    changesRow("floor: a bare page, message to screen", bareTimes, bareTimes),
    changesRow(`${POSTINGS} lines of activity, frame to screen`, times, bareTimes),
  ];
  report("web-changes", changes, { isKept });
} finally {
  await bare.close();
  await shop.close();
}

async function timesOnBarePage(page: Page): Promise<number[]> {
  await page.addInitScript(STOPWATCH);
  const connected = page.waitForEvent("websocket");
  await page.goto(bare.url);
  await connected;
  const times = await timesOfChanges(page, CHANGES, async (nth) => {
    bare.tell(String(nth));
    return String(nth);
  });
  await page.context().close();
  return times;
}

async function timesOnActivity(page: Page, ada: Person, targetId: string): Promise<number[]> {
  await page.addInitScript(STOPWATCH);
  await page.goto("/activity");
  const lines = page.locator(".posting__text");
  await lines.first().waitFor();
  const older = page.locator(".postings__older button");
  while ((await lines.count()) < POSTINGS) {
    const before = await lines.count();
    await older.click();
    await lines.nth(before).waitFor({ state: "attached" });
  }
  const credits = Number(await page.locator(".chip__number").innerText());
  const times = await timesOfChanges(page, CHANGES, async (nth) => {
    await ada.scans(targetId, "Nightly scan");
    return String(credits - nth);
  });
  await page.context().close();
  return times;
}
