/** Everything that makes up an account's balance, for an operator who has to answer a customer. */
import { instant, isoOf } from "@scanmeter/core";
import { type Database, findAccount, findSnapshot, listActivity, listHolds } from "@scanmeter/db";

const POSTINGS_SHOWN = 50;

/** Plain data: instants in ISO 8601, credits whole numbers. Null for an unknown account. */
export async function explain(db: Database, idOrEmail: string) {
  const account = await findAccount(db, idOrEmail);
  if (account === null) return null;
  const snapshot = await findSnapshot(db, account.id);
  const postings = await listActivity(db, {
    accountId: account.id,
    beforeVersion: null,
    limit: POSTINGS_SHOWN,
    kinds: null,
    from: null,
    to: null,
  });
  return {
    account,
    balance: snapshot?.account.balance ?? 0,
    debt: snapshot?.account.debt ?? 0,
    lots: (snapshot?.lots ?? []).map((lot) => ({
      ...lot,
      effectiveAt: isoOf(lot.effectiveAt),
      expiresAt: isoOf(lot.expiresAt),
    })),
    /** What of which lots is frozen for which dispute. */
    holds: await listHolds(db, account.id),
    openScans: (snapshot?.openScans ?? []).map(({ scan, targetUrl }) => ({
      scanId: scan.id,
      targetUrl,
      state: scan.state,
      hours: scan.hours.map((hour) => ({ ...hour, boundary: isoOf(hour.boundary) })),
      nextDueAt: scan.nextDueAt === null ? null : isoOf(scan.nextDueAt),
    })),
    /** The newest first. */
    postings: postings.map((posting) => ({
      ...posting,
      bookedAt: isoOf(instant(posting.bookedAt)),
    })),
  };
}
