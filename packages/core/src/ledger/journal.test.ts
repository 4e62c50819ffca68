import { describe, expect, test } from "vitest";
import { BrokenInvariant } from "../invariant.ts";
import { aLot, aScan, at, books, lotId, lotIn, noon, scanId } from "../testing/builders.ts";
import { credits } from "../units.ts";
import { type PostingDraft, SpentLotsNotRead } from "./journal.ts";
import type { Entry } from "./posting.ts";

const one = credits(1);
const draft: PostingDraft = { kind: "adjustment", key: "key", bookedAt: noon };
const entry = (change: Partial<Entry>): Entry => ({
  from: "customer",
  to: "usage",
  amount: one,
  lotId: lotId("a"),
  ...change,
});

describe("a posting", () => {
  test("takes the next version, and the one after it the next again", () => {
    const journal = books({ version: 7 });
    expect(journal.book(draft).version).toBe(8);
    expect(journal.book({ ...draft, key: "other" }).version).toBe(9);
    expect(journal.account.version).toBe(9);
  });

  test("says when it counts and when it was written down", () => {
    const journal = books({ now: at(5) });
    expect(journal.book(draft)).toMatchObject({ bookedAt: noon, recordedAt: at(5) });
  });

  test("moves a lot by exactly its entries, and the balance with it", () => {
    const journal = books({ lots: [aLot({ remaining: 4 })] });
    const posting = journal.book({ ...draft, entries: [entry({ amount: credits(3) })] });
    expect(lotIn(journal).remaining).toBe(1);
    expect(posting.balanceAfter).toBe(1);
    journal.book({ ...draft, entries: [entry({ from: "usage", to: "customer" })] });
    expect(lotIn(journal).remaining).toBe(2);
    expect(journal.account.balance).toBe(2);
  });

  test("without a lot moves the debt", () => {
    const journal = books({ debt: 1 });
    expect(journal.book({ ...draft, entries: [entry({ lotId: null })] }).debtAfter).toBe(2);
    const back = entry({ from: "usage", to: "customer", lotId: null });
    expect(journal.book({ ...draft, entries: [back] }).debtAfter).toBe(1);
    expect(journal.account.balance).toBe(0);
  });

  test("from a lot to the customer repays debt", () => {
    const journal = books({ lots: [aLot({ remaining: 4 })], debt: 3 });
    const posting = journal.book({
      ...draft,
      entries: [entry({ to: "customer", amount: credits(2) })],
    });
    expect(posting).toMatchObject({ balanceAfter: 2, debtAfter: 1 });
  });

  test("that freezes takes credits out of reach and leaves them in their lot", () => {
    const journal = books({ lots: [aLot({ granted: 4, remaining: 4 })] });
    const frozen = journal.book({
      ...draft,
      entries: [entry({ to: "holds", amount: credits(3) })],
    });
    expect(lotIn(journal)).toMatchObject({ remaining: 1, frozen: 3 });
    expect(frozen).toMatchObject({ balanceAfter: 1, debtAfter: 0 });
    journal.book({ ...draft, entries: [entry({ from: "holds", to: "customer" })] });
    expect(lotIn(journal)).toMatchObject({ remaining: 2, frozen: 2 });
    expect(journal.account.balance).toBe(2);
  });

  test("says by its reason whether what it freezes is kept past its date", () => {
    const journal = books({ lots: [aLot({ granted: 9, remaining: 9 })] });
    const hold = (reason: string | undefined, change: Partial<Entry>) => {
      const entries = [entry({ to: "holds", ...change })];
      journal.book({ ...draft, entries, ...(reason === undefined ? {} : { reason }) });
      const { frozen, kept } = lotIn(journal);
      return { frozen, kept };
    };
    const back = { from: "holds", to: "customer" } as const;
    expect(hold(undefined, { amount: credits(2) })).toEqual({ frozen: 2, kept: 0 });
    expect(hold("frozen_at_expiry", { amount: credits(4) })).toEqual({ frozen: 6, kept: 4 });
    expect(hold("revived", back)).toEqual({ frozen: 5, kept: 3 });
    expect(hold("kept_too_long", back)).toEqual({ frozen: 4, kept: 2 });
    expect(hold("another reason", back)).toEqual({ frozen: 3, kept: 2 });
  });

  test("begins another time of having credits if it grants some", () => {
    const journal = books({ creditEpoch: 3 });
    journal.book(draft);
    expect(journal.account.creditEpoch).toBe(3);
    journal.book({ ...draft, kind: "grant" });
    expect(journal.account.creditEpoch).toBe(4);
  });

  test("carries only what it is given", () => {
    expect(books().book(draft)).toMatchObject({
      fingerprint: null,
      entries: [],
      extensions: [],
      scanId: null,
      hour: null,
      topUpId: null,
      reverses: null,
      reason: null,
    });
  });
});

describe("the books never hold", () => {
  test.each<[string, Partial<Entry>]>([
    ["more than was granted", { from: "usage", to: "customer", amount: credits(6) }],
    ["less than nothing", { amount: credits(5) }],
    ["an entry that moves nothing", { amount: credits(0) }],
    ["an entry that passes the customer by", { from: "grants", to: "usage" }],
    ["a negative debt", { from: "usage", to: "customer", lotId: null, amount: credits(2) }],
    ["a debt repaid from nowhere", { to: "customer", lotId: null }],
    ["more debt repaid than there is", { to: "customer", amount: credits(2) }],
    ["a debt that is frozen", { to: "holds", lotId: null }],
    ["more frozen than there is", { to: "holds", amount: credits(5) }],
    ["more released than was frozen", { from: "holds", to: "customer", amount: credits(3) }],
    [
      "what is frozen and more than the rest",
      { from: "usage", to: "customer", amount: credits(4) },
    ],
  ])("%s", (_, change) => {
    const journal = books({ lots: [aLot({ granted: 9, remaining: 4, frozen: 2 })], debt: 1 });
    expect(() => journal.book({ ...draft, entries: [entry(change)] })).toThrow(BrokenInvariant);
  });

  test.each<[string, PostingDraft["reason"]]>([
    ["kept credits released for a dispute", undefined],
    ["more revived than is kept", "revived"],
  ])("%s", (_, reason) => {
    const journal = books({ lots: [aLot({ remaining: 4, frozen: 3, kept: 2 })] });
    const entries = [entry({ from: "holds", to: "customer", amount: credits(3) })];
    const posting = { ...draft, entries, ...(reason === undefined ? {} : { reason }) };
    expect(() => journal.book(posting)).toThrow(BrokenInvariant);
  });

  test("a lot that came with credits of its own making", () => {
    expect(() => books().addLot(aLot({ id: "new", remaining: 1 }))).toThrow(BrokenInvariant);
  });

  test("the same lot twice", () => {
    const journal = books({ lots: [aLot()] });
    expect(() => journal.addLot(aLot({ remaining: 0 }))).toThrow(BrokenInvariant);
  });
});

describe("an extension", () => {
  const moved = (from: number, to: number) => ({
    ...draft,
    extensions: [{ lotId: lotId("a"), oldExpiresAt: at(from), newExpiresAt: at(to) }],
  });

  test("moves the date and nothing else", () => {
    const lot = aLot({ expiresAt: at(60) });
    const journal = books({ lots: [lot] });
    journal.book(moved(60, 61));
    expect(lotIn(journal)).toEqual({ ...lot, expiresAt: at(61) });
  });

  test("that starts from another date than the lot has is a broken promise", () => {
    const journal = books({ lots: [aLot({ expiresAt: at(60) })] });
    expect(() => journal.book(moved(59, 61))).toThrow(BrokenInvariant);
  });

  test("never shortens a life, nor leaves it as it was", () => {
    const journal = books({ lots: [aLot({ expiresAt: at(60) })] });
    expect(() => journal.book(moved(60, 59))).toThrow(BrokenInvariant);
    expect(() => journal.book(moved(60, 60))).toThrow(BrokenInvariant);
  });
});

test("asking for a lot that was not read says so, instead of guessing", () => {
  expect(() => books().lot(lotId("a"))).toThrow(SpentLotsNotRead);
});

test("the books remember which scans changed and which lots are new", () => {
  const journal = books({ lots: [aLot()], scans: [aScan({ id: "s" }), aScan({ id: "u" })] });
  journal.putScan(aScan({ id: "u", label: "changed" }));
  journal.addLot(aLot({ id: "new", granted: 1, remaining: 0 }));
  expect([...journal.changedScans]).toEqual([scanId("u")]);
  expect(journal.newLots.map(({ id }) => id)).toEqual([lotId("new")]);
});
