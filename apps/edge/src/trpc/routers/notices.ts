import { noticePreferencesViewOf, noticesViewOf } from "@scanmeter/contracts/notice-views";
import type { NoticePreferencesView, NoticesView } from "@scanmeter/contracts/notices";
import { credits, type Instant, instant } from "@scanmeter/core";
import { isAlwaysMailed, noticeGroups } from "@scanmeter/core/notices";
import { z } from "zod";
import { instantInput, nothing, whole } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { refusedError } from "../refusals.ts";

const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;
const LOW_BALANCE_MAX = 1_000_000;

/** The instant and the key of the last notice seen, as the page before named it. */
const cursor = z
  .string()
  .regex(/^\d{1,15}\.[\w-]{1,200}$/, "a cursor of an earlier page")
  .transform((text): { at: Instant; key: string } => {
    const at = text.slice(0, text.indexOf("."));
    return { at: instant(Number(at)), key: text.slice(at.length + 1) };
  });

const groups = noticeGroups.filter((group) => !isAlwaysMailed(group));

/** Every member reads what the account was told, and chooses for themselves what is mailed to them. */
export const noticesRouter = router({
  /** The newest first. */
  list: customerProcedure
    .input(
      z
        .strictObject({
          cursor: cursor.optional(),
          limit: whole({ min: 1, max: PAGE_MAX }).optional(),
        })
        .optional(),
    )
    .query(async ({ ctx, input = {} }): Promise<NoticesView> => {
      const { limit = PAGE_DEFAULT, cursor: before = null } = input;
      const { accountId, user, services, account } = ctx;
      const reader = { accountId, userId: user.id };
      const page = await services.operations.notices.list({ ...reader, before, limit });
      return noticesViewOf(page, account.timeZone);
    }),

  markRead: customerProcedure
    .input(z.strictObject({ until: instantInput }))
    .mutation(async ({ ctx, input: { until } }): Promise<{ unread: number }> => {
      const reader = { accountId: ctx.accountId, userId: ctx.user.id };
      const { unread } = await ctx.services.operations.notices.markRead(reader, until);
      return { unread };
    }),

  preferences: customerProcedure
    .input(nothing)
    .query(async ({ ctx }): Promise<NoticePreferencesView> => {
      const { accountId, role, user, services } = ctx;
      const choices = await services.operations.notices.choices({ accountId, userId: user.id });
      return noticePreferencesViewOf({ role, ...choices });
    }),

  /** The balance that counts as low is the account's, so whoever pays decides about it. */
  savePreferences: customerProcedure
    .input(
      z.strictObject({
        muted: z.array(z.enum(groups)).max(noticeGroups.length),
        lowBalance: whole({ min: 0, max: LOW_BALANCE_MAX }).transform(credits).optional(),
      }),
    )
    .mutation(async ({ ctx, input }): Promise<NoticePreferencesView> => {
      const { accountId, role, user, services } = ctx;
      if (role === "member" && input.lowBalance !== undefined) {
        throw refusedError({ code: "forbidden", role });
      }
      const reader = { accountId, userId: user.id };
      const choices = await services.operations.notices.choose({ ...reader, ...input });
      return noticePreferencesViewOf({ role, ...choices });
    }),
});
