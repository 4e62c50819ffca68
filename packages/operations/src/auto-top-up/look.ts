/**
 * A look at an account: whether to buy credits now, what to arm, what to tell. It is asked for by
 * whatever may call for it, stored with that, and right however late, early or often it is done.
 */
import {
  accept,
  after,
  earliest,
  type Instant,
  invariant,
  type Journal,
  keptAt,
  quoteTerms,
} from "@scanmeter/core";
import {
  type ArmedRenewal,
  type AutoTopUpDecision,
  type AutoTopUpFacts,
  armRenewal,
  bookNothingToRenew,
  decideAutoTopUp,
  isLiftedBy,
  lookAtRenewal,
} from "@scanmeter/core/auto-top-up";
import { openTopUp } from "@scanmeter/core/purchase";
import {
  type AutoTopUpKnown,
  type AutoTopUpRow,
  type DueLook,
  listDueLooks,
  putOffLook,
  type TopUpRow,
} from "@scanmeter/db";
import type { Swept } from "../catch-up.ts";
import type { Deps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { decideNotices } from "../notices/decide-notices.ts";
import type { Payments } from "../payments/payments.ts";
import { pursueTopUp } from "../payments/pursue.ts";
import { taxOf } from "../payments/quotes.ts";
import type { Draft } from "../writer.ts";
import { autoTopUpFacts, billedTo } from "./facts.ts";
import { findOpenAutomatic, tendWaiting } from "./tend.ts";

interface Looked {
  readonly bought: TopUpRow | null;
  readonly renewal: { readonly before: ArmedRenewal | null; readonly after: ArmedRenewal | null };
  readonly nextAt: Instant | null;
  readonly writtenOffAt: Instant | null;
}

/** Whoever comes along before that finds the look still owed; only the sweep looks elsewhere first. */
const PUT_OFF_MS = 5 * 60_000;

export async function lookAfter(deps: Deps, accountId: string): Promise<void> {
  try {
    await look(deps, accountId);
  } catch (error) {
    const at = deps.clock.now();
    await deps.db.write([putOffLook(accountId, { at, until: after(at, PUT_OFF_MS) })]);
    throw error;
  }
}

async function look(deps: Deps, accountId: string): Promise<void> {
  const buying = deps.payments === null ? null : { ...deps, payments: deps.payments };
  const open = buying === null ? null : await findOpenAutomatic(deps.db, accountId);
  const looked = await deps.writer.submit<Looked>({
    accountId,
    wants: { autoTopUp: true, ...(open && { topUpId: open.topUp.id }) },
    decide(books, all, draft) {
      const { autoTopUp: known } = all;
      invariant(known !== null, "an account that is looked at is read");
      const automatic =
        buying === null ? nothing : decideLook(buying.payments, books, known, draft);
      const told = decideNotices(books, {
        timeZone: known.place.timeZone,
        told: known.told,
        card: known.card,
        autoTopUp: automatic.facts,
      });
      draft.add(told.statements);
      const writtenOffAt = keptAt(books.account, books.lots, books.now)?.until ?? null;
      const nextAt = earliest([automatic.nextAt, told.nextAt]);
      draft.nextLook(nextAt);
      // In the same commit, or whoever dies behind it would leave it to the purchase's next step.
      const tended =
        buying === null ? accept(null) : tendWaiting(buying, { books, known: all, draft });
      return tended.ok ? accept({ ...automatic, nextAt, writtenOffAt }) : tended;
    },
  });
  if (!looked.ok) return;
  const { bought, renewal, nextAt, writtenOffAt } = looked.value;
  const [before, dueAt] = [renewal.before?.dueAt ?? null, renewal.after?.dueAt ?? null];
  if (before !== dueAt) deps.wake({ about: "renewal", accountId, dueAt, before });
  if (writtenOffAt !== null) deps.wake({ about: "write_off", accountId, dueAt: writtenOffAt });
  if (nextAt !== null) deps.wake({ about: "look_at", accountId, dueAt: nextAt });
  deps.wake({ about: "mail" });
  const topUpId = bought?.topUp.id ?? open?.topUp.id;
  if (buying !== null && topUpId !== undefined) await pursueTopUp(buying, { accountId, topUpId });
}

const nothing = {
  bought: null,
  renewal: { before: null, after: null },
  nextAt: null,
  facts: null,
} as const;

/** What is asked for in advance, by now: buys, or notes when to look again. */
function decideLook(
  payments: Payments,
  books: Journal,
  known: AutoTopUpKnown,
  draft: Draft,
): Omit<Looked, "writtenOffAt"> & { readonly facts: AutoTopUpFacts | null } {
  const { row: before } = known;
  if (before === null) return nothing;
  const row = withRenewal(books, known.place.timeZone, withNewCard(before, known));
  const facts = autoTopUpFacts(payments, books, { ...known, row });
  const decision = decideAutoTopUp(facts, books.now);
  const bought =
    decision.do === "buy"
      ? openAutomatic(payments, { ...known, row }, facts, decision, books.now)
      : null;
  if (bought !== null) draft.putTopUp(bought);
  // Its compare-and-set goes with the purchase, so that of two who look only one buys.
  if (bought !== null || row !== before) draft.putAutoTopUp(row);
  const dueAt = row.renewal?.dueAt ?? null;
  return {
    bought,
    facts,
    renewal: { before: before.renewal, after: row.renewal },
    nextAt: earliest([
      decision.do === "buy" ? null : decision.until,
      dueAt !== null && dueAt > books.now ? dueAt : null,
    ]),
  };
}

/** Another card became the one to charge: what the bank said of the one before is over. */
function withNewCard(row: AutoTopUpRow, { card }: AutoTopUpKnown): AutoTopUpRow {
  const { suspension } = row;
  if (suspension === null || card === null || card.since <= suspension.since) return row;
  return isLiftedBy(suspension, "card_changed") ? { ...row, suspension: null } : row;
}

/** The renewal the row should be armed for; says so in the history when one came due for nothing. */
function withRenewal(books: Journal, timeZone: string, row: AutoTopUpRow): AutoTopUpRow {
  const facts = { settings: row.settings, lots: [...books.lots], timeZone, now: books.now };
  const armed = row.renewal;
  if (armed === null) {
    const renewal = armRenewal(facts);
    return renewal === null ? row : { ...row, renewal };
  }
  const found = lookAtRenewal(armed, facts);
  switch (found.is) {
    case "moved":
      return { ...row, renewal: found.to };
    case "off":
      return { ...row, renewal: null };
    case "nothing_left":
      // What could not be renewed in time was there to be renewed, and is kept.
      if (!isKept(books, armed)) bookNothingToRenew(books, armed);
      return { ...row, renewal: null };
    case "early":
    case "due":
      return row;
  }
}

function isKept({ lots }: Journal, { expiresAt }: ArmedRenewal): boolean {
  return [...lots].some((lot) => lot.kept > 0 && lot.expiresAt === expiresAt);
}

function openAutomatic(
  payments: Payments,
  known: AutoTopUpKnown,
  { accountId, settings }: AutoTopUpFacts,
  { trigger, triggerKey, usefulUntil }: Extract<AutoTopUpDecision, { do: "buy" }>,
  now: Instant,
): TopUpRow {
  const { row, card, billing } = known;
  invariant(
    row !== null && row.consent !== null && card !== null,
    "nothing is bought without an agreement and a card",
  );
  const { priceList, gateway } = payments;
  const { quantity } = settings;
  const terms = quoteTerms({ quantity, priceList, tax: taxOf(payments, billing) });
  invariant(terms.ok, "what is to be bought has a price");
  const order = {
    id: mintId("topUp"),
    accountId,
    trigger,
    triggerKey,
    usefulUntil,
    terms: terms.value,
    customerId: card.customerId,
    livemode: gateway.livemode,
  };
  return {
    topUp: openTopUp(order, now),
    billing: billedTo(payments, known),
    card: { brand: card.brand, last4: card.last4 },
    receipt: null,
    settlement: "none",
    reversed: null,
    consentId: row.consent.id,
  };
}

/** Accounts at once: each may wait for the gateway. */
const AT_ONCE = 8;

/** Looks at the accounts whose time has come, in a bounded batch; may run twice at once. */
export async function sweepLooks(deps: Deps, limit: number): Promise<Swept> {
  const now = deps.clock.now();
  const due = await listDueLooks(deps.db, now, limit);
  const failures: unknown[] = [];
  for (let at = 0; at < due.length; at += AT_ONCE) {
    const some = due.slice(at, at + AT_ONCE).map(({ accountId }) => lookAfter(deps, accountId));
    for (const outcome of await Promise.allSettled(some)) {
      if (outcome.status === "rejected") failures.push(outcome.reason);
    }
  }
  if (failures.length > 0) throw failures[0];
  // One that asked for another is done all the same.
  const keyOf = ({ accountId, looksAsked }: DueLook) => `${accountId} ${looksAsked}`;
  const left = new Set((await listDueLooks(deps.db, now, limit)).map(keyOf));
  const rescued = due.filter((look) => !left.has(keyOf(look))).length;
  return { rescued, isFull: due.length === limit && rescued > 0 };
}
