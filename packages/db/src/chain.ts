import { createHash } from "node:crypto";
import type { Posting } from "@scanmeter/core";

/** The hash an account starts with, before its first posting. */
export const CHAIN_START = "";

/**
 * Chains a posting to the one before it, so that a lost, changed or reordered posting shows. The
 * text that is hashed is the posting as a JSON array in this fixed order, its entries by position and
 * its extensions by lot; the purchase it belongs to comes last, if there is one. A verifier elsewhere
 * needs nothing else. SHA-256, base64url.
 */
export function chainHash(previous: string, posting: Posting): string {
  const text = JSON.stringify([
    previous,
    posting.accountId,
    posting.version,
    posting.kind,
    posting.key,
    posting.fingerprint,
    posting.bookedAt,
    posting.recordedAt,
    posting.scanId,
    posting.hour,
    posting.reverses,
    posting.reason,
    posting.balanceAfter,
    posting.debtAfter,
    posting.entries.map(({ from, to, amount, lotId }) => [from, to, amount, lotId]),
    [...posting.extensions]
      .sort((a, b) => (a.lotId < b.lotId ? -1 : 1))
      .map((moved) => [moved.lotId, moved.oldExpiresAt, moved.newExpiresAt]),
    // Left out and not null, so that postings from before purchases keep their hashes.
    ...(posting.topUpId === null ? [] : [posting.topUpId]),
  ]);
  return createHash("sha256").update(text).digest("base64url");
}
