import { type Entry, type PostingKind, postingKinds } from "@scanmeter/core";
import { at, lotId } from "@scanmeter/core/testing";
import { describe, expect, test } from "vitest";
import { activityItemOf, type PostingInFull, postingViewOf } from "./activity-views.ts";
import type { DocumentView } from "./checkout.ts";

function aPosting(about: Partial<PostingInFull> = {}): PostingInFull {
  return {
    accountId: "acc_1",
    version: 7,
    kind: "debit",
    bookedAt: at(0),
    recordedAt: at(0),
    scanId: null,
    hour: null,
    topUpId: null,
    reason: null,
    balanceAfter: 0,
    debtAfter: 0,
    credits: 0,
    lotId: null,
    lotCount: 0,
    lotKind: null,
    lotSource: null,
    scanLabel: null,
    targetName: null,
    askedBy: null,
    runnerKeyName: null,
    trigger: null,
    hash: "hash",
    endReason: null,
    entries: [],
    extensions: [],
    ...about,
  };
}

const known = { lotKind: "paid", lotSource: "purchase", lotExpiresAt: at(60) } as const;
const entry = (from: Entry["from"], to: Entry["to"], amount = 3) =>
  ({ from, to, amount: amount as Entry["amount"], lotId: lotId("a"), ...known }) as const;
const owed = (from: Entry["from"], to: Entry["to"]) =>
  ({ from, to, amount: 1 as Entry["amount"], lotId: null, lotKind: null }) as const;

const ran = { runnerKeyName: "nightly" };
const automatic = { trigger: "out_of_credits" } as const;
const revived = { ...automatic, reason: "revived" };

const whyOf = (about: Partial<PostingInFull>) => postingViewOf(aPosting(about), []).why;

const invoice = { kind: "invoice", number: "2026-000001", url: "/export/1.pdf" } as DocumentView;
const creditNote = { ...invoice, kind: "credit_note", number: "2026-000002" } as DocumentView;

test.each<[PostingKind, string | null, RegExp]>([
  ["freeze", null, /while a payment is disputed/],
  ["freeze", "frozen_at_expiry", /are kept for up to 14 days/],
  ["release", null, /Frozen credits released/],
  ["release", "revived", /revived by a purchase/],
  ["breakage", null, /^Credits expired$/],
  ["breakage", "kept_too_long", /not renewed in time/],
  ["extension", "purchase", /Expiry moved/],
  ["extension", "nothing_to_renew", /Nothing to renew: /],
  ["scan_paused", "runner", /^Scan of a scan paused by the runner$/],
  ["scan_paused", "credits", /^Scan of a scan paused: waiting for credits$/],
  ["scan_resumed", "credits", /^Scan of a scan resumed: credits arrived$/],
  ["scan_ended", "stopped_by_user", /^Scan of a scan ended: stopped by the user$/],
])("the history says of a %s with the reason %s what it was", (kind, reason, expected) => {
  expect(activityItemOf(aPosting({ kind, reason })).text).toMatch(expected);
});

test.each<[string, Partial<PostingInFull>, string | undefined]>([
  ["the person who asked", { kind: "scan_paused", reason: "user", askedBy: "Ada" }, "Ada"],
  ["the person, whatever ran it", { kind: "scan_ended", askedBy: "Ada", ...ran }, "Ada"],
  ["the person who bought", { kind: "grant", trigger: "manual", askedBy: "Ada" }, "Ada"],
  ["automatic top-up", { kind: "extension", trigger: "before_expiry" }, "Automatic top-up"],
  ["automatic top-up for what it revived", { kind: "release", ...revived }, "Automatic top-up"],
  ["nobody when an automatic purchase is refunded", { kind: "reversal", ...automatic }, undefined],
  ["nobody when a dispute of one is over", { kind: "release", ...automatic }, undefined],
  ["the runner of an hour", { kind: "debit", ...ran }, "nightly"],
  ["the runner that paused", { kind: "scan_paused", reason: "runner", ...ran }, "nightly"],
  ["the runner that finished", { kind: "scan_ended", reason: "failed_target", ...ran }, "nightly"],
  ["nobody when credits ran out", { kind: "scan_paused", reason: "credits", ...ran }, undefined],
  ["nobody when the runner fell silent", { kind: "scan_ended", reason: "lost", ...ran }, undefined],
  ["nobody when time did it", { kind: "breakage" }, undefined],
])("a line names %s", (_, about, who) => {
  expect(activityItemOf(aPosting(about)).who).toBe(who);
});

test("a line names its lot, how many others it moved, its target and its invoice, and only those it has", () => {
  const lot = { lotId: "lot_a", lotCount: 3, lotKind: "free", lotSource: "adjustment" } as const;
  const line = activityItemOf(aPosting({ ...lot, targetName: "Shop", scanId: "scan_1" }), invoice);
  expect(line).toMatchObject({
    lot: { kind: "free", source: "adjustment", others: 2 },
    targetName: "Shop",
    invoice: { number: "2026-000001", url: "/export/1.pdf" },
  });
  expect(Object.keys(activityItemOf(aPosting()))).toEqual([
    "id",
    "version",
    "kind",
    "credits",
    "balanceAfter",
    "bookedAt",
    "text",
  ]);
});

describe("a posting in full", () => {
  test("shows what left and what came to each lot, and where from or where to", () => {
    const entries = [
      entry("customer", "usage"),
      entry("holds", "customer"),
      owed("usage", "customer"),
    ];
    const { moves } = postingViewOf(aPosting({ entries }), []);
    const lot = { id: lotId("a"), kind: "paid", source: "purchase", expiresAt: expect.any(String) };
    expect(moves).toEqual([
      { credits: -3, text: "spent on scanning", lot },
      { credits: 3, text: "no longer set aside", lot },
      { credits: 1, text: "returned from scanning", lot: null },
    ]);
  });

  test("shows credits that repay what is owed as gone from their lot, and says so", () => {
    const entries = [entry("purchases", "customer", 10), entry("customer", "customer", 4)];
    const view = postingViewOf(aPosting({ kind: "grant", entries }), []);
    expect(view.moves.map(({ credits, text }) => [credits, text])).toEqual([
      [10, "came in as paid credits"],
      [-4, "repaid what was owed"],
    ]);
    expect(view.why).toContain("Some of them repaid hours that were owed.");
  });

  test("shows each moved date, and the documents of its purchase with the invoice on its line", () => {
    const extensions = [{ lotId: lotId("a"), oldExpiresAt: at(1), newExpiresAt: at(2), ...known }];
    const view = postingViewOf(aPosting({ extensions }), [invoice, creditNote]);
    expect(view.dates).toMatchObject([
      {
        lot: { id: lotId("a") },
        oldExpiresAt: "2026-03-10T12:01:00.000Z",
        newExpiresAt: "2026-03-10T12:02:00.000Z",
      },
    ]);
    expect(view).toMatchObject({
      invoice: { number: "2026-000001" },
      documents: [invoice, creditNote],
    });
  });

  test("that was written down late says from when it counts", () => {
    expect(whyOf({ recordedAt: at(1) })).toHaveLength(1);
    expect(whyOf({ recordedAt: at(1, 1) })[1]).toMatch(/^It counts from the instant it was due/);
  });
});

describe("every posting is explained", () => {
  test.each(postingKinds)("%s", (kind) => {
    for (const reason of [null, "anything"]) {
      const [why] = whyOf({ kind, reason });
      expect(why).toMatch(/^[A-Z].{30,}\.$/);
      expect(why).not.toMatch(/undefined|null|anything/);
    }
  });

  test.each<[string, Partial<PostingInFull>, RegExp]>([
    ["bought credits", { kind: "grant", topUpId: "top_1" }, /A purchase was paid/],
    ["a gift", { kind: "grant", lotKind: "free" }, /gave these credits away/],
    ["an operator's grant", { kind: "grant", lotKind: "paid" }, /count as paid ones/],
    ["a correction", { kind: "grant", entries: [entry("adjustments", "customer")] }, /corrected/],
    ["an hour", { entries: [entry("customer", "usage")] }, /costs 1 credit, at most 5/],
    ["an hour nobody could pay", { entries: [owed("customer", "usage")] }, /so the hour is owed/],
    ["our fault", { kind: "return", endReason: "failed_platform" }, /through our fault/],
    ["a lost runner", { kind: "return", endReason: "lost" }, /fell silent/],
    ["an hour that did not begin", { kind: "return", endReason: "completed" }, /ended before/],
    ["kept credits", { kind: "freeze", reason: "frozen_at_expiry" }, /Renewal was asked for/],
    ["a dispute", { kind: "freeze" }, /the bank decides/],
    ["kept too long", { kind: "breakage", reason: "kept_too_long" }, /no purchase came/],
    ["money that came back", { kind: "reversal", credits: 1 }, /was paid after all/],
    ["a pause", { kind: "scan_paused", reason: "user", askedBy: "Ada" }, /^Ada asked for it/],
    ["a pause of who is not known", { kind: "scan_paused", reason: "user" }, /^Somebody asked/],
    ["waiting for credits", { kind: "scan_paused", reason: "credits" }, /goes on by itself/],
  ])("%s for its own reason", (_, about, expected) => {
    expect(whyOf(about)[0]).toMatch(expected);
  });
});
