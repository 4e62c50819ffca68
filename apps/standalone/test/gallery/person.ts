/** Somebody with an account of their own, and what they do with it while nobody takes pictures. */

import { fileURLToPath } from "node:url";
import type { AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { askInstance } from "../../src/ops/socket.ts";
import { accepted, type Caller, mutate, query } from "../support/call.ts";
import { overviewOf, signUpPerson } from "../support/customer.ts";
import { launchRunner } from "../support/product.ts";
import type { Program } from "../support/program.ts";
import type { Shop } from "../support/shop.ts";

const SCANNER = [
  process.execPath,
  fileURLToPath(new URL("../support/scanner.mjs", import.meta.url)),
];

const ARRIVES_WITHIN_MS = 10_000;

export class Person {
  readonly #shop: Shop;
  readonly name: string;
  readonly email: string;
  readonly caller: Caller;
  readonly accountId: string;
  #runnerKey = "";

  static async signUp(shop: Shop, name: string): Promise<Person> {
    const email = emailOf(name);
    const caller = await signUpPerson(shop.url, name, email);
    const { accountId } = await overviewOf(caller);
    return new Person(shop, { name, email, caller, accountId });
  }

  private constructor(
    shop: Shop,
    of: { name: string; email: string; caller: Caller; accountId: string },
  ) {
    this.#shop = shop;
    this.name = of.name;
    this.email = of.email;
    this.caller = of.caller;
    this.accountId = of.accountId;
  }

  does<Data>(what: string, input: object): Promise<Data> {
    return accepted(mutate<Data>(this.caller, what, input));
  }

  asks<Data>(what: string, input?: object): Promise<Data> {
    return accepted(query<Data>(this.caller, what, input));
  }

  async isGiven(credits: number, more: { kind?: "free" | "paid"; expires?: string } = {}) {
    const key = crypto.randomUUID();
    const grant = { account: this.accountId, credits, kind: "paid", key, ...more };
    const answer = await askInstance(this.#shop.dataDir, "grant", grant);
    if (!answer?.ok) throw new Error(`No credits for ${this.name}: ${answer?.said}`);
  }

  async addsTarget(name: string, mode: "credits" | "unlimited" = "credits"): Promise<string> {
    const url = addressOf(name);
    return (await this.does<{ id: string }>("targets.create", { name, url, mode })).id;
  }

  async makesKey(name: string): Promise<void> {
    this.#runnerKey = (await this.does<{ secret: string }>("runnerKeys.create", { name })).secret;
  }

  /** From a runner that stays, so that the scan goes on when the clock is moved. */
  async runs(label: string, target: string): Promise<Program> {
    const { url } = this.#shop;
    const where = { url, key: this.#runnerKey, target: addressOf(target) };
    const runner = launchRunner({ ...where, label, command: SCANNER });
    await runner.says(/^scanning as \d+$/);
    return runner;
  }

  /** From nobody who would keep the scan alive. */
  async startsScan(targetId: string, label: string): Promise<string> {
    const start = { targetId, label, idempotencyKey: crypto.randomUUID() };
    const scan = mutate<{ scanId: string }>(this.runner, "runner.startScan", start);
    return (await accepted(scan)).scanId;
  }

  async endsScan(scanId: string, how: object = { outcome: "completed" }): Promise<void> {
    await accepted(mutate(this.runner, "runner.finishScan", { scanId, ...how }));
  }

  /** A scan that ends within its first hour costs a credit. */
  async scans(targetId: string, label: string, how?: object): Promise<void> {
    await this.endsScan(await this.startsScan(targetId, label), how);
  }

  async savesBilling(): Promise<void> {
    const address = { line1: "Rua do Alecrim 12", city: "Lisboa", postalCode: "1200-017" };
    await this.does("account.saveBilling", {
      name: "Northgate Security Lda",
      email: "invoices@northgate.test",
      address: { ...address, country: "PT" },
    });
  }

  async addsCard(card = "pm_card_visa"): Promise<void> {
    await this.does("sandbox.addTestCard", { card });
  }

  async orders(quantity: number): Promise<CheckoutView> {
    return this.does("checkout.open", { quantity, idempotencyKey: crypto.randomUUID() });
  }

  async buys(quantity: number): Promise<CheckoutView> {
    const { id, quote } = await this.orders(quantity);
    return this.pays({ id, totalMinor: quote.totalMinor });
  }

  pays({ id, totalMinor }: { id: string; totalMinor: number }): Promise<CheckoutView> {
    return this.does("checkout.finalize", { checkoutId: id, expectedTotalMinor: totalMinor });
  }

  /** What was bought without them arrives by itself. */
  async has(credits: number): Promise<void> {
    const deadline = Date.now() + ARRIVES_WITHIN_MS;
    while ((await overviewOf(this.caller)).balance.available !== credits) {
      if (Date.now() > deadline) throw new Error(`${this.name} never had ${credits} credits.`);
    }
  }

  /** The secret in the newest mailed link to join somebody. */
  async readsInvitation(): Promise<string> {
    const headers = { accept: "application/json" };
    const inbox = `${this.#shop.url}/sandbox/mailbox`;
    const read = async <Data>(path: string) =>
      (await (await fetch(`${inbox}${path}`, { headers })).json()) as Data;
    const deadline = Date.now() + ARRIVES_WITHIN_MS;
    while (Date.now() < deadline) {
      const mails = await read<{ id: string; to: string }[]>("");
      for (const { id } of mails.filter(({ to }) => to.includes(this.email))) {
        const { links } = await read<{ links: string[] }>(`/${id}`);
        const link = links.find((one) => one.includes("/join/"));
        if (link) return decodeURIComponent(link.slice(link.lastIndexOf("/") + 1));
      }
    }
    throw new Error(`${this.name} was not invited.`);
  }

  async toppedUpBy(quantity: number, more: object = {}): Promise<void> {
    const { revision } = await this.asks<AutoTopUpView>("autoTopUp.get");
    const triggers = { outOfCredits: true, beforeExpiry: false };
    const settings = { enabled: true, quantity, triggers, surface: "overview", revision };
    await this.does("autoTopUp.save", { ...settings, ...more });
  }

  /** With the key made last. */
  get runner(): Caller {
    const { url } = this.#shop;
    return { url, headers: { authorization: `Bearer ${this.#runnerKey}` } };
  }
}

const emailOf = (name: string) => `${name.toLowerCase().replaceAll(" ", ".")}@northgate.test`;
const addressOf = (target: string) =>
  `https://${target.toLowerCase().replaceAll(" ", "-")}.northgate.test/`;
