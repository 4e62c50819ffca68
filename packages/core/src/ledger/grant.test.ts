import { describe, expect, test } from "vitest";
import { aLot, at, type BooksFacts, books, lotId, lotIn, noon } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { decideGrant, type Grant } from "./grant.ts";

function granting(facts: BooksFacts, change: Partial<Grant> = {}) {
  const journal = books(facts);
  const outcome = decideGrant(journal, {
    lotId: lotId("new"),
    credits: credits(10),
    kind: "paid",
    source: "operator grant",
    expiresAt: at(60),
    key: "grant-1",
    fingerprint: "ten paid credits",
    ...change,
  });
  return { journal, outcome };
}

describe("a grant", () => {
  test("creates a lot that is spendable at once and holds everything granted", () => {
    const { journal, outcome } = granting({});
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        kind: "grant",
        key: "grant-1",
        fingerprint: "ten paid credits",
        bookedAt: noon,
        reason: "operator grant",
        entries: [{ from: "purchases", to: "customer", amount: 10, lotId: lotId("new") }],
        balanceAfter: 10,
      },
    });
    expect(lotIn(journal, "new")).toMatchObject({
      kind: "paid",
      granted: 10,
      remaining: 10,
      effectiveAt: noon,
      expiresAt: at(60),
    });
  });

  test("leaves the lots that were there as they are", () => {
    const old = aLot({ remaining: 3 });
    const { journal } = granting({ lots: [old] });
    expect(lotIn(journal)).toEqual(old);
    expect(journal.account.balance).toBe(13);
  });

  test("of credits that would already be over is refused, and books nothing", () => {
    const { journal, outcome } = granting({}, { expiresAt: noon });
    expect(outcome).toEqual({
      ok: false,
      refusal: { code: "invalid_expiry", expiresAt: "2026-03-10T12:00:00.000Z" },
    });
    expect(journal.postings).toEqual([]);
    expect(journal.newLots).toEqual([]);
  });

  test("of credits with a millisecond to live is a grant", () => {
    expect(granting({}, { expiresAt: at(0, 1) }).outcome.ok).toBe(true);
  });
});

describe("credits that were paid for", () => {
  test("repay the debt first", () => {
    const { journal, outcome } = granting({ debt: 4 });
    expect(outcome).toMatchObject({
      value: {
        entries: [
          { from: "purchases", to: "customer", amount: 10 },
          { from: "customer", to: "customer", amount: 4, lotId: lotId("new") },
        ],
        balanceAfter: 6,
        debtAfter: 0,
      },
    });
    expect(lotIn(journal, "new")).toMatchObject({ granted: 10, remaining: 6 });
  });

  test("all go to a debt that is as large", () => {
    const { journal } = granting({ debt: 10 });
    expect(lotIn(journal, "new").remaining).toBe(0);
    expect(journal.account).toMatchObject({ balance: 0, debt: 0 });
  });

  test("leave the rest of a larger debt", () => {
    const { journal } = granting({ debt: 11 });
    expect(journal.account).toMatchObject({ balance: 0, debt: 1 });
  });
});

test("credits that were a gift leave the debt alone", () => {
  const { journal, outcome } = granting({ debt: 4 }, { kind: "free" });
  expect(outcome).toMatchObject({
    value: { entries: [{ from: "grants", to: "customer", amount: 10, lotId: lotId("new") }] },
  });
  expect(journal.account).toMatchObject({ balance: 10, debt: 4 });
});
