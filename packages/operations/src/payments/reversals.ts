/**
 * What became of the money of a purchase after it was paid. Whoever hears of a refund or a dispute
 * comes here with what the gateway says now; what was not known is stored, and the credits follow, in
 * one commit. There is one way for all of it, because adding and subtracting per event goes wrong: the
 * credits that must be gone are worked out anew from everything that is known.
 */
import { accept, type Instant, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import type { SuspensionReason } from "@scanmeter/core/auto-top-up";
import {
  bookReversal,
  creditsOfRefund,
  type PurchaseMoney,
  settlementOf,
} from "@scanmeter/core/purchase";
import {
  type AutoTopUpKnown,
  findBilling,
  type InvoiceRow,
  putDisputes,
  putRefunds,
  type RefundRow,
  type TopUpRow,
} from "@scanmeter/db";
import { lift, suspend } from "../auto-top-up/after-move.ts";
import type { PaymentDeps } from "../deps.ts";
import {
  cancellationStatements,
  creditNoteStatements,
} from "../documents/credit-note-statements.ts";
import { resumeWaiting } from "../grant-credits.ts";
import { mintId } from "../mint-id.ts";
import type { Draft } from "../writer.ts";
import type { PaymentReading } from "./gateway.ts";
import { moneyAlerts } from "./money-alerts.ts";
import { afterNews, hasFailed, type MoneyNews, purchaseMoneyOf } from "./money-back.ts";
import type { TopUpName } from "./move-top-up.ts";

export interface ReversalCommand extends TopUpName {
  /** Of the payment that granted the credits, or of a second one that was taken for it by mistake. */
  readonly reading: PaymentReading;
  /** When the reading began; now, if nobody knows better. */
  readonly asOf?: Instant;
}

export function reconcileReversals(
  deps: PaymentDeps,
  { accountId, topUpId, reading, asOf = deps.clock.now() }: ReversalCommand,
): Promise<Outcome<TopUpRow, Refusal>> {
  const { refunds, disputes } = reading;
  return learnOfMoney(deps, { accountId, topUpId }, { refunds, disputes, asOf });
}

interface Learned {
  readonly row: TopUpRow;
  readonly hasDocument: boolean;
  readonly owesDocuments: boolean;
  readonly hasMoreCredits: boolean;
}

/** Heard twice, or in any order, it comes to the same. */
export async function learnOfMoney(
  deps: PaymentDeps,
  { accountId, topUpId }: TopUpName,
  news: MoneyNews,
): Promise<Outcome<TopUpRow, Refusal>> {
  const billing = await findBilling(deps.db, accountId);
  // A document says what was credited before it, so each has a commit to itself.
  for (;;) {
    const documentId = mintId("invoice");
    const learned = await deps.writer.submit<Learned>({
      accountId,
      wants: { topUpId, moneyOf: topUpId, autoTopUp: true },
      decide: (books, { topUp: row, money, autoTopUp }, draft) => {
        if (row === null) return refuse({ code: "top_up_not_found", topUpId } as const);
        const available = books.account.balance;
        const known = afterNews(money, news, row, books.now);
        const purchase = purchaseMoneyOf(row, known);
        const next = purchase === null ? row : settled(books, row, purchase);
        const owed =
          purchase === null ? [] : documentsOwed(purchase, known.refunds, money.documents);
        const [document] = owed;
        const { changedRefunds, changedDisputes } = known;
        const isChanged =
          changedRefunds.length + changedDisputes.length > 0 ||
          JSON.stringify(next) !== JSON.stringify(row);
        if (isChanged || document !== undefined) {
          // Storing the purchase, changed or not, is what tells apart who read it first.
          draft.putTopUp(next);
          noteDispute(draft, autoTopUp, { before: row, after: next, at: books.now });
          draft.add([
            ...(changedRefunds.length > 0
              ? [putRefunds(changedRefunds.map((one) => one.now))]
              : []),
            ...(changedDisputes.length > 0
              ? [putDisputes(changedDisputes.map((one) => one.now))]
              : []),
            ...moneyAlerts(known, news, books.now),
            ...(document?.({
              id: documentId,
              documents: money.documents,
              to: (billing ?? row.billing).email,
              issuedAt: books.now,
            }) ?? []),
          ]);
        }
        return accept({
          row: next,
          hasDocument: document !== undefined,
          owesDocuments: owed.length > 1,
          hasMoreCredits: books.account.balance > available,
        });
      },
    });
    if (!learned.ok) return learned;
    const { row, hasDocument, owesDocuments, hasMoreCredits } = learned.value;
    if (hasDocument) deps.wake({ about: "mail" });
    if (hasMoreCredits) await resumeWaiting(deps, accountId);
    if (!owesDocuments) return accept(row);
  }
}

/** The purchase once its credits agree with its money again. */
export function settled(
  books: Parameters<typeof bookReversal>[0],
  row: TopUpRow,
  purchase: PurchaseMoney,
): TopUpRow {
  const { id: topUpId, paymentIntentId } = row.topUp;
  if (row.reversed === null || paymentIntentId === null) return row;
  const reversed = bookReversal(books, {
    topUpId,
    paymentIntentId,
    purchase,
    reversed: row.reversed,
  });
  return { ...row, reversed, settlement: settlementOf(purchase) };
}

/** Nothing is charged without the customer while their bank asks about a payment, or once it took one back. */
function noteDispute(
  draft: Draft,
  known: AutoTopUpKnown | null,
  {
    before,
    after,
    at: since,
  }: { readonly before: TopUpRow; readonly after: TopUpRow; readonly at: Instant },
): void {
  if (after.settlement === before.settlement) return;
  const topUpId = after.topUp.id;
  const reason = reasonOf(after);
  if (reason !== null) suspend(draft, known, { reason, since, topUpId });
  else if (reasonOf(before) !== null && known?.row?.suspension?.topUpId === topUpId) {
    lift(draft, known, "dispute_over");
  }
}

function reasonOf({ settlement }: TopUpRow): SuspensionReason | null {
  if (settlement === "inquiry") return "inquiry";
  return settlement === "disputed" || settlement === "dispute_lost" ? "dispute" : null;
}

type WriteDocument = (
  about: Pick<Parameters<typeof creditNoteStatements>[0], "id" | "documents" | "to" | "issuedAt">,
) => ReturnType<typeof creditNoteStatements>;

/** Cancellations first: a credit note that no longer holds makes room for the next. */
function documentsOwed(
  purchase: PurchaseMoney,
  refunds: readonly RefundRow[],
  documents: readonly InvoiceRow[],
): WriteDocument[] {
  const has = (kind: InvoiceRow["kind"], refundId: string) =>
    documents.some((one) => one.kind === kind && one.refundId === refundId);
  const ofPurchase = refunds.filter(({ id }) => purchase.refunds.some((one) => one.id === id));
  const cancellations = ofPurchase
    .filter((one) => hasFailed(one) && has("credit_note", one.id) && !has("cancellation", one.id))
    .map(
      ({ id }): WriteDocument =>
        (about) =>
          cancellationStatements({ ...about, refundId: id }),
    );
  const creditNotes = ofPurchase
    .filter((one) => one.status === "succeeded" && !has("credit_note", one.id))
    .map((refund): WriteDocument => {
      const { id, amountMinor } = refund;
      const credits = creditsOfRefund(purchase, refund);
      return (about) => creditNoteStatements({ ...about, refund: { id, amountMinor, credits } });
    });
  return [...cancellations, ...creditNotes];
}
