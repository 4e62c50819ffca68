import { credits, idOf, instant, type Posting } from "@scanmeter/core";
import { describe, expect, test } from "vitest";
import { brokenLink, CHAIN_START, chainHash, chainStart, ledgerLineOf } from "./chain.ts";

const posting: Posting = {
  accountId: idOf("account", "a"),
  version: 7,
  kind: "debit",
  key: "hour-scan_s-2",
  fingerprint: null,
  bookedAt: instant(1_000),
  recordedAt: instant(2_000),
  entries: [
    { from: "customer", to: "usage", amount: credits(1), lotId: idOf("lot", "l") },
    { from: "grants", to: "customer", amount: credits(2), lotId: idOf("lot", "m") },
  ],
  extensions: [
    { lotId: idOf("lot", "l"), oldExpiresAt: instant(3_000), newExpiresAt: instant(4_000) },
    { lotId: idOf("lot", "m"), oldExpiresAt: instant(3_000), newExpiresAt: instant(5_000) },
  ],
  scanId: idOf("scan", "s"),
  hour: 2,
  topUpId: null,
  askedBy: null,
  reverses: null,
  reason: null,
  balanceAfter: credits(3),
  debtAfter: credits(0),
};

describe("the hash of a posting", () => {
  const hash = chainHash(CHAIN_START, posting);

  // Whoever verifies a ledger elsewhere computes this very value; a change here orphans every chain.
  test("is the same for ever", () => {
    expect(hash).toBe("J4ttwt5OMXEMlOwzLbqj9t9U4_7YbuKL4_H1J0-XP4E");
  });

  test("is the same for ever, also where a user asked for it", () => {
    expect(chainHash(CHAIN_START, { ...posting, askedBy: "user_1" })).toBe(
      "mYVuwr4I_FscyJ48_xLmhd-02Q6rFwznm_tshGtAMJQ",
    );
  });

  test("depends on the one before", () => {
    expect(chainHash("x", posting)).not.toBe(hash);
  });

  const changes: Partial<Posting>[] = [
    { accountId: idOf("account", "b") },
    { version: 8 },
    { kind: "return" },
    { key: "hour-scan_s-3" },
    { fingerprint: "" },
    { bookedAt: instant(1_001) },
    { recordedAt: instant(2_001) },
    { scanId: null },
    { hour: 3 },
    { topUpId: idOf("topUp", "t") },
    { askedBy: "user_1" },
    { reverses: 1 },
    { reason: "" },
    { balanceAfter: credits(4) },
    { debtAfter: credits(1) },
    { entries: [] },
    { entries: [...posting.entries].reverse() },
    { entries: posting.entries.map((entry) => ({ ...entry, amount: credits(9) })) },
    { entries: posting.entries.map((entry) => ({ ...entry, lotId: null })) },
    { entries: posting.entries.map((entry) => ({ ...entry, from: entry.to, to: entry.from })) },
    { extensions: posting.extensions.slice(1) },
    { extensions: posting.extensions.map((moved) => ({ ...moved, newExpiresAt: instant(9_000) })) },
    { extensions: posting.extensions.map((moved) => ({ ...moved, oldExpiresAt: instant(9) })) },
  ];

  test.each(changes.map((change) => [Object.keys(change)[0], change] as const))(
    "changes with its %s",
    (_, change) => {
      expect(chainHash(CHAIN_START, { ...posting, ...change })).not.toBe(hash);
    },
  );

  test("does not depend on the order in which lots were extended, which is not stored", () => {
    const reversed = { ...posting, extensions: [...posting.extensions].reverse() };
    expect(chainHash(CHAIN_START, reversed)).toBe(hash);
  });
});

describe("a chain is followed posting by posting", () => {
  const first = { ...posting, version: 1 };
  const link = { posting: first, hash: chainHash(CHAIN_START, first) };

  test("from its start on, as long as nothing is missing or changed", () => {
    expect(brokenLink(chainStart, link)).toBeNull();
    const second = { ...posting, version: 2 };
    const place = { version: 1, hash: link.hash };
    expect(brokenLink(place, { posting: second, hash: chainHash(link.hash, second) })).toBeNull();
    expect(brokenLink(place, { posting: second, hash: chainHash("x", second) })).toBe(
      "2 is not what was booked",
    );
    expect(brokenLink(place, { posting: posting, hash: link.hash })).toBe("2 is missing");
    expect(brokenLink(place, link)).toBe("2 is missing");
  });
});

test("a line of an export has all that the hash covers, so that it can be computed from the line alone", () => {
  const hash = chainHash(CHAIN_START, posting);
  const { hash: told, ...parsed } = JSON.parse(ledgerLineOf({ posting, hash }));
  expect(told).toBe(hash);
  expect(parsed).toEqual(posting);
  expect(chainHash(CHAIN_START, parsed)).toBe(hash);
});
