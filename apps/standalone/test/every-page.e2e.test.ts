/**
 * Every page in every state is for everybody: by day and by night, on any screen, and by itself. And
 * whoever leaves one of them open for weeks finds it as it was.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { dismiss, gather } from "./gallery/cast.ts";
import { Person } from "./gallery/person.ts";
import type { Scene } from "./gallery/scene.ts";
import { scenes } from "./gallery/scenes.ts";
import { Stages } from "./gallery/stages.ts";
import { openBrowser, Visit } from "./support/browser.ts";
import { LongLived, type Memory, restingMemory } from "./support/long-lived.ts";
import { problemsOn } from "./support/looks.ts";
import { outOfReachOn } from "./support/reach.ts";
import { Shop } from "./support/shop.ts";

const nameOf = ({ who }: Scene) => who ?? "nobody";

const MOVING = "document.getAnimations().filter(({ playState }) => playState === 'running').length";

const CHANGES = 1_000;
const ROUTE_CHANGES = 200;
/** What is loaded once and remembered on purpose is there after this. */
const WARM_UP = 60;
/**
 * Without a compiler: the machine code of a page grows for as long as somebody uses it, and none of
 * it is the page's.
 */
const INTERPRETED = "--js-flags=--jitless";

let shop: Shop;
let stages: Stages;

beforeAll(async () => {
  shop = await Shop.open("every-page");
  stages = new Stages(shop, await gather(shop));
});

afterAll(async () => {
  await stages?.close();
  await dismiss();
  await shop?.close();
});

test.concurrent("a page that stays open follows 1,000 changes and 200 walks through the app, and keeps nothing of them", async () => {
  const ada = await Person.signUp(shop, "Lena Long");
  await ada.isGiven(CHANGES);
  await ada.makesKey("CI");
  const targetId = await ada.addsTarget("Shop");
  const browser = await openBrowser(INTERPRETED);
  const visit = await Visit.beginAs(browser, ada.caller);
  const longLived = new LongLived(visit.page);
  await visit.page.goto("/account");
  await visit.page.locator(".connection[data-state=live]").waitFor();
  const devtools = await visit.page.context().newCDPSession(visit.page);

  const uses = async (changes: number, routeChanges: number) => {
    await Promise.all([longLived.walk(routeChanges), longLived.follow(changes, ada, targetId)]);
  };
  await uses(WARM_UP, WARM_UP);
  const before = await restingMemory(devtools);
  await uses(CHANGES, ROUTE_CHANGES);
  // The engine's notes on the shapes of objects may hold on to one page until the next takes its place.
  const after: Memory[] = [];
  for (let time = 0; time < 3; time += 1) {
    after.push(await restingMemory(devtools));
    await longLived.walk(1);
  }
  await browser.close();
  for (const what of ["heapBytes", "nodes", "listeners"] as const) {
    const least = Math.min(...after.map((one) => one[what]));
    expect(least, what).toBeLessThan(1.1 * before[what]);
  }
}, 300_000);

/** One person after the other, so that few of them have to come again. */
const byPerson = scenes.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other)));

test.concurrent.for(byPerson)("$name", async (scene) => {
  const { host } = new URL(shop.url);
  const seen = await stages.show(scene, async ({ page, asked }) => ({
    problems: await problemsOn(page),
    moving: await page.evaluate<number>(MOVING),
    outOfReach: await outOfReachOn(page),
    refusedByPolicy: await page.evaluate<string[]>("refused"),
    elsewhere: asked.filter((url) => new URL(url).host !== host),
  }));
  expect(seen).toEqual({
    problems: [],
    moving: 0,
    outOfReach: [],
    refusedByPolicy: [],
    elsewhere: [],
  });
});
