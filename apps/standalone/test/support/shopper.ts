/** A customer at the pages of a shop: what they press and see there, and what they have in the end. */
import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import type { TopUpView } from "@scanmeter/contracts/checkout";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { askInstance } from "../../src/ops/socket.ts";
import { Visit } from "./browser.ts";
import { accepted, mutate, query } from "./call.ts";
import { type Customer, signUpCustomer } from "./customer.ts";
import { problemsSeenAt } from "./looks.ts";
import type { Shop } from "./shop.ts";

export const WORKS = { id: "pm_card_visa", number: "4242424242424242" };
export const ASKS_THE_BANK = { id: "pm_card_authenticationRequired", number: "4000002760003184" };
export const IS_DECLINED = { id: "pm_card_chargeCustomerFail", number: "4000000000000341" };

/** What the page comes to show by itself; the limit only says when to stop hoping on a busy machine. */
const SOON = { timeout: 10_000 };

/** What somebody has when they come. */
interface Belongings {
  readonly credits?: number;
  readonly card?: typeof WORKS;
  /** Switched on at another time; 10 more when none are left, if nothing else is said. */
  readonly autoTopUp?: { readonly quantity?: number; readonly beforeExpiry?: boolean };
}

let count = 0;

export class Shopper {
  readonly #shop: Shop;
  readonly customer: Customer;
  readonly visit: Visit;

  /** Signed up and signed in, with what they have already, on Account Overview. */
  static async come(
    shop: Shop,
    { credits = 0, card, autoTopUp }: Belongings = {},
  ): Promise<Shopper> {
    count += 1;
    const customer = await signUpCustomer(shop.url, `shopper-${count}`);
    const shopper = new Shopper(shop, customer, await Visit.beginAs(shop.browser, customer.person));
    if (credits > 0) await shopper.isGiven(credits);
    if (card) await shopper.hasCard(card);
    if (autoTopUp) await shopper.switchesOn(autoTopUp);
    await shopper.open("/account");
    await shopper.visit.markPage();
    return shopper;
  }

  private constructor(shop: Shop, customer: Customer, visit: Visit) {
    this.#shop = shop;
    this.customer = customer;
    this.visit = visit;
  }

  get page(): Page {
    return this.visit.page;
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path);
    if (path.startsWith("/account")) await this.page.locator(".balance__number").waitFor();
  }

  /** In the same browser, with the same sign-in. */
  async opensAnotherPage(path: string): Promise<Page> {
    const another = await this.page.context().newPage();
    await another.goto(path);
    return another;
  }

  press(name: string | RegExp): Promise<void> {
    return this.page.getByRole("button", { name }).click();
  }

  follow(name: string | RegExp): Promise<void> {
    return this.page.getByRole("link", { name }).click();
  }

  see(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  async fillIn(fields: Readonly<Record<string, string>>, where: Page | Locator = this.page) {
    for (const [label, text] of Object.entries(fields))
      await where.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`)).fill(text);
  }

  /** The page with this heading, read out first. */
  async isOn(title: string): Promise<void> {
    const heading = () => this.page.locator("h1").innerText();
    await expect.poll(heading, SOON).toMatch(new RegExp(`^${title}`));
  }

  focused(): Promise<string> {
    return this.page.evaluate<string>("(document.activeElement?.textContent ?? '').trim()");
  }

  async looksRight(name: string): Promise<void> {
    expect(await problemsSeenAt(this.page, name)).toEqual([]);
  }

  async fillInAddress(): Promise<void> {
    await this.page.getByLabel("Country").selectOption("DE");
    const address = { "Street and number": "Hauptstraße 1", "Postal code": "10115" };
    await this.fillIn({ ...address, City: "Berlin" });
  }

  /** From the billing step to the payment provider's page and back. */
  async addCard({ number }: typeof WORKS): Promise<void> {
    await this.press(/^Add a(nother)? card$/);
    await this.page.waitForURL(/\/pay\//);
    await this.page.locator(`input[name=card][value="${number}"]`).check();
    await this.press("Save card");
    await this.see("The card was added.");
  }

  /** All the way of an order of nothing, from its first step on. */
  async savesCardByOrderOfNothing(card: typeof WORKS): Promise<void> {
    await this.see("No credits, nothing to pay.");
    await this.press("Continue");
    await this.isOn("Billing and Payment");
    await this.fillInAddress();
    await this.addCard(card);
    await this.press("Continue");
    await this.isOn("Confirmation");
    await this.press("Save card");
    await this.page.waitForURL("**/account");
    await this.see("Card saved.");
  }

  async isGiven(credits: number, expiresAt?: number): Promise<void> {
    const { accountId: account } = this.customer;
    const answer = await askInstance(this.#shop.dataDir, "grant", {
      account,
      credits,
      kind: "paid",
      key: crypto.randomUUID(),
      ...(expiresAt !== undefined && { expires: new Date(expiresAt).toISOString() }),
    });
    expect(answer).toMatchObject({ ok: true });
  }

  /** Without going through its pages. */
  async hasCard({ id }: typeof WORKS): Promise<void> {
    await accepted(mutate(this.customer.person, "sandbox.addTestCard", { card: id }));
  }

  async topUps(): Promise<readonly TopUpView[]> {
    const listed = query<{ items: TopUpView[] }>(this.customer.person, "topUps.list");
    return (await accepted(listed)).items;
  }

  autoTopUp(): Promise<AutoTopUpView> {
    return accepted(query<AutoTopUpView>(this.customer.person, "autoTopUp.get"));
  }

  async switchesOn({
    quantity = 10,
    beforeExpiry = false,
  }: NonNullable<Belongings["autoTopUp"]>): Promise<void> {
    const { revision } = await this.autoTopUp();
    await accepted(
      mutate(this.customer.person, "autoTopUp.save", {
        enabled: true,
        quantity,
        triggers: { outOfCredits: true, beforeExpiry },
        surface: "overview",
        revision,
      }),
    );
  }

  /** The number on the page, which nobody reloads. */
  async seesBalance(credits: number): Promise<void> {
    const shown = () => this.page.locator(".balance__number").innerText();
    await expect.poll(shown, SOON).toBe(String(credits));
  }

  /** Exactly these purchases were paid, each by one charge, and nothing else. */
  async hasPaidFor(...credits: readonly number[]): Promise<void> {
    const paid = (await this.topUps()).filter(({ state }) => state === "paid");
    expect(paid.map((topUp) => topUp.credits)).toEqual(credits);
    expect(await this.#shop.paymentsChargedTwice()).toEqual([]);
  }

  /** How automatic top-ups stand, on Account Overview. */
  get status(): Locator {
    return this.page.getByRole("region", { name: "Auto top-up" });
  }

  async seesStatus(state: string): Promise<void> {
    await expect.poll(() => this.status.locator(".tag").innerText(), SOON).toBe(state);
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog", { name: "Auto top-up configuration" });
  }

  leaves(): Promise<void> {
    return this.visit.end();
  }
}
