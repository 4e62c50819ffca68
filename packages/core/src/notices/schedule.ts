/**
 * What an account is to be told by the clock and by how it stands, and when the next of it is due. A
 * look tells all of it each time: what was told before is found by its key.
 */
import { earliest, type Instant } from "../units.ts";
import { automaticInstants, automaticNotices } from "./automatic.ts";
import { cardInstants, cardNotices } from "./card.ts";
import { expiryInstants, expiryNotices } from "./expiring.ts";
import type { NoticeFacts } from "./facts.ts";
import { levelNotices } from "./level.ts";
import type { Notice } from "./notice.ts";

export function dueNotices(facts: NoticeFacts, now: Instant): Notice[] {
  const { id: accountId } = facts.account;
  return [
    ...levelNotices(facts, now),
    ...expiryNotices(facts, now),
    ...cardNotices(facts, now),
    ...automaticNotices(facts.autoTopUp, now),
  ].map(([key, told]) => ({ key, accountId, at: now, ...told }));
}

/** Null when only a change of the account can bring about another notice. */
export function nextNoticeAt(facts: NoticeFacts, now: Instant): Instant | null {
  const instants = [
    ...expiryInstants(facts, now),
    ...cardInstants(facts),
    ...automaticInstants(facts.autoTopUp, now),
  ];
  return earliest(instants.filter((at) => at !== null && at > now));
}
