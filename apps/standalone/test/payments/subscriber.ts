/** A customer who has asked for credits to be bought in advance, as the web app asks for them. */
import type { AuthenticationView, AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import type { PaymentMethodView, TopUpView } from "@scanmeter/contracts/checkout";
import { expect } from "vitest";
import { askInstance } from "../../src/ops/socket.ts";
import { accepted, type Caller, mutate, query } from "../support/call.ts";
import { BackOffice } from "./back-office.ts";
import { type Buyer, WORKS } from "./buyer.ts";
import type { GatewayCall, Intent } from "./stripe-side.ts";
import type { World } from "./world.ts";

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

  /** Opens the link of the mail, in whatever browser; answers where the bank asks. */
  async opensLink(browser: Caller = this.person): Promise<AuthenticationView> {
    const { id: topUpId } = await this.buyer.topUp();
    return accepted(mutate<AuthenticationView>(browser, "topUps.authenticate", { topUpId }));
  }

  /** Comes back to the page of the link. */
  async returns(): Promise<TopUpView> {
    const { id: topUpId } = await this.buyer.topUp();
    return accepted(query<TopUpView>(this.person, "topUps.get", { topUpId }));
  }

  async intents(): Promise<readonly Intent[]> {
    const customerId = await this.buyer.customerId();
    return customerId === null ? [] : this.#world.stripe.intentsOf(customerId);
  }

  /** Confirmations of any of their payments, as the gateway saw them. */
  async tries(): Promise<readonly GatewayCall[]> {
    const ids = new Set((await this.intents()).map(({ id }) => id));
    const all = await this.#world.stripe.calls(/\/confirm$/);
    return all.filter(({ path }) => ids.has(path.split("/").at(-2) ?? ""));
  }
}
