/** Who may have a document, and how it arrives. */
import { type AccountId, idOf } from "@scanmeter/core";
import { invoiceDocument } from "@scanmeter/core/documents";
import { insertInvoice } from "@scanmeter/db";
import { aPaidTopUp, unique } from "@scanmeter/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { joinAs, signOut } from "../testing/members.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "../testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let eve: TestCustomer;
let adas: string;
let eves: string;

beforeAll(async () => {
  on = await startTestEdge();
  [ada, eve] = [await on.signUp("Ada"), await on.signUp("Eve")];
  [adas, eves] = [await invoiceOf(ada), await invoiceOf(eve)];
});
afterAll(() => on.stop());

async function invoiceOf(who: TestCustomer): Promise<string> {
  const db = on.operations.database;
  const accountId = who.accountId as AccountId;
  const facts = await aPaidTopUp(db, accountId);
  const id = idOf("invoice", unique());
  await db.write([
    insertInvoice({
      id,
      accountId,
      topUpId: facts.topUp.id,
      refundId: null,
      year: 2026,
      issuedAt: facts.issuedAt,
      creditedBeforeMinor: null,
      document: invoiceDocument(facts),
    }),
  ]);
  return id;
}

const download = (file: string, cookie?: string, method = "GET") =>
  fetch(`${on.url}/export/invoices/${file}`, { method, headers: cookie ? { cookie } : {} });

const answerOf = async (response: Response) => [response.status, await response.text()];

describe("a document", () => {
  test("arrives as a file named by its number, for nobody's cache", async () => {
    const response = await download(`${adas}.pdf`, ada.cookie);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/pdf",
      "content-disposition": 'attachment; filename="scanmeter-2026-000001.pdf"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
  });

  test.each(["owner", "billing", "member"] as const)(
    "is for the %s of its account",
    async (role) => {
      const joined = await on.signUp("Somebody");
      const cookie = await joinAs(on, joined, { accountId: ada.accountId, role });
      expect((await download(`${adas}.pdf`, cookie)).status).toBe(200);
      expect((await download(`${eves}.pdf`, cookie)).status).toBe(404);
    },
  );

  test("of another account is as missing as one that never was", async () => {
    const missing = await answerOf(await download("inv_never.pdf", ada.cookie));
    expect(missing[0]).toBe(404);
    expect(await answerOf(await download(`${eves}.pdf`, ada.cookie))).toEqual(missing);
    expect((await download(`${eves}.pdf`, eve.cookie)).status).toBe(200);
    for (const file of [
      adas,
      `${adas}.txt`,
      `${adas}.pdf.pdf`,
      ".pdf",
      `${adas}.pdf/more`,
      `%2e%2e%2f${adas}.pdf`,
      `${adas}'--.pdf`,
      `${"x".repeat(5_000)}.pdf`,
    ]) {
      expect(await answerOf(await download(file, ada.cookie))).toEqual(missing);
    }
  });

  test("is for nobody who is not signed in, there or not", async () => {
    const strangers = [undefined, "scanmeter.session_token=made-up"];
    for (const cookie of strangers) {
      const [there, not] = await Promise.all([
        download(`${adas}.pdf`, cookie).then(answerOf),
        download("inv_never.pdf", cookie).then(answerOf),
      ]);
      expect(there[0]).toBe(401);
      expect(there).toEqual(not);
    }
    const key = await ada.api.runnerKeys.create.mutate({ name: "CI" });
    const withKey = await fetch(`${on.url}/export/invoices/${adas}.pdf`, {
      headers: { authorization: `Bearer ${key.secret}` },
    });
    expect(withKey.status).toBe(401);
  });

  test("is no longer for somebody who signed out", async () => {
    const joined = await on.signUp("Gone");
    const cookie = await joinAs(on, joined, { accountId: ada.accountId, role: "member" });
    await signOut(on.url, cookie);
    expect((await download(`${adas}.pdf`, cookie)).status).toBe(401);
  });

  test("is only read: nothing else can be done to its address", async () => {
    expect((await download(`${adas}.pdf`, ada.cookie, "HEAD")).status).toBe(200);
    expect((await download(`${adas}.pdf`, ada.cookie, "DELETE")).status).toBe(404);
    expect((await download(`${adas}.pdf`, ada.cookie, "POST")).status).toBe(404);
  });
});

test("the list of documents has the account's own, with where each is downloaded", async () => {
  const [mine, ...more] = await ada.api.invoices.list.query();
  expect(more).toEqual([]);
  expect(mine).toMatchObject({
    id: adas,
    number: "2026-000001",
    kind: "invoice",
    totalMinor: 95_00,
    currency: "EUR",
    url: `/export/invoices/${adas}.pdf`,
  });
  expect((await eve.api.invoices.list.query()).map(({ id }) => id)).toEqual([eves]);
});
