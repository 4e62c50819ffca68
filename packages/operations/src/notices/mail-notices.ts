/**
 * Makes mails of notices: one for each member who wants it. A notice is marked in the batch that
 * writes its mails, and their keys name both, so a process that dies or another one beside it neither
 * leaves a mail out nor writes one twice.
 */
import { mailKeys } from "@scanmeter/core/documents";
import { groupOf, isMailedTo } from "@scanmeter/core/notices";
import {
  listNoticesToMail,
  mailStatement,
  markNoticesMailed,
  type NoticeMember,
  type NoticeToMail,
  type Statement,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";

export type MailNoticesDeps = Pick<Deps, "db" | "payments">;

/** Answers how many notices there were, at most the limit. */
export async function mailNotices(deps: MailNoticesDeps, limit: number): Promise<number> {
  const waiting = await listNoticesToMail(deps.db, limit);
  if (waiting.length === 0) return 0;
  const site = deps.payments?.publicUrl() || null;
  await deps.db.write([
    ...waiting.flatMap((one) => mailsOf(one, site)),
    markNoticesMailed(waiting.map(({ notice }) => notice.key)),
  ]);
  return waiting.length;
}

function mailsOf(waiting: NoticeToMail, site: string | null): Statement[] {
  const { key, accountId, at } = waiting.notice;
  return recipientsOf(waiting).map(({ userId, email }) =>
    mailStatement({
      key: mailKeys.notice(key, userId),
      accountId,
      to: email,
      template: "notice",
      data: { noticeKey: key, site },
      sendAt: at,
    }),
  );
}

/** Whoever has the receipt of a purchase by mail needs no second mail about it. */
function recipientsOf({ notice, members, receiptTo }: NoticeToMail): readonly NoticeMember[] {
  const receipt = receiptTo?.toLowerCase();
  return members.filter(
    (member) => isMailedTo(member, groupOf[notice.kind]) && member.email.toLowerCase() !== receipt,
  );
}
