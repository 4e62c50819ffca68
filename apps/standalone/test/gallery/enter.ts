/** Brings a page into the state that a scene describes. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { cookiesOf } from "../support/browser.ts";
import type { Cast } from "./cast.ts";
import type { Scene } from "./scene.ts";

/**
 * What cannot be reached from outside later on: the live lines, for a scene in which they break, and
 * what the page's own policy refused.
 */
const REMEMBER = `
  globalThis.refused = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
    refused.push([violatedDirective, blockedURI, sample].join(" ")));
  globalThis.lines = [];
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      lines.push(this);
    }
  };`;

const WITHIN_MS = 10_000;

export interface Entered {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every address anything was asked of. */
  readonly asked: readonly string[];
}

/** For as long as the context lives, which its owner ends. */
export async function enter(
  browser: Browser,
  url: string,
  cast: Cast,
  scene: Scene,
): Promise<Entered> {
  const context = await browser.newContext({
    baseURL: url,
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(WITHIN_MS);
  if (scene.who !== undefined) await context.addCookies(cookiesOf(cast[scene.who].caller));
  await context.addInitScript(REMEMBER);
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("websocket", (socket) => asked.push(socket.url()));
  if (scene.held) await page.route(scene.held, () => {});
  if (scene.cut) await page.route(scene.cut, (route) => route.abort());
  await page.goto(typeof scene.path === "string" ? scene.path : await scene.path(cast));
  const isAllToCome = !scene.held && !scene.cut;
  if (scene.act) {
    if (isAllToCome) await isAllThere(page);
    await scene.act(page);
  }
  await page.locator(scene.shows).first().waitFor();
  if (isAllToCome) await isAllThere(page);
  return { page, context, asked };
}

async function isAllThere(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}
