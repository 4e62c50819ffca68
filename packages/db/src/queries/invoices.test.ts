import type { AccountId, InvoiceId, Minor } from "@scanmeter/core";
import { credits, minor } from "@scanmeter/core";
import {
  cancellationDocument,
  creditNoteDocument,
  invoiceDocument,
} from "@scanmeter/core/documents";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  anAccount,
  aPaidTopUp,
  databases,
  NOON,
  type PaidTopUp,
  type TempDatabase,
  unique,
} from "../testing/index.ts";
import {
  findInvoice,
  type InvoiceRow,
  insertInvoice,
  listDocumentsOfTopUp,
  listInvoices,
  listInvoicesOfTopUps,
  type NewInvoice,
} from "./invoices.ts";

const aYear = () => 3000 + (Number(unique()) % 6000);
const invoiceId = () => `inv_${unique()}` as InvoiceId;

function anInvoiceOf(facts: PaidTopUp, about: Partial<NewInvoice> = {}): NewInvoice {
  const { id: topUpId, accountId } = facts.topUp;
  return {
    id: invoiceId(),
    accountId,
    topUpId,
    refundId: null,
    year: 2026,
    issuedAt: NOON,
    creditedBeforeMinor: null,
    document: invoiceDocument(facts),
    ...about,
  };
}

function aCreditNoteOf(
  invoice: InvoiceRow,
  {
    amount,
    before,
    refundId = `rfd_${unique()}`,
  }: { amount: number; before: number; refundId?: string },
): NewInvoice {
  const creditedBeforeMinor = before as Minor;
  const { accountId, topUpId } = invoice;
  const document = creditNoteDocument({
    invoice,
    amountMinor: minor(amount),
    creditedBeforeMinor,
    credits: credits(0),
    issuedAt: NOON,
  });
  return {
    id: invoiceId(),
    accountId,
    topUpId,
    refundId,
    year: 2026,
    issuedAt: NOON,
    creditedBeforeMinor,
    document,
  };
}

describe.each(databases)("documents in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    accountId = (await anAccount(db)).id;
  });

  const refusalOf = async (...documents: NewInvoice[]) => {
    const refused = await db.write(documents.map(insertInvoice)).catch((error) => error);
    expect(refused).toBeInstanceOf(ConstraintViolated);
    return refused as ConstraintViolated;
  };

  async function invoiced(): Promise<InvoiceRow> {
    const facts = await aPaidTopUp(db, accountId);
    await db.write([insertInvoice(anInvoiceOf(facts))]);
    const [invoice] = await listDocumentsOfTopUp(db, facts.topUp.id);
    if (invoice === undefined) throw new Error("The invoice is there.");
    return invoice;
  }

  test("keep every word, and their number beside them", async () => {
    const facts = await aPaidTopUp(db, accountId);
    const year = aYear();
    const stored = anInvoiceOf(facts, { year });
    await db.write([insertInvoice(stored)]);
    const found = await findInvoice(db, stored.id, accountId);
    expect(found).toMatchObject({
      kind: "invoice",
      number: `${year}-000001`,
      currency: "EUR",
      totalMinor: 95_00,
      issuedAt: NOON,
      document: stored.document,
    });
    expect(await listInvoices(db, accountId, 10)).toEqual([{ ...found, document: undefined }]);
    expect(await listInvoicesOfTopUps(db, [facts.topUp.id, "top_unknown"])).toHaveLength(1);
  });

  test("are found by their own account only", async () => {
    const invoice = await invoiced();
    const other = await anAccount(db);
    expect(await findInvoice(db, invoice.id, other.id)).toBeNull();
    expect(await listInvoices(db, other.id, 10)).toEqual([]);
  });

  test("have numbers without a gap, one series for all accounts, anew each year", async () => {
    const [year, next] = [aYear(), aYear()];
    const other = (await anAccount(db)).id;
    const years = [year, year, next, year];
    const numbers: string[] = [];
    for (const [at, one] of years.entries()) {
      const facts = await aPaidTopUp(db, at % 2 === 0 ? accountId : other);
      const document = anInvoiceOf(facts, { year: one });
      await db.write([insertInvoice(document)]);
      numbers.push((await findInvoice(db, document.id))?.number ?? "none");
    }
    expect(numbers).toEqual([
      `${year}-000001`,
      `${year}-000002`,
      `${next}-000001`,
      `${year}-000003`,
    ]);
    const listed = await listInvoices(db, accountId, 10);
    expect(listed.map(({ number }) => number)).toEqual(
      [`${year}-000001`, `${next}-000001`].sort().reverse(),
    );
  });

  test("written by many at once have numbers without a gap", async () => {
    const year = aYear();
    const purchases = await Promise.all(
      Array.from({ length: 20 }, () => aPaidTopUp(db, accountId)),
    );
    await Promise.all(
      purchases.map((facts) => db.write([insertInvoice(anInvoiceOf(facts, { year }))])),
    );
    const listed = await listInvoices(db, accountId, 100);
    expect(listed.map(({ number }) => number).reverse()).toEqual(
      purchases.map((_, at) => `${year}-${String(at + 1).padStart(6, "0")}`),
    );
  });

  test("of a write that is refused leave no gap", async () => {
    const year = aYear();
    const [first, second] = [await aPaidTopUp(db, accountId), await aPaidTopUp(db, accountId)];
    await refusalOf(anInvoiceOf(first, { year }), anInvoiceOf(first, { year }));
    await db.write([insertInvoice(anInvoiceOf(second, { year }))]);
    expect((await listInvoices(db, accountId, 10)).map(({ number }) => number)).toEqual([
      `${year}-000001`,
    ]);
  });

  test("a second invoice of a purchase is a conflict, so that its writer finds the first", async () => {
    const facts = await aPaidTopUp(db, accountId);
    await db.write([insertInvoice(anInvoiceOf(facts))]);
    expect((await refusalOf(anInvoiceOf(facts))).isConflict).toBe(true);
  });

  test("an invoice of a purchase that is not paid, or is another account's, is refused", async () => {
    const facts = await aPaidTopUp(db, accountId);
    const other = (await anAccount(db)).id;
    await refusalOf(anInvoiceOf(facts, { accountId: other }));
    await refusalOf(anInvoiceOf({ ...facts, topUp: { ...facts.topUp, id: "top_none" as never } }));
  });

  test("credit notes never exceed their invoice, whatever their writers read", async () => {
    const invoice = await invoiced();
    await db.write([
      insertInvoice(aCreditNoteOf(invoice, { amount: 40_00, before: 0 })),
      insertInvoice(aCreditNoteOf(invoice, { amount: 50_00, before: 40_00 })),
    ]);
    // Who did not see the second one is told to read again.
    const late = aCreditNoteOf(invoice, { amount: 5_01, before: 40_00 });
    expect((await refusalOf(late)).isConflict).toBe(true);
    const tooMuch = { ...late, creditedBeforeMinor: minor(90_00) };
    expect((await refusalOf(tooMuch)).isConflict).toBe(false);
    await db.write([insertInvoice(aCreditNoteOf(invoice, { amount: 5_00, before: 90_00 }))]);
    expect(await listDocumentsOfTopUp(db, invoice.topUpId)).toHaveLength(4);
  });

  test("a refund has one credit note, which is cancelled as a whole and once, and then is none", async () => {
    const invoice = await invoiced();
    const refundId = `rfd_${unique()}`;
    await db.write([insertInvoice(aCreditNoteOf(invoice, { amount: 95_00, before: 0, refundId }))]);
    const again = aCreditNoteOf(invoice, { amount: 95_00, before: 0, refundId });
    expect((await refusalOf(again)).isConflict).toBe(true);

    const [, creditNote] = await listDocumentsOfTopUp(db, invoice.topUpId);
    if (creditNote === undefined) throw new Error("The credit note is there.");
    const document = cancellationDocument({ invoice, creditNote, issuedAt: NOON });
    const cancellation = { ...again, id: invoiceId(), creditedBeforeMinor: minor(95_00), document };
    await refusalOf({ ...cancellation, refundId: "rfd_other" });
    await db.write([insertInvoice(cancellation)]);
    await refusalOf({ ...cancellation, id: invoiceId(), creditedBeforeMinor: minor(0) });
    await db.write([insertInvoice(aCreditNoteOf(invoice, { amount: 95_00, before: 0 }))]);
  });

  test("are never changed and never deleted", async () => {
    const invoice = await invoiced();
    for (const sql of [
      "UPDATE invoices SET document = '{}' WHERE id = ?",
      "DELETE FROM invoices WHERE id = ?",
    ]) {
      await expect(db.write([{ sql, args: [invoice.id] }])).rejects.toBeInstanceOf(
        ConstraintViolated,
      );
    }
  });
});
