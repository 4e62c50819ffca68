/**
 * Holds an account against its model: credits, dates, purchases, suspension, renewal. What a disturbed
 * gateway or a death left behind is taken over from the rows first, once it was allowed and agrees
 * with the gateway; from then on the model has to be right again by itself.
 */
import { deepStrictEqual } from "node:assert/strict";
import {
  type AccountModel,
  isOpen,
  nextTry,
  type PurchaseModel,
  payableUntil,
} from "./account-model.ts";
import type { Inhabitant } from "./inhabitant.ts";
import type { MemoryGateway, MemoryPayment } from "./memory-gateway.ts";
import type { SeenAccount, SeenTopUp } from "./seen.ts";
import { lastTryOf, paymentOf, stateOf, triesOf } from "./stored-state.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
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

/** Takes over what nobody could foresee. */
function adopt(one: Inhabitant, { topUps }: Stock, gateway: MemoryGateway): void {
  const { model } = one;
  model.ledger.settle(0);
  for (const topUp of topUps) {
    const payment = paymentOf(topUp, gateway);
    const known = one.purchases.get(topUp.id);
    if (known === undefined) assertAllowed(one, topUp);
    const purchase = known ?? begun(one, topUp);
    assertWantedWhenCharged(one, purchase, topUp, gateway);
    takeOver(one, purchase, topUp, payment);
  }
  // What a person is to look at may still be found out by itself.
  one.isLoose = model.purchases.some(({ state }) => /unsettled|needs_review/.test(state));
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
    const stored = lastTryOf(topUp)?.firstSentAt ?? 0;
    if (process.env.LATE || tried.at - stored <= BEING_SENT || model.isStillWanted(purchase))
      continue;
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
  if (!isOpen(purchase.state) && purchase.state !== "needs_review") {
    deepStrictEqual({ ...name, state }, { ...name, state: purchase.state });
    return;
  }
  // Over, in the end, exactly as the gateway has it.
  if (!isOpen(state) && state !== "needs_review") {
    const hasSucceeded = payment?.facts.status === "succeeded";
    deepStrictEqual(
      { ...name, state, isPaid: state === "paid" },
      { ...name, state, isPaid: hasSucceeded },
    );
  }
  purchase.tries = tries;
  purchase.askedAt ??= askedAt(topUp);
  if (state === "waiting") purchase.tryAt = nextTry(purchase, lastTryOf(topUp)?.resolvedAt ?? 0);
  if (state === "paid") {
    const paidAt = payment?.facts.paidAt ?? 0;
    model.isPaid(purchase, Math.max(Math.min(paidAt, model.now), tries[0] ?? purchase.at));
    return;
  }
  if (state === "failed" || state === "canceled" || topUp.closing !== null) {
    const end = topUp.closing ?? { as: state, since: model.now };
    if (!purchase.isEnding) suspendFor(model, purchase, topUp, end);
    purchase.isEnding = true;
  }
  purchase.state = state;
}

function askedAt({ attempts, trigger }: SeenTopUp): number | null {
  if (trigger === "manual") return null;
  const asked = attempts.find(
    ({ state, failure }) =>
      state === "action_required" || failure?.code === "authentication_required",
  );
  return asked?.resolvedAt ?? null;
}

/** What the end of a purchase means for those after it. */
function suspendFor(
  model: AccountModel,
  purchase: PurchaseModel,
  topUp: SeenTopUp,
  end: { readonly as: string; readonly since: number },
): void {
  if (purchase.trigger === "manual") return;
  if (purchase.askedAt !== null) {
    const isTimeOver = end.as === "canceled" && end.since >= payableUntil(purchase);
    if (isTimeOver) model.suspend("authentication_unanswered", purchase);
    return;
  }
  const last = lastTryOf(topUp);
  if (end.as !== "failed" || last?.state !== "declined") return;
  const isHard = last.failure?.declineCode === "lost_card";
  model.suspend(isHard ? "card_refused" : "retries_exhausted", purchase);
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

function shown(one: Inhabitant, { seen, topUps, isWorked }: Stock, gateway: MemoryGateway) {
  const { model } = one;
  const { suspension, renewalDueAt, nextLookAt } = seen;
  const due = dueRenewal(one);
  return {
    suspension: suspension && { reason: suspension.reason, since: suspension.since },
    card: seen.cardId,
    purchases: topUps.map((topUp) => {
      const payment = paymentOf(topUp, gateway);
      const state = stateOf(topUp, payment);
      const { id, trigger, quantity, createdAt: at, paidAt } = topUp;
      const tryAt = state === "waiting" ? topUp.nextStepAt : null;
      const tries = triesOf(topUp);
      const price = payment?.facts.amountMinor ?? one.purchases.get(id)?.price;
      return { id, trigger, state, at, quantity, price, tries, tryAt, paidAt };
    }),
    ...(isWorked && {
      balance: seen.balance,
      debt: seen.debt,
      lots: seen.lots,
      isArmed: due === null || (renewalDueAt !== null && renewalDueAt <= due),
      isLookedAfter: nextLookAt === null || nextLookAt > model.now,
    }),
  };
}

function expected(one: Inhabitant, { topUps, isWorked }: Stock): ReturnType<typeof shown> {
  const { model } = one;
  const [account] = model.ledger.accounts;
  const { suspension } = model;
  const lots = (account?.lots ?? []).filter(
    ({ remaining, frozen, kept }) => remaining + frozen + kept > 0,
  );
  const ofRows = topUps.flatMap(({ id }) => one.purchases.get(id) ?? []);
  const others = model.purchases.filter(
    (purchase) => !ofRows.includes(purchase) && (isOpen(purchase.state) || !one.idOf(purchase)),
  );
  return {
    suspension: suspension && { reason: suspension.reason, since: suspension.since },
    card: model.card?.id ?? null,
    purchases: [...ofRows, ...others].map((purchase) => {
      const { trigger, state, at, quantity, price, tries, tryAt, paidAt } = purchase;
      const id = one.idOf(purchase) ?? "not there";
      const due = state === "waiting" ? tryAt : null;
      return { id, trigger, state, at, quantity, price, tries, tryAt: due, paidAt };
    }),
    ...(isWorked && {
      balance: lots.reduce((sum, { remaining }) => sum + remaining, 0),
      debt: account?.debt ?? 0,
      lots: lots.map(({ kind, granted, remaining, frozen, kept, until }) => {
        return { kind, granted, remaining, frozen, kept, until };
      }),
      isArmed: true,
      isLookedAfter: true,
    }),
  };
}

/** At the latest; while more is left than a look is asked for, it may still be armed for credits that went. */
function dueRenewal({ model }: Inhabitant): number | null {
  const { on, beforeExpiry } = model.settings;
  const date = on && beforeExpiry ? model.firstDate() : null;
  return date === null ? null : date - 3 * DAY;
}
