/** Somebody with a browser who buys again and again, with a watch in their hand. */
import { randomUUID } from "node:crypto";
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { cookiesOf } from "../apps/standalone/test/support/browser.ts";
import { accepted, type Caller, mutate } from "../apps/standalone/test/support/call.ts";
import { signUpCustomer } from "../apps/standalone/test/support/customer.ts";

const CREDITS = 10;

const billing = {
  name: "Ada Example",
  email: "ada@customers.test",
  address: { line1: "Hauptstraße 1", city: "Wien", postalCode: "1010", country: "AT" },
};

/**
 * What the page is told to keep for us, by its own clock: when something was last pressed, and from
 * which frame on Account Overview showed each balance.
 */
const WATCH = `
  globalThis.pressedAt = null;
  globalThis.shownAt = {};
  addEventListener("click", () => { globalThis.pressedAt = Date.now(); }, true);
  requestAnimationFrame(function look() {
    const shown = document.querySelector(".balance__number")?.textContent?.trim();
    if (shown && location.pathname === "/account") globalThis.shownAt[shown] ??= Date.now();
    requestAnimationFrame(look);
  });`;

export class Shopper {
  readonly #url: string;
  readonly #person: Caller;
  readonly #context: BrowserContext;
  readonly #page: Page;
  #balance = 0;

  static async begin(browser: Browser, url: string, card: string): Promise<Shopper> {
    const { person } = await signUpCustomer(url, `shopper-${randomUUID()}`);
    await accepted(mutate(person, "account.saveBilling", billing));
    await accepted(mutate(person, "sandbox.addTestCard", { card }));
    const context = await browser.newContext({ baseURL: url, reducedMotion: "reduce" });
    await context.addCookies(cookiesOf(person));
    await context.addInitScript(WATCH);
    return new Shopper(url, person, context, await context.newPage());
  }

  private constructor(url: string, person: Caller, context: BrowserContext, page: Page) {
    this.#url = url;
    this.#person = person;
    this.#context = context;
    this.#page = page;
  }

  /** From the request for our address that the bank's page leads to, to the balance. */
  async payAtTheBank(): Promise<number> {
    await this.#goToPay();
    await this.#press(/^Pay/);
    await this.#page.waitForURL(/\/authenticate\//);
    const back = this.#page.waitForRequest(
      (request) => request.isNavigationRequest() && request.url().startsWith(this.#url),
    );
    const leftAt = back.then(() => Date.now());
    await this.#press("Approve");
    return (await this.#balanceIsThere()) - (await leftAt);
  }

  /** From the press of Pay to the balance. */
  async pay(): Promise<number> {
    await this.#goToPay();
    await this.#press(/^Pay/);
    const thereAt = await this.#balanceIsThere();
    // The page was never left, so it still knows.
    return thereAt - (await this.#page.evaluate<number>("globalThis.pressedAt"));
  }

  /** From the request for the page to the balance, which is no news. */
  async openOverview(): Promise<number> {
    await this.#page.goto("about:blank");
    const asked = this.#page.waitForRequest((request) => request.isNavigationRequest());
    const askedAt = asked.then(() => Date.now());
    await this.#page.goto("/account", { waitUntil: "commit" });
    return (await this.#look()) - (await askedAt);
  }

  async end(): Promise<void> {
    await this.#context.close();
  }

  async #goToPay(): Promise<void> {
    const order = { quantity: CREDITS, idempotencyKey: randomUUID() };
    const { id } = await accepted(mutate<CheckoutView>(this.#person, "checkout.open", order));
    await this.#page.goto(`/checkout/confirmation?checkout=${id}`);
    await this.#page.getByRole("button", { name: /^Pay/ }).waitFor();
  }

  async #press(name: string | RegExp): Promise<void> {
    await this.#page.getByRole("button", { name }).click({ noWaitAfter: true });
  }

  #balanceIsThere(): Promise<number> {
    this.#balance += CREDITS;
    return this.#look();
  }

  async #look(): Promise<number> {
    const balance = String(this.#balance);
    await this.#page.locator(".balance__number").getByText(balance, { exact: true }).waitFor();
    for (;;) {
      const shownAt = await this.#page.evaluate<number | undefined>(
        `globalThis.shownAt["${balance}"]`,
      );
      if (shownAt !== undefined) return shownAt;
    }
  }
}
