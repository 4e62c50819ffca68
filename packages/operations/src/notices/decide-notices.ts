import type { Instant, Journal } from "@scanmeter/core";
import type { AutoTopUpFacts } from "@scanmeter/core/auto-top-up";
import {
  type CardDates,
  changedLevel,
  dueNotices,
  nextNoticeAt,
  type ToldLevel,
} from "@scanmeter/core/notices";
import { insertNotices, putToldLevel, type Statement } from "@scanmeter/db";

export interface NoticesKnown {
  readonly timeZone: string;
  /** What was told of the balance last, as it was read with the books. */
  readonly told: ToldLevel | null;
  readonly card: CardDates | null;
  /** Null where nothing can be bought. */
  readonly autoTopUp: AutoTopUpFacts | null;
}

export interface DecidedNotices {
  /** For the commit of the look; a conflict if somebody else told of the balance meanwhile. */
  readonly statements: Statement[];
  /** When there is something to tell even if nothing happens. */
  readonly nextAt: Instant | null;
}

/** What an account is to be told by now. What it was told before is told once all the same. */
export function decideNotices(books: Journal, known: NoticesKnown): DecidedNotices {
  const { account, lots, now } = books;
  const facts = { account, lots: [...lots], ...known };
  const level = changedLevel(facts, now);
  return {
    statements: [
      ...insertNotices(dueNotices(facts, now)),
      ...(level === null ? [] : [putToldLevel(account.id, { before: known.told, level })]),
    ],
    nextAt: nextNoticeAt(facts, now),
  };
}
