import { createHash } from "node:crypto";
import type { Posting } from "@scanmeter/core";
import type { ChainLink } from "./queries/chain-walk.ts";

/** The hash an account starts with, before its first posting. */
export const CHAIN_START = "";

/**
 * Chains a posting to the one before it, so that a lost, changed or reordered posting shows. The
 * text that is hashed is the posting as a JSON array in this fixed order, its entries by position and
 * its extensions by lot; last come the purchase it belongs to and, as an object, who asked for it, if
 * there are any. A verifier elsewhere needs nothing else. SHA-256, base64url.
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
    // Left out and not null, so that postings from before there were such keep their hashes.
    ...(posting.topUpId === null ? [] : [posting.topUpId]),
    ...(posting.askedBy === null ? [] : [{ askedBy: posting.askedBy }]),
  ]);
  return createHash("sha256").update(text).digest("base64url");
}

/** Up to where a chain was followed: the version of the last posting and its hash. */
export interface ChainPlace {
  readonly version: number;
  readonly hash: string;
}

export const chainStart: ChainPlace = { version: 0, hash: CHAIN_START };

/** What is wrong with a posting behind the one at a place, in words that follow "posting …"; or null. */
export function brokenLink(at: ChainPlace, { posting, hash }: ChainLink): string | null {
  if (posting.version !== at.version + 1) return `${at.version + 1} is missing`;
  const isWhole = chainHash(at.hash, posting) === hash;
  return isWhole ? null : `${posting.version} is not what was booked`;
}

/**
 * A posting as a line of JSON that somebody can keep and check without us: all that is hashed, and the
 * hash. The text that was hashed follows from it as `chainHash` says.
 */
export function ledgerLineOf({ posting, hash }: ChainLink): string {
  const { accountId, version, kind, key, fingerprint, bookedAt, recordedAt, scanId, hour } =
    posting;
  const { reverses, reason, balanceAfter, debtAfter, entries, extensions, topUpId, askedBy } =
    posting;
  const about = { accountId, version, kind, key, fingerprint, bookedAt, recordedAt, scanId, hour };
  const made = {
    reverses,
    reason,
    balanceAfter,
    debtAfter,
    entries,
    extensions,
    topUpId,
    askedBy,
    hash,
  };
  return JSON.stringify({ ...about, ...made });
}
