/** How notices look on the wire. Pure, so that every doorway says the same. */
import { type Credits, type Instant, isoOf } from "@scanmeter/core";
import {
  groupLabels,
  groupsFor,
  isAlwaysMailed,
  isMailedTo,
  type Notice,
  type NoticeReader,
  noticeWords,
} from "@scanmeter/core/notices";
import type { NoticePreferencesView, NoticesView, NoticeView } from "./notices.ts";

export interface NoticesFacts {
  /** The newest first. */
  readonly notices: readonly Notice[];
  /** The member has read everything up to this instant. */
  readonly readUntil: Instant;
  readonly unread: number;
  /** The last one of this page, when another follows. */
  readonly next: { readonly at: Instant; readonly key: string } | null;
}

export function noticesViewOf(facts: NoticesFacts, timeZone: string): NoticesView {
  const { notices, readUntil, unread, next } = facts;
  return {
    items: notices.map((notice) => noticeViewOf(notice, { readUntil, timeZone })),
    unread,
    nextCursor: next === null ? null : `${next.at}.${next.key}`,
  };
}

export function noticeViewOf(
  notice: Notice,
  { readUntil, timeZone }: { readonly readUntil: Instant; readonly timeZone: string },
): NoticeView {
  const { key, kind, at } = notice;
  const { title, text, action } = noticeWords(notice, { timeZone });
  return { key, kind, at: isoOf(at), title, text, isRead: at <= readUntil, action };
}

/** The groups a member can get at all, each with whether it is mailed to them. */
export function noticePreferencesViewOf(
  reader: NoticeReader & {
    readonly lowBalance: Credits;
    readonly others: readonly (NoticeReader & { readonly name: string })[];
  },
): NoticePreferencesView {
  return {
    groups: groupsFor(reader).map((name) => ({
      name,
      label: groupLabels[name],
      isMailed: isMailedTo(reader, name),
      isAlwaysMailed: isAlwaysMailed(name),
      alsoTo: reader.others.filter((other) => isMailedTo(other, name)).map((other) => other.name),
    })),
    lowBalance: reader.lowBalance,
  };
}
