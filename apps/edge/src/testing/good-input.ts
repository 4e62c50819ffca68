/** For every procedure an input that is fine, so that each test can spoil or send it in its own way. */
import type { ProcedurePath } from "./procedures.ts";

/** What belongs to an account and is named in inputs. */
export interface Things {
  readonly targetId: string;
  readonly scanId: string;
  readonly runnerKeyId: string;
  readonly checkoutId: string;
  readonly topUpId: string;
  readonly paymentMethodId: string;
  readonly accountId: string;
  readonly invitationId: string;
  /** Somebody who acts for the account beside its owner. */
  readonly userId: string;
}

export type Fields = Record<string, unknown>;

const at = "2026-01-01T00:00:00Z";

export const goodBilling = {
  name: "Ada Example",
  company: "Example Lda",
  email: "ada@example.test",
  address: {
    line1: "1 Sample Street",
    line2: "Second floor",
    city: "Lisbon",
    postalCode: "1000-001",
    state: "Lisbon",
    country: "PT",
  },
  taxId: "PT 501 964 843",
};

const goodAutoTopUp = {
  enabled: true,
  quantity: 10,
  triggers: { outOfCredits: true, beforeExpiry: true },
  threshold: 2,
  monthlyLimitMinor: 50_000,
};

/** With every field there is; null for a procedure that takes nothing. */
export const goodInput: Record<ProcedurePath, ((things: Things) => Fields) | null> = {
  me: null,
  "account.overview": null,
  "account.live": () => ({ lastEventId: "1" }),
  "account.usage": () => ({ days: 90 }),
  "account.balanceAt": () => ({ at }),
  "account.activity": () => ({ cursor: "1", limit: 10, kinds: ["debit"], from: at, to: at }),
  "account.posting": () => ({ version: 1 }),
  "account.checkLedger": null,
  "account.billing": null,
  "account.saveBilling": () => goodBilling,
  "account.setWhenOutOfCredits": () => ({ value: "finish" }),
  "account.saveSettings": () => ({ name: "Acme", timeZone: "Asia/Tokyo", currency: "EUR" }),
  "accounts.list": null,
  "accounts.switchTo": ({ accountId }) => ({ accountId }),
  "members.list": null,
  "members.invite": () => ({ email: "new@example.test", role: "billing" }),
  "members.withdraw": ({ invitationId }) => ({ invitationId }),
  "members.setRole": ({ userId }) => ({ userId, role: "billing" }),
  "members.remove": ({ userId }) => ({ userId }),
  "members.offer": () => ({ token: "nobodys" }),
  "members.accept": () => ({ token: "nobodys" }),
  "pricing.tiers": null,
  "pricing.quote": () => ({ quantity: 10 }),
  "autoTopUp.get": null,
  "autoTopUp.save": () => ({
    ...goodAutoTopUp,
    surface: "overview",
    revision: 0,
    expectedTotalMinor: 11_305,
  }),
  "autoTopUp.preview": () => goodAutoTopUp,
  "checkout.open": () => ({ quantity: 10, idempotencyKey: "new" }),
  "checkout.get": ({ checkoutId }) => ({ checkoutId }),
  "checkout.setQuantity": ({ checkoutId }) => ({ checkoutId, quantity: 20 }),
  "checkout.setBilling": ({ checkoutId }) => ({ checkoutId, billing: goodBilling }),
  "checkout.addCard": ({ checkoutId }) => ({ checkoutId }),
  "checkout.setPayment": ({ checkoutId, paymentMethodId }) => ({
    checkoutId,
    paymentMethodId,
    keep: false,
  }),
  "checkout.finalize": ({ checkoutId }) => ({ checkoutId, expectedTotalMinor: 11_305 }),
  "checkout.cancel": ({ checkoutId }) => ({ checkoutId }),
  "paymentMethods.list": null,
  "paymentMethods.setDefault": ({ paymentMethodId }) => ({ paymentMethodId }),
  "paymentMethods.remove": ({ paymentMethodId }) => ({ paymentMethodId }),
  "topUps.list": ({ topUpId }) => ({ cursor: topUpId, limit: 10 }),
  "topUps.get": ({ topUpId }) => ({ topUpId }),
  "topUps.authenticate": ({ topUpId }) => ({ topUpId }),
  "topUps.cancel": ({ topUpId }) => ({ topUpId }),
  "invoices.list": null,
  "notices.list": () => ({ cursor: "1767225600000.kept-1", limit: 10 }),
  "notices.markRead": () => ({ until: at }),
  "notices.preferences": null,
  "notices.savePreferences": () => ({ muted: ["expiry"], lowBalance: 7 }),
  "targets.list": () => ({ archived: true }),
  "targets.create": () => ({ url: "https://example.com/new", name: "New", mode: "credits" }),
  "targets.setMode": ({ targetId }) => ({ targetId, mode: "unlimited" }),
  "targets.archive": ({ targetId }) => ({ targetId }),
  "scans.list": ({ scanId, targetId }) => ({
    cursor: scanId,
    limit: 10,
    states: ["running"],
    targetId,
  }),
  "scans.get": ({ scanId }) => ({ scanId }),
  "scans.stop": ({ scanId }) => ({ scanId }),
  "scans.pause": ({ scanId }) => ({ scanId }),
  "scans.resume": ({ scanId }) => ({ scanId }),
  "runnerKeys.list": null,
  "runnerKeys.create": () => ({ name: "New" }),
  "runnerKeys.revoke": ({ runnerKeyId }) => ({ runnerKeyId }),
  "runner.targets": null,
  "runner.startScan": ({ targetId }) => ({ targetId, idempotencyKey: "new", label: "New" }),
  "runner.heartbeat": ({ scanId }) => ({ scanId }),
  "runner.pauseScan": ({ scanId }) => ({ scanId }),
  "runner.resumeScan": ({ scanId }) => ({ scanId }),
  "runner.finishScan": ({ scanId }) => ({ scanId, outcome: "failed", fault: "target" }),
  "runner.directives": ({ scanId }) => ({ scanId, lastEventId: "1" }),
  "sandbox.clock": null,
  "sandbox.advance": () => ({ by: { months: 1, days: 1, hours: 1, minutes: 1, seconds: 1 } }),
  "sandbox.setRate": () => ({ rate: 2 }),
  "sandbox.addTestCard": () => ({ card: "pm_card_visa" }),
  "sandbox.info": null,
};
