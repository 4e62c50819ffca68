import { credits, type PostingKind } from "@scanmeter/core";
import { aLot, at, books } from "@scanmeter/core/testing";
import { describe, expect, test } from "vitest";
import { asksForLook } from "./asks-for-look.ts";

function afterPosting(
  kind: PostingKind,
  {
    left = 100,
    reason,
    topUpAt = null,
  }: { left?: number; reason?: string; topUpAt?: number | null } = {},
): boolean {
  const journal = books({
    lots: [aLot({ remaining: left })],
    lowBalance: credits(5),
    topUpAt: topUpAt === null ? null : credits(topUpAt),
  });
  journal.book({ kind, key: "k", bookedAt: at(0), ...(reason !== undefined && { reason }) });
  return asksForLook(journal);
}

describe("what was booked asks for a look", () => {
  test("when an hour leaves no more than what the customer is told of, or tops up at", () => {
    expect(afterPosting("debit", { left: 6 })).toBe(false);
    expect(afterPosting("debit", { left: 5 })).toBe(true);
    expect(afterPosting("debit", { left: 8, topUpAt: 7 })).toBe(false);
    expect(afterPosting("debit", { left: 7, topUpAt: 7 })).toBe(true);
  });

  test("when an hour takes the last credit of a lot, and with it the date to renew before", () => {
    const [lot, other] = [aLot({ remaining: 2 }), aLot({ id: "b", remaining: 100 })];
    const afterHours = (hours: number) => {
      const journal = books({ lots: [lot, other], lowBalance: credits(5) });
      const entry = {
        from: "customer",
        to: "usage",
        amount: credits(hours),
        lotId: lot.id,
      } as const;
      journal.book({ kind: "debit", key: "k", bookedAt: at(0), entries: [entry] });
      return asksForLook(journal);
    };
    expect(afterHours(1)).toBe(false);
    expect(afterHours(2)).toBe(true);
  });

  test("when a scan waits for credits, and not when a person paused it", () => {
    expect(afterPosting("scan_paused", { reason: "credits" })).toBe(true);
    expect(afterPosting("scan_paused", { reason: "user" })).toBe(false);
  });

  test("when credits came, went or have another date", () => {
    const kinds = [
      "grant",
      "return",
      "breakage",
      "extension",
      "freeze",
      "release",
      "reversal",
    ] as const;
    for (const kind of kinds) expect(afterPosting(kind)).toBe(true);
  });

  test("not when a scan begins, goes on or ends", () => {
    const kinds = ["scan_started", "scan_resumed", "scan_ended"] as const;
    for (const kind of kinds) expect(afterPosting(kind)).toBe(false);
  });

  test("not when nothing was booked", () => {
    expect(asksForLook(books({ lots: [aLot({ remaining: 0 })] }))).toBe(false);
  });
});
