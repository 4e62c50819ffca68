/** What pages ask about automatic top-ups. Reads never wait for writes and never write. */
import {
  accept,
  type Credits,
  type Instant,
  invariant,
  Journal,
  type Outcome,
  quote,
  type Refusal,
} from "@scanmeter/core";
import {
  type ArmedRenewal,
  type AutoTopUpPreview,
  type AutoTopUpSettings,
  type AutoTopUpSummary,
  armRenewal,
  autoTopUpPolicy,
  type Consent,
  consentSentence,
  consentTextVersion,
  type EnteredSettings,
  freshConsentFor,
  neverSaved,
  type Past,
  parseSettings,
  previewOf,
  priceOf,
  type StatusView,
  statusOf,
  summaryOf,
} from "@scanmeter/core/auto-top-up";
import { addMonths } from "@scanmeter/core/calendar";
import {
  type AutoTopUpKnown,
  type CardLabel,
  findUserName,
  listLotsAsOf,
  listPastLots,
  listPastUsage,
  readAutoTopUp,
} from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { type AccountPlace, taxOf } from "../payments/quotes.ts";
import { autoTopUpFacts } from "./facts.ts";

export interface AutoTopUpState {
  readonly settings: AutoTopUpSettings;
  readonly status: StatusView;
  readonly summary: AutoTopUpSummary;
  readonly consent: (Consent & { readonly id: string; readonly by: string | null }) | null;
  readonly card: CardLabel | null;
  readonly renewal: ArmedRenewal | null;
  readonly quantityMax: number;
}

export interface AutoTopUpPreviewState {
  readonly preview: AutoTopUpPreview;
  /** The words that saving agrees to. */
  readonly sentence: string;
  readonly needsConsent: boolean;
}

export async function getAutoTopUp(
  deps: PaymentDeps,
  account: AccountPlace,
): Promise<AutoTopUpState> {
  const { payments } = deps;
  const { books, known } = await readKnown(deps, account.id);
  const facts = autoTopUpFacts(payments, books, known);
  const { settings, consent, timeZone } = facts;
  return {
    settings,
    status: statusOf(facts, books.now),
    summary: summaryOf(facts, books.now),
    consent:
      known.row?.consent && consent
        ? { ...known.row.consent, by: await findUserName(deps.db, consent.userId) }
        : null,
    card: known.card && { brand: known.card.brand, last4: known.card.last4 },
    renewal: armRenewal({ settings, lots: [...books.lots], timeZone, now: books.now }),
    quantityMax: payments.priceList.quantityMax,
  };
}

export interface PreviewCommand {
  readonly account: AccountPlace;
  readonly entered: EnteredSettings;
}

/** What settings would do if they were saved now, without saving anything. */
export async function previewAutoTopUp(
  deps: PaymentDeps,
  { account, entered }: PreviewCommand,
): Promise<Outcome<AutoTopUpPreviewState, Refusal>> {
  const { payments } = deps;
  const { priceList, seller } = payments;
  const { books, known } = await readKnown(deps, account.id);
  const before = known.row?.settings ?? neverSaved;
  const tax = taxOf(payments, known.billing);
  const quoteOf = (quantity: Credits) => {
    const quoted = quote({ quantity, priceList, tax });
    invariant(quoted.ok, "a quantity in the range that is sold has a price");
    return quoted.value;
  };
  const { quantityMax } = priceList;
  const parsed = parseSettings(entered, before, { quantityMax, quoteOf });
  if (!parsed.ok) return parsed;
  const settings = { ...parsed.value, revision: before.revision };
  const price = priceOf(quoteOf(settings.quantity));
  const consent = known.row?.consent ?? null;
  const facts = autoTopUpFacts(payments, books, known, settings);
  const agreed: Consent = {
    ...settings,
    at: books.now,
    userId: "",
    surface: "overview",
    ip: null,
    sentence: "",
    textVersion: consentTextVersion,
    price,
  };
  const past = await readPast(deps, account, books.now);
  return accept({
    preview: previewOf({ ...facts, consent: agreed }, past, books.now),
    sentence: consentSentence({ company: seller.name, agreed: settings, price }),
    needsConsent: freshConsentFor({ before, wanted: settings, consent, price }).length > 0,
  });
}

async function readPast(deps: PaymentDeps, account: AccountPlace, now: Instant): Promise<Past> {
  const from = addMonths(now, -autoTopUpPolicy.backtestMonths, account.timeZone);
  const opening = await listLotsAsOf(deps.db, account.id, from);
  const held = opening.filter(({ remaining }) => remaining > 0);
  return {
    from,
    until: now,
    lots: [
      ...held.map(({ kind, remaining, effectiveAt, expiresAt }) => {
        return { kind, credits: remaining, at: effectiveAt, expiresAt, isPurchase: false };
      }),
      ...(await listPastLots(deps.db, account.id, from)),
    ],
    usage: await listPastUsage(deps.db, account.id, from),
  };
}

/** The account as it is by the clock, due or not; nothing is booked. */
async function readKnown(
  { db, clock }: PaymentDeps,
  accountId: string,
): Promise<{ readonly books: Journal; readonly known: AutoTopUpKnown }> {
  const now = clock.now();
  const { account, lots, known } = await readAutoTopUp(db, accountId, now);
  return { books: new Journal(account, lots, [], now, false), known };
}
