/**
 * The webhook inbox. What the gateway tells is stored, then worked on from the table: the event says
 * where to look, and what is there is read anew. Handled twice, or in any order, it comes to the same.
 */
import { after, type Instant } from "@scanmeter/core";
import { noticesOfCardGone } from "@scanmeter/core/notices";
import {
  addGatewayEvent,
  eventFailed,
  eventHandled,
  findAccountOfCard,
  findAccountOfCustomer,
  findTopUp,
  findTopUpOfPayment,
  findWaitingEvent,
  forgetCustomer,
  insertNotices,
  listPaymentMethods,
  noteAllDetached,
  noteDetached,
  raiseAlert,
  readAutoTopUp,
  type Statement,
  type TopUpRow,
  type WaitingEvent,
} from "@scanmeter/db";
import { liftSuspension, suspendAutoTopUp } from "../auto-top-up/suspend.ts";
import type { PaymentDeps } from "../deps.ts";
import { refreshCardPageById } from "./card-pages.ts";
import { changeCards, keepCard } from "./cards.ts";
import type { GatewayEvent } from "./gateway.ts";
import { refreshTopUp } from "./learn-payment.ts";
import type { SharedCommits } from "./shared-commits.ts";

export interface InboxDeps extends PaymentDeps {
  /** Where many events may come at once; without it each is a commit of its own. */
  readonly commits?: SharedCommits;
}

/** Answers with how many rows it changed. */
async function store({ commits, db }: InboxDeps, statement: Statement): Promise<number> {
  const stored = commits ? await commits.write(statement) : (await db.write([statement]))[0];
  return stored?.rowsAffected ?? 0;
}

/**
 * Stores an event; once this resolves it will be handled, whatever happens. Answers whether we hear of
 * it for the first time.
 */
export async function receiveEvent(deps: InboxDeps, event: GatewayEvent): Promise<boolean> {
  const isNew = (await store(deps, addGatewayEvent(event, deps.clock.now()))) === 1;
  if (isNew) deps.wake({ about: "gateway_event", eventId: event.id });
  return isNew;
}

/** `later`: the gateway did not say what we need to know; `ignored`: it is not about anything of ours. */
type Handled = "handled" | "ignored" | "later";

const RETRY_FIRST_MS = 5_000;
const RETRY_MAX_MS = 60 * 60 * 1_000;

export async function handleEvent(deps: InboxDeps, eventId: string): Promise<void> {
  const event = await findWaitingEvent(deps.db, eventId);
  if (event === null) return;
  const now = deps.clock.now();
  let handled: Handled;
  try {
    handled = await handle(deps, event);
  } catch (error) {
    await tryLater(deps, event, now);
    throw error;
  }
  if (handled === "later") await tryLater(deps, event, now);
  else await store(deps, eventHandled(event.id, handled, deps.clock.now()));
}

/** Some ten minutes of trying. */
const TOLD_AFTER_ATTEMPTS = 8;

async function tryLater(deps: InboxDeps, event: WaitingEvent, now: Instant): Promise<void> {
  await store(deps, eventFailed(event.id, retryAt(event, now)));
  const attempts = event.attempts + 1;
  if (attempts < TOLD_AFTER_ATTEMPTS) return;
  // One for all of them: when the gateway refuses us, no event can be handled.
  const alert = {
    key: "stuck-events",
    kind: "stuck_events",
    accountId: null,
    text: `Event ${event.id} (${event.type}) about ${event.objectId} could not be handled ${attempts} times; it is tried again, and so are others if there are any.`,
  };
  await store(deps, raiseAlert(alert, now));
}

function retryAt({ attempts }: WaitingEvent, now: Instant): Instant {
  return after(now, Math.min(RETRY_FIRST_MS * 2 ** attempts, RETRY_MAX_MS));
}

async function handle(deps: PaymentDeps, event: WaitingEvent): Promise<Handled> {
  if (event.livemode !== deps.payments.gateway.livemode) {
    return foreign(deps, event, "it is of the other mode, test or live");
  }
  const [family] = event.type.split(".");
  switch (family) {
    case "checkout":
      return (await refreshCardPageById(deps, event.objectId)) ? "handled" : "ignored";
    case "payment_method":
      return handleCard(deps, event);
    case "customer":
      return handleCustomer(deps, event);
    case "radar":
      return handleWarning(deps, event);
    case "payment_intent":
    case "charge":
    case "refund":
      return handlePayment(deps, event);
    default:
      return "ignored";
  }
}

async function handlePayment(deps: PaymentDeps, event: WaitingEvent): Promise<Handled> {
  const { paymentIntentId } = event;
  if (paymentIntentId === null) return "ignored";
  const row = await purchaseOf(deps, event);
  if (row === null) return foreign(deps, event, "no purchase here belongs to it");
  const { id, accountId, state } = row.topUp;
  const isFirst = state !== "paid";
  const name = { accountId, topUpId: id };
  const learned = await refreshTopUp(deps, name, paymentIntentId, { isFirst });
  return learned === null ? "later" : "handled";
}

/** By the payment, or, if its creation was never answered, by what we gave it to remember. */
async function purchaseOf(
  deps: PaymentDeps,
  { paymentIntentId, topUpId }: WaitingEvent,
): Promise<TopUpRow | null> {
  const known = paymentIntentId && (await findTopUpOfPayment(deps.db, paymentIntentId));
  if (known) return known;
  return topUpId === null ? null : findTopUp(deps.db, topUpId);
}

/** Stored, looked at by a person, and otherwise left alone: another system may use the same gateway. */
async function foreign(deps: PaymentDeps, event: WaitingEvent, why: string): Promise<Handled> {
  const alert = {
    key: `foreign-event-${event.paymentIntentId ?? event.objectId}`,
    kind: "foreign_event",
    accountId: null,
    text: `Event ${event.id} (${event.type}) about ${event.objectId} was ignored: ${why}.`,
  };
  await deps.db.write([raiseAlert(alert, deps.clock.now())]);
  return "ignored";
}

async function handleCard(deps: PaymentDeps, event: WaitingEvent): Promise<Handled> {
  if (event.type === "payment_method.detached") {
    const accountId = await findAccountOfCard(deps.db, event.objectId);
    if (accountId === null) return "ignored";
    const now = deps.clock.now();
    await changeCards(deps, accountId, [
      ...(await cardGoneStatements(deps, accountId, event.objectId)),
      ...noteDetached(event.objectId, now),
    ]);
    return "handled";
  }
  const read = await deps.payments.gateway.readCard(event.objectId);
  if (read.is === "unknown" || read.is === "rejected") return "later";
  if (read.is === "missing" || read.value.customerId === null) return "ignored";
  const { customerId } = read.value;
  const accountId = await findAccountOfCustomer(deps.db, customerId);
  if (accountId === null) return "ignored";
  await keepCard(deps, accountId, { ...read.value, customerId });
  // The network told of another number or date of the card, so what was wrong with it may be over.
  if (event.type === "payment_method.automatically_updated") {
    await liftSuspension(deps, accountId, "card_updated");
  }
  return "handled";
}

/** Whoever counts on a card that went without their doing hears of it before it is needed. */
async function cardGoneStatements(
  deps: PaymentDeps,
  accountId: string,
  cardId: string | null,
): Promise<Statement[]> {
  const now = deps.clock.now();
  const { account, known } = await readAutoTopUp(deps.db, accountId, now);
  const isLast = (await listPaymentMethods(deps.db, accountId)).length === 1;
  const isOurs = known.card !== null && (cardId === null || known.card.id === cardId);
  if (!known.row?.settings.enabled || known.card === null || !isOurs) return [];
  if (cardId !== null && !isLast) return [];
  const gone = { accountId: account.id, cardId: known.card.id, at: now };
  return insertNotices(noticesOfCardGone(gone));
}

async function handleCustomer(deps: PaymentDeps, event: WaitingEvent): Promise<Handled> {
  const { objectId: customerId } = event;
  const accountId = await findAccountOfCustomer(deps.db, customerId);
  if (accountId === null || event.type !== "customer.deleted") return "ignored";
  const alert = {
    key: `customer-deleted-${customerId}`,
    kind: "customer_deleted",
    accountId,
    text: `Customer ${customerId} of account ${accountId} was deleted at the payment gateway and its cards with it; the account gets another when it next adds a card or pays.`,
  };
  const now = deps.clock.now();
  await changeCards(deps, accountId, [
    raiseAlert(alert, now),
    ...(await cardGoneStatements(deps, accountId, null)),
    ...noteAllDetached({ accountId, customerId }, now),
    // Asked in its name, the gateway would refuse everything for ever.
    forgetCustomer(customerId),
  ]);
  return "handled";
}

/** Most warnings become disputes if nothing is done, but giving money back is a person's decision. */
async function handleWarning(deps: PaymentDeps, event: WaitingEvent): Promise<Handled> {
  const row = await purchaseOf(deps, event);
  if (row === null) return foreign(deps, event, "no purchase here belongs to it");
  const { id, accountId } = row.topUp;
  const alert = {
    key: `fraud-warning-${event.paymentIntentId}`,
    kind: "fraud_warning",
    accountId,
    text: `The card network warns of fraud in purchase ${id}; consider refunding it before it is disputed.`,
  };
  await deps.db.write([raiseAlert(alert, deps.clock.now())]);
  await suspendAutoTopUp(deps, accountId, { reason: "fraud_warning", topUpId: id });
  return "handled";
}
