/** Every page in every state is for everybody: by day and by night, on any screen, and by itself. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cast, dismiss, gather } from "./gallery/cast.ts";
import { enter } from "./gallery/enter.ts";
import { scenes } from "./gallery/scenes.ts";
import { barriersOn, looks, overflowOf, wear } from "./support/looks.ts";
import { outOfReachOn } from "./support/reach.ts";
import { Shop } from "./support/shop.ts";

/** Between them, both sizes and both themes. */
const LOOKS = looks.filter(({ name }) => ["1280-light", "320-dark"].includes(name));
const MOVING = "document.getAnimations().filter(({ playState }) => playState === 'running').length";

let shop: Shop;
let cast: Cast;

beforeAll(async () => {
  shop = await Shop.open("every-page");
  cast = await gather(shop);
});

afterAll(async () => {
  await dismiss();
  await shop?.close();
});

async function barriersIn(page: Page): Promise<string[]> {
  const barriers: string[] = [];
  for (const look of LOOKS) {
    await wear(page, look);
    const found = [...(await overflowOf(page)), ...(await barriersOn(page))];
    barriers.push(...found.map((one) => `${look.name}: ${one}`));
  }
  return barriers;
}

test.concurrent.for(scenes)("$name", async (scene) => {
  const { page, context, asked } = await enter(shop.browser, shop.url, cast, scene);
  const { host } = new URL(shop.url);
  const barriers = await barriersIn(page);
  const moving = await page.evaluate<number>(MOVING);
  const outOfReach = await outOfReachOn(page);
  const refusedByPolicy = await page.evaluate<string[]>("refused");
  const elsewhere = asked.filter((url) => new URL(url).host !== host);
  await context.close();
  expect({ barriers, moving, outOfReach, refusedByPolicy, elsewhere }).toEqual({
    barriers: [],
    moving: 0,
    outOfReach: [],
    refusedByPolicy: [],
    elsewhere: [],
  });
});
