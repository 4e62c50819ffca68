/** A person's browser: real Chromium, and everything it complained about. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Caller } from "./call.ts";

/**
 * The window's own address bar is a page of hundreds of files that would be loaded anew beside every page
 * of ours; nobody types into it here. The others are Playwright's, named again because the last list counts.
 */
const WITHOUT = [
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxPopup",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  `--disable-features=${WITHOUT.join(",")}`,
];

/** Asked before anybody has signed in: the page cannot know, and the browser tells the console. */
export const NOT_SIGNED_IN = /status of 401 .*\/trpc\/me/;
/** What a browser says by itself about a question that was cut off. */
export const CUT_OFF = /ERR_FAILED/;

export function openBrowser(...more: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...FLAGS, ...more],
  });
}

/** What a browser has of somebody who signed in elsewhere. */
export function cookiesOf({ url, headers }: Caller) {
  return (headers.cookie ?? "").split("; ").map((one) => {
    const [name = "", ...value] = one.split("=");
    return { name, value: value.join("="), url };
  });
}

export class Visit {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("pageerror", (error) => this.#complaints.push(String(error)));
    page.on("console", (message) => {
      if (!["error", "warning"].includes(message.type())) return;
      this.#complaints.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** Of a stranger, who opens the front page. */
  static async begin(browser: Browser, url: string): Promise<Visit> {
    const visit = await Visit.#of(browser, url);
    await visit.page.goto("/");
    return visit;
  }

  /** Of somebody who signed in elsewhere, and has opened no page yet. */
  static async beginAs(browser: Browser, somebody: Caller): Promise<Visit> {
    const visit = await Visit.#of(browser, somebody.url);
    await visit.signIn(somebody);
    return visit;
  }

  static async #of(browser: Browser, url: string): Promise<Visit> {
    const context = await browser.newContext({
      baseURL: url,
      locale: "en-GB",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(10_000);
    return new Visit(context, await context.newPage());
  }

  /** From here on, as somebody who signed in elsewhere. */
  async signIn(somebody: Caller): Promise<void> {
    await this.#context.addCookies(cookiesOf(somebody));
  }

  /** Whatever the console said that nobody expected. */
  complaintsBut(...expected: readonly RegExp[]): readonly string[] {
    return this.#complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
  }

  /** From here on, a reload would be noticed. */
  async markPage(): Promise<void> {
    await this.page.evaluate("globalThis.isStillTheSamePage = true");
  }

  isStillTheSamePage(): Promise<boolean> {
    return this.page.evaluate("globalThis.isStillTheSamePage === true");
  }

  async end(): Promise<void> {
    await this.#context.close();
  }
}
