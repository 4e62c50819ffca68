/** Saved cards: the gateway keeps the card, we keep what a person must recognise it by. */
import { type AccountId, accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import {
  askForLooks,
  findPaymentMethod,
  listCardsToDetach,
  listPaymentMethods,
  makeDefault,
  noteDetached,
  type PaymentMethod,
  removePaymentMethod,
  type Statement,
  savePaymentMethod,
} from "@scanmeter/db";
import type { Deps, PaymentDeps } from "../deps.ts";
import { ensureCustomer } from "./customers.ts";
import type { CardFacts } from "./gateway.ts";

interface CardName {
  readonly accountId: string;
  readonly paymentMethodId: string;
}

/** Remembers a card the gateway holds for this account's customer, or its newer expiry. */
export async function keepCard(
  deps: Deps,
  accountId: string,
  card: CardFacts & { readonly customerId: string },
): Promise<void> {
  const { id, customerId, brand, last4, expMonth, expYear, fingerprint } = card;
  const saved = { id, customerId, brand, last4, expMonth, expYear, fingerprint };
  const at = deps.clock.now();
  await changeCards(deps, accountId, [
    savePaymentMethod({ ...saved, accountId: accountId as AccountId }, at),
  ]);
}

/**
 * Stores a change of an account's cards. What waits for a card, or for another one, hears of it by the
 * look that is asked for with the change.
 */
export async function changeCards(
  deps: Deps,
  accountId: string,
  statements: readonly Statement[],
): Promise<void> {
  await deps.db.write([...statements, askForLooks([accountId], deps.clock.now())]);
  deps.wake({ about: "look", accountId });
}

export async function setDefaultCard(
  deps: Deps,
  { accountId, paymentMethodId }: CardName,
): Promise<Outcome<PaymentMethod, Refusal>> {
  const card = await findPaymentMethod(deps.db, accountId, paymentMethodId);
  if (card === null) return refuse({ code: "payment_method_not_found", paymentMethodId });
  await changeCards(deps, accountId, makeDefault(accountId, paymentMethodId, deps.clock.now()));
  return accept({ ...card, isDefault: true });
}

/** Gone for us at once; the gateway is told after, and again by the sweep if it did not hear. */
export async function removeCard(
  deps: PaymentDeps,
  { accountId, paymentMethodId }: CardName,
): Promise<Outcome<PaymentMethod, Refusal>> {
  const card = await findPaymentMethod(deps.db, accountId, paymentMethodId);
  if (card === null) return refuse({ code: "payment_method_not_found", paymentMethodId });
  const at = deps.clock.now();
  await changeCards(deps, accountId, removePaymentMethod(accountId, paymentMethodId, at));
  await detach(deps, paymentMethodId);
  return accept({ ...card, isDefault: false });
}

async function detach(deps: PaymentDeps, paymentMethodId: string): Promise<boolean> {
  const { gateway } = deps.payments;
  const answer = await gateway.detachCard({
    paymentMethodId,
    key: `detach-${paymentMethodId}`,
  });
  if (answer.is === "unknown") return false;
  if (answer.is === "rejected" && !(await isGone(deps, paymentMethodId))) return false;
  await deps.db.write(noteDetached(paymentMethodId, deps.clock.now()));
  return true;
}

/**
 * A card the gateway does not know, or will not detach because nobody holds it, is as gone as it gets.
 * It may also have refused us and not the call, and then it still holds the card.
 */
async function isGone({ payments }: PaymentDeps, paymentMethodId: string): Promise<boolean> {
  const read = await payments.gateway.readCard(paymentMethodId);
  return read.is === "missing" || (read.is === "value" && read.value.customerId === null);
}

/** Tells the gateway of cards that were removed while it could not be reached. */
export async function detachRemoved(deps: PaymentDeps, limit: number): Promise<number> {
  const ids = await listCardsToDetach(deps.db, limit);
  const detached = await Promise.all(ids.map((id) => detach(deps, id)));
  return detached.filter(Boolean).length;
}

/** The sandbox's short cut past the hosted page: attaches one of the gateway's test cards. */
export async function addTestCard(
  deps: PaymentDeps,
  { accountId, card }: { readonly accountId: string; readonly card: string },
): Promise<Outcome<PaymentMethod, Refusal>> {
  const customer = await ensureCustomer(deps, accountId);
  if (!customer.ok) return customer;
  const customerId = customer.value;
  const cards = await listPaymentMethods(deps.db, accountId);
  const key = `test-card-${accountId}-${card}-${deps.clock.now()}-${cards.length}`;
  const { gateway } = deps.payments;
  const attached = await gateway.attachCard({ paymentMethodId: card, customerId, key });
  if (attached.is === "unknown") return refuse({ code: "gateway_unavailable" });
  if (attached.is !== "value") {
    const declineCode = attached.is === "rejected" ? attached.failure.declineCode : null;
    return refuse({ code: "card_not_saved", declineCode });
  }
  await keepCard(deps, accountId, { ...attached.value, customerId });
  return setDefaultCard(deps, { accountId, paymentMethodId: attached.value.id });
}
