/** A customer who has asked for credits to be bought in advance, as the web app asks for them. */
import type { AuthenticationView, AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import type { PaymentMethodView, TopUpView } from "@scanmeter/contracts/checkout";
import type { NoticeKind } from "@scanmeter/core/notices";
import { expect } from "vitest";
import { askInstance } from "../../src/ops/socket.ts";
import { type Answer, accepted, type Caller, mutate, query } from "../support/call.ts";
import { BackOffice, SOON } from "./back-office.ts";
import { type Buyer, WORKS } from "./buyer.ts";
import type { GatewayCall, Intent } from "./stripe-side.ts";
import type { World } from "./world.ts";

/** The other notices are about the balance, about scans and about what was saved. */
const aboutPurchases: ReadonlySet<NoticeKind> = new Set([
  "upcoming_top_up",
  "top_up_done",
  "top_up_declined",
  "top_up_failed",
  "top_up_needs_authentication",
  "auto_top_up_suspended",
  "waiting_for_card",
  "consent_needed",
  "limit_reached",
  "kept",
  "written_off",
]);

export interface Wanted {
  readonly enabled?: boolean;
  readonly quantity?: number;
  readonly outOfCredits?: boolean;
  readonly beforeExpiry?: boolean;
  readonly threshold?: number;
  readonly monthlyLimitMinor?: number | null;
  readonly surface?: "overview" | "checkout";
}

export class Subscriber {
  readonly #world: World;
  readonly #office: BackOffice;
  readonly buyer: Buyer;
  #gifts = 0;

  /** With so many credits from nowhere, so that nothing is bought before a test wants it. */
  static async signUp(world: World, credits = 1, card: string | null = WORKS): Promise<Subscriber> {
    const ada = new Subscriber(world, await world.buyer(card));
    if (credits > 0) await ada.isGiven(credits);
    return ada;
  }

  private constructor(world: World, buyer: Buyer) {
    this.#world = world;
    this.#office = new BackOffice(world);
    this.buyer = buyer;
  }

  get person(): Caller {
    return this.buyer.customer.person;
  }

  /** Saves the settings with what is on them, by default: 10 more when none are left. */
  async saves(wanted: Wanted = {}): Promise<AutoTopUpView> {
    const { outOfCredits = true, beforeExpiry = false, ...rest } = wanted;
    const { revision } = await this.sees();
    return accepted(
      mutate<AutoTopUpView>(this.person, "autoTopUp.save", {
        enabled: true,
        quantity: 10,
        surface: "overview",
        ...rest,
        triggers: { outOfCredits, beforeExpiry },
        revision,
      }),
    );
  }

  sees(): Promise<AutoTopUpView> {
    return accepted(query<AutoTopUpView>(this.person, "autoTopUp.get"));
  }

  async isGiven(credits: number, expiresAt?: number): Promise<void> {
    this.#gifts += 1;
    const answer = await askInstance(this.#world.product.dataDir, "grant", {
      account: this.buyer.accountId,
      credits,
      kind: "paid",
      key: `${this.buyer.name}-${this.#gifts}`,
      ...(expiresAt !== undefined && { expires: new Date(expiresAt).toISOString() }),
    });
    expect(answer).toMatchObject({ ok: true });
  }

  spends(credits = 1): Promise<void> {
    return this.#office.spends(this.buyer, credits);
  }

  async balance(): Promise<number> {
    return (await this.#office.balanceOf(this.buyer)).available;
  }

  /** The one that is charged without being asked. */
  async card(): Promise<PaymentMethodView> {
    const cards = await accepted(query<PaymentMethodView[]>(this.person, "paymentMethods.list"));
    const card = cards.find(({ isDefault }) => isDefault);
    if (card === undefined) throw new Error(`${this.buyer.name} has no card.`);
    return card;
  }

  /** What the card will answer, one charge after the other. */
  async cardAnswers(...verdicts: readonly (string | object)[]): Promise<void> {
    const { id } = await this.card();
    await this.#world.stripe.control("POST", `/payment_methods/${id}/next_charges`, { verdicts });
  }

  /** Signed in there as well. */
  async otherBrowser(): Promise<Caller> {
    const { url } = this.person;
    const { email, password } = this.buyer.customer;
    const answer = await fetch(`${url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ email, password }),
    });
    const cookies = answer.headers.getSetCookie().map((one) => one.split(";", 1)[0]);
    return { url, headers: { cookie: cookies.join("; ") } };
  }

  /** Presses "Confirm with your bank" on the page of the mail's link, in whatever browser. */
  async pressesLink(browser: Caller = this.person): Promise<Answer<AuthenticationView>> {
    const { id: topUpId } = await this.buyer.topUp();
    return mutate(browser, "topUps.authenticate", { topUpId });
  }

  /** The same; answers where the bank asks. */
  async opensLink(): Promise<AuthenticationView> {
    return accepted(await this.pressesLink());
  }

  /** Comes back to the page of the link. */
  async returns(): Promise<TopUpView> {
    const { id: topUpId } = await this.buyer.topUp();
    return accepted(query<TopUpView>(this.person, "topUps.get", { topUpId }));
  }

  /** What they were told of automatic purchases by mail, and nothing besides. */
  async hearsOf(...kinds: readonly NoticeKind[]): Promise<void> {
    await expect.poll(() => this.#mailed(), SOON).toEqual(kinds);
  }

  async #mailed(): Promise<NoticeKind[]> {
    const mailed = await this.#world.rows<{ kind: NoticeKind }>(
      `SELECT n.kind FROM mails m JOIN notices n ON n.key = m.data ->> 'noticeKey'
        WHERE m.account_id = ? AND m.template = 'notice' ORDER BY n.at, n.key`,
      this.buyer.accountId,
    );
    return mailed.map(({ kind }) => kind).filter((kind) => aboutPurchases.has(kind));
  }

  /** All the words of their mails, once what is looked for has arrived in one. */
  async readsInMail(words: RegExp): Promise<string> {
    await expect.poll(() => this.#wordsOfMails(), SOON).toMatch(words);
    return this.#wordsOfMails();
  }

  async #wordsOfMails(): Promise<string> {
    const mails = await this.#world.mailsTo(this.buyer);
    const texts = mails.map(async ({ id }) => {
      const headers = { accept: "application/json" };
      const answer = await fetch(`${this.#world.product.url}/sandbox/mailbox/${id}`, { headers });
      return answer.text();
    });
    return (await Promise.all(texts)).join("\n");
  }

  async intents(): Promise<readonly Intent[]> {
    const customerId = await this.buyer.customerId();
    return customerId === null ? [] : this.#world.stripe.intentsOf(customerId);
  }

  /** When the newest purchase was tried, in hours since it first was. */
  async hoursOfTries(): Promise<number[]> {
    const tries = await this.#world.rows<{ at: number }>(
      `SELECT one.value ->> 'firstSentAt' AS at FROM top_ups, json_each(attempts) one
        WHERE top_ups.id = ? AND one.value ->> 'action' = 'confirm' ORDER BY at`,
      (await this.buyer.topUp()).id,
    );
    const first = tries[0]?.at ?? 0;
    return tries.map(({ at }) => Math.round((at - first) / 36_000) / 100);
  }

  /** Confirmations of any of their payments, as the gateway saw them. */
  async tries(): Promise<readonly GatewayCall[]> {
    const ids = new Set((await this.intents()).map(({ id }) => id));
    const all = await this.#world.stripe.calls(/\/confirm$/);
    return all.filter(({ path }) => ids.has(path.split("/").at(-2) ?? ""));
  }
}
