/**
 * Brings a page into the states that scenes describe, one after another for the same person. Each begins
 * like a first visit, with nothing stored, in the same room and with nobody's hand on the mouse; only the
 * browser is warm, which is most of what a visit costs.
 */
import type { Browser, BrowserContext, Disposable, Page } from "playwright-core";
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

const FORGET = "localStorage.clear(); sessionStorage.clear();";

const WITHIN_MS = 10_000;
const ROOM = { width: 1280, height: 800 };

export interface Entered {
  readonly page: Page;
  /** Every address anything was asked of. */
  readonly asked: readonly string[];
}

export class Stage {
  readonly who: Scene["who"];
  readonly #cast: Cast;
  readonly #context: BrowserContext;
  readonly #page: Page;
  #asked: string[] = [];

  static async open(
    { browser, url }: { readonly browser: Browser; readonly url: string },
    cast: Cast,
    who: Scene["who"],
  ): Promise<Stage> {
    const context = await browser.newContext({
      baseURL: url,
      locale: "en-GB",
      timezoneId: "UTC",
      viewport: ROOM,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(WITHIN_MS);
    if (who !== undefined) await context.addCookies(cookiesOf(cast[who].caller));
    await context.addInitScript(REMEMBER);
    return new Stage(cast, who, context, await context.newPage());
  }

  private constructor(cast: Cast, who: Scene["who"], context: BrowserContext, page: Page) {
    this.#cast = cast;
    this.who = who;
    this.#context = context;
    this.#page = page;
    page.on("request", (request) => this.#asked.push(request.url()));
    page.on("websocket", (socket) => this.#asked.push(socket.url()));
  }

  /** For as long as nothing else is entered. */
  async enter(scene: Scene): Promise<Entered> {
    const page = this.#page;
    const forgetting = await this.#clear();
    if (scene.held) await page.route(scene.held, () => {});
    if (scene.cut) await page.route(scene.cut, (route) => route.abort());
    const path = typeof scene.path === "string" ? scene.path : await scene.path(this.#cast);
    this.#asked = [];
    await page.goto(path);
    await forgetting.dispose();
    const isAllToCome = !scene.held && !scene.cut;
    if (scene.act) {
      if (isAllToCome) await isAllThere(page);
      await scene.act(page);
    }
    await page.locator(scene.shows).first().waitFor();
    if (isAllToCome) await isAllThere(page);
    return { page, asked: this.#asked };
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  /** What was stored goes in the moment between the page that is left and the one that comes. */
  async #clear(): Promise<Disposable> {
    const page = this.#page;
    await page.unrouteAll();
    await page.mouse.move(-1, -1);
    await page.setViewportSize(ROOM);
    await page.emulateMedia({ colorScheme: "light" });
    return page.addInitScript(FORGET);
  }
}

async function isAllThere(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}
