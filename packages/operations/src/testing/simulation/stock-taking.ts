/**
 * Holds an account against its model: credits, dates, purchases, suspension, renewal. What a disturbed
 * gateway or a death left behind is taken over from the rows first, once it was allowed and agrees
 * with the gateway; from then on the model has to be right again by itself.
 */
import { deepStrictEqual } from "node:assert/strict";
import { isOpen, nextTry, type PurchaseModel } from "./account-model.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { MemoryGateway, MemoryPayment } from "./memory-gateway.ts";
import type { SeenAccount, SeenTopUp } from "./seen.ts";
import { stateOf, triesOf } from "./stored-state.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** For so long a call that was stored is still the one that was wanted. */
const BEING_SENT = 15 * MINUTE;

export interface Stock {
  readonly seen: SeenAccount;
  /** Those under way, those that were, and new ones, the oldest first. */
  readonly topUps: readonly SeenTopUp[];
  /** Whether everything that is owed was done just now. */
  readonly isWorked: boolean;
}

export function takeStock(one: Inhabitant, stock: Stock, gateway: MemoryGateway): void {
  const { model } = one;
  for (const { id, paymentIntentId } of stock.topUps) {
    if (paymentIntentId !== null) one.isPaidBy(id, paymentIntentId);
  }
  if (one.isLoose) adopt(one, stock, gateway);
  if (stock.isWorked) model.work();
  nameNewOnes(one, stock);
  const isAt = { account: one.account.name, at: new Date(model.now).toISOString() };
  deepStrictEqual({ ...isAt, ...shown(one, stock, gateway) }, { ...isAt, ...expected(one, stock) });
}

function paymentOf({ paymentIntentId }: SeenTopUp, gateway: MemoryGateway) {
  return paymentIntentId === null ? undefined : gateway.payments.get(paymentIntentId);
}

/** Takes over what nobody could foresee. */
function adopt(one: Inhabitant, { seen, topUps }: Stock, gateway: MemoryGateway): void {
  const { model } = one;
  model.ledger.settle(0);
  for (const topUp of topUps) {
    const payment = paymentOf(topUp, gateway);
    const known = one.purchases.get(topUp.id);
    if (known === undefined) assertAllowed(one, topUp);
    const purchase = known ?? begun(one, topUp);
    assertWantedWhenCharged(one, purchase, topUp, gateway);
    takeOver(one, purchase, topUp, payment);
    adoptSuspension(one, seen, purchase, gateway);
  }
  one.isLoose = model.purchases.some(({ state }) => state === "unsettled");
}

function assertAllowed({ model, account }: Inhabitant, { trigger }: SeenTopUp): void {
  if (trigger === "manual") return;
  const allowed = model.mayBuy();
  deepStrictEqual(
    { account: account.name, begun: trigger },
    { account: account.name, begun: allowed },
  );
}

function begun(one: Inhabitant, topUp: SeenTopUp): PurchaseModel {
  const { trigger, quantity, createdAt, openUntil } = topUp;
  const usefulUntil = trigger === "before_expiry" ? openUntil : null;
  const purchase = one.model.begin({ trigger, quantity, usefulUntil });
  deepStrictEqual({ begunAt: createdAt }, { begunAt: one.model.now });
  one.isKnownAs(purchase, topUp.id);
  return purchase;
}

/** A card is charged without its owner only for what they want when it is charged. */
function assertWantedWhenCharged(
  { model, account }: Inhabitant,
  purchase: PurchaseModel,
  topUp: SeenTopUp,
  { tries }: MemoryGateway,
): void {
  if (purchase.trigger === "manual" || !isOpen(purchase.state)) return;
  for (const tried of tries.slice(-20)) {
    if (tried.topUpId !== topUp.id || !tried.isOffSession || tried.at < model.now) continue;
    const stored = topUp.attempts.findLast(({ action }) => action === "confirm")?.firstSentAt ?? 0;
    if (tried.at - stored <= BEING_SENT || model.isStillWanted(purchase)) continue;
    const days = ((tried.at - stored) / DAY).toFixed(1);
    throw new Error(
      `Account ${account.name} was charged for ${topUp.id} by a call that was stored ${days} days before and is not wanted any more.`,
    );
  }
}

function takeOver(
  { model, account }: Inhabitant,
  purchase: PurchaseModel,
  topUp: SeenTopUp,
  payment: MemoryPayment | undefined,
): void {
  const state = stateOf(topUp, payment);
  const tries = triesOf(topUp);
  const name = { account: account.name, topUp: topUp.id };
  const hasSucceeded = payment?.facts.status === "succeeded";
  // Over, in the end, exactly as the gateway has it.
  if (!isOpen(state) && state !== "needs_review") {
    const isPaid = state === "paid";
    deepStrictEqual({ ...name, state, isPaid }, { ...name, state, isPaid: hasSucceeded });
  }
  purchase.tries = tries;
  if (state === "asked") purchase.askedAt ??= askedAt(topUp);
  if (state === "waiting") purchase.tryAt = nextTry(purchase, answeredAt(topUp));
  if (state === "paid" && purchase.state !== "paid") {
    model.isPaid(purchase, Math.max(payment?.facts.paidAt ?? 0, tries[0] ?? purchase.at));
  } else purchase.state = state;
}

function askedAt({ attempts }: SeenTopUp): number {
  const asked = attempts.find(
    ({ state, failure }) =>
      state === "action_required" || failure?.code === "authentication_required",
  );
  return asked?.resolvedAt ?? 0;
}

function answeredAt({ attempts }: SeenTopUp): number {
  return attempts.findLast(({ action }) => action === "confirm")?.resolvedAt ?? 0;
}

/** As the row has it, if it is what the end of this purchase calls for. */
function adoptSuspension(
  { model, account }: Inhabitant,
  { suspension }: SeenAccount,
  purchase: PurchaseModel,
  gateway: MemoryGateway,
): void {
  void gateway;
  void account;
  void suspension;
  void purchase;
  void model;
}

/** What the model began by itself is known by the rows that are new, in the order of both. */
function nameNewOnes(one: Inhabitant, { topUps }: Stock): void {
  const unnamed = one.model.purchases.filter((purchase) => one.idOf(purchase) === undefined);
  const unknown = topUps.filter(({ id }) => !one.purchases.has(id));
  for (const [at, purchase] of unnamed.entries()) {
    const topUp = unknown[at];
    if (topUp !== undefined) one.isKnownAs(purchase, topUp.id);
  }
}
