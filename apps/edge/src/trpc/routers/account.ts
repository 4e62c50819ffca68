import type { BillingView } from "@scanmeter/contracts/checkout";
import type { ActivityPage } from "@scanmeter/contracts/live";
import { activityItemOf } from "@scanmeter/contracts/views";
import { isoOf, postingKinds } from "@scanmeter/core";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { instantInput, lastEventId, nothing, whole } from "../../inputs.ts";
import { accountFrames } from "../../live/account-feed.ts";
import { customerProcedure, ownerProcedure, router } from "../init.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";
import { billingInput } from "./checkout-inputs.ts";

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

/** The version of the last item seen, as text, so that a client takes it as it is. */
const cursor = z
  .string()
  .regex(/^\d{1,15}$/, "a cursor of an earlier page")
  .transform(Number);

export const accountRouter = router({
  overview: customerProcedure
    .input(nothing)
    .query(({ ctx }) => ctx.services.views.overview(ctx.account)),

  live: customerProcedure
    .input(z.strictObject({ lastEventId }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      const frames = accountFrames(ctx.services.hub, {
        accountId: ctx.accountId,
        after: input?.lastEventId ?? null,
        signal,
        reader: ctx.connection,
      });
      for await (const frame of frames) yield tracked(String(frame.version), frame);
    }),

  balanceAt: customerProcedure
    .input(z.strictObject({ at: instantInput }))
    .query(async ({ ctx, input: { at } }) => ({
      at: isoOf(at),
      balance: await ctx.services.operations.balanceAt(ctx.accountId, at),
    })),

  activity: customerProcedure
    .input(
      z
        .strictObject({
          cursor: cursor.optional(),
          limit: whole({ min: 1, max: PAGE_MAX }).optional(),
          kinds: z.array(z.enum(postingKinds)).min(1).max(postingKinds.length).optional(),
          from: instantInput.optional(),
          to: instantInput.optional(),
        })
        .optional(),
    )
    .query(async ({ ctx, input = {} }): Promise<ActivityPage> => {
      const { limit = PAGE_DEFAULT, ...query } = input;
      const page = await ctx.services.operations.activity({
        accountId: ctx.accountId,
        limit,
        ...query,
      });
      return {
        items: page.items.map(activityItemOf),
        nextCursor: page.nextCursor === null ? null : String(page.nextCursor),
      };
    }),

  billing: customerProcedure
    .input(nothing)
    .query(
      async ({ ctx }): Promise<BillingView | null> =>
        (await ctx.services.operations.buying?.findBilling(ctx.accountId)) ?? null,
    ),

  saveBilling: buyerProcedure
    .input(billingInput)
    .mutation(({ ctx, input }): Promise<BillingView> => {
      const { accountId } = ctx;
      return buyingOf(ctx).saveBilling({ accountId, billing: input });
    }),

  setWhenOutOfCredits: ownerProcedure
    .input(z.strictObject({ value: z.enum(["pause", "finish"]) }))
    .mutation(async ({ ctx, input: { value } }) => {
      await ctx.services.operations.setWhenOutOfCredits({ accountId: ctx.accountId, value });
      return { value };
    }),
});
