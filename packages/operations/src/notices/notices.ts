/** What members do with notices: read them, and say which they want mailed. */
import { type Credits, earlier, type Instant } from "@scanmeter/core";
import type { Notice } from "@scanmeter/core/notices";
import {
  askForLooks,
  findNoticeChoices,
  findReading,
  listNotices,
  moveReadUntil,
  type NoticeChoices,
  type NoticePlace,
  putLowBalance,
  putMuted,
  type Reader,
  type Reading,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

export interface NoticesPage extends Reading {
  /** The newest first. */
  readonly notices: readonly Notice[];
  /** Where the next page goes on; null on the last one. */
  readonly next: NoticePlace | null;
}

export interface NoticesRequest extends Reader {
  readonly before: NoticePlace | null;
  readonly limit: number;
}

export interface ChoicesRequest extends Reader {
  readonly muted: readonly string[];
  /** Left out, it stays as it is. */
  readonly lowBalance?: Credits | undefined;
}

export interface Notices {
  list(request: NoticesRequest): Promise<NoticesPage>;
  /** Everything up to an instant was read; answers what is left. */
  markRead(reader: Reader, until: Instant): Promise<Reading>;
  choices(reader: Reader): Promise<NoticeChoices>;
  choose(request: ChoicesRequest): Promise<NoticeChoices>;
}

export function makeNotices(deps: Pick<Deps, "db" | "clock" | "wake">): Notices {
  const { db, clock } = deps;

  async function choices(reader: Reader): Promise<NoticeChoices> {
    const found = await findNoticeChoices(db, reader);
    if (found === null) throw new Error("A member's account exists.");
    return found;
  }

  return {
    async list({ before, limit, ...reader }) {
      const { accountId } = reader;
      const found = await listNotices(db, { accountId, before, limit: limit + 1 });
      const notices = found.slice(0, limit);
      const last = notices.at(-1);
      const next = found.length > limit && last ? { at: last.at, key: last.key } : null;
      return { notices, next, ...(await findReading(db, reader)) };
    },

    async markRead(reader, until) {
      // What is told later was not read yet, whatever a page's clock says.
      await db.write([moveReadUntil(reader, earlier(until, clock.now()))]);
      return findReading(db, reader);
    },

    choices,

    async choose({ muted, lowBalance, ...reader }) {
      const { accountId } = reader;
      const before = await choices(reader);
      const isMoved = lowBalance !== undefined && lowBalance !== before.lowBalance;
      await db.write([
        putMuted(reader, muted),
        ...(isMoved
          ? [putLowBalance(accountId, lowBalance), askForLooks([accountId], clock.now())]
          : []),
      ]);
      if (isMoved) deps.wake({ about: "look", accountId });
      return choices(reader);
    },
  };
}
