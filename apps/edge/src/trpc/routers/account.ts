import type { LedgerCheckView, PostingView } from "@scanmeter/contracts/activity";
import {
  activityItemOf,
  ledgerCheckViewOf,
  postingViewOf,
} from "@scanmeter/contracts/activity-views";
import type { BillingView } from "@scanmeter/contracts/checkout";
import type { ActivityPage } from "@scanmeter/contracts/live";
import { invariant, isoOf } from "@scanmeter/core";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { documentViewOf } from "../../documents/document-view.ts";
import { activityFilter, instantInput, lastEventId, line, nothing, whole } from "../../inputs.ts";
import { accountFrames } from "../../live/account-feed.ts";
import { customerProcedure, ownerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
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

  usage: customerProcedure
    .input(z.strictObject({ days: z.literal([30, 90]).optional() }).optional())
    .query(({ ctx, input }) => ctx.services.views.usage(ctx.account, input?.days ?? 30)),

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
          ...activityFilter,
        })
        .optional(),
    )
    .query(async ({ ctx, input = {} }): Promise<ActivityPage> => {
      const { limit = PAGE_DEFAULT, ...query } = input;
      const { accountId, services } = ctx;
      const { operations } = services;
      const { items, nextCursor } = await operations.activity({ accountId, limit, ...query });
      // The line of a purchase is that of its credits; the others only belong to it.
      const bought = items.flatMap(({ kind, topUpId }) =>
        kind === "grant" && topUpId !== null ? [topUpId] : [],
      );
      const invoices = bought.length === 0 ? null : await operations.invoicesOf(bought);
      return {
        items: items.map((row) => {
          const invoice = row.kind === "grant" ? invoices?.get(row.topUpId ?? "") : undefined;
          return activityItemOf(row, invoice ? documentViewOf(invoice) : null);
        }),
        nextCursor: nextCursor === null ? null : String(nextCursor),
      };
    }),

  /** One posting with everything it moved, and why; null when there is none of this version. */
  posting: customerProcedure
    .input(z.strictObject({ version: whole({ min: 1, max: Number.MAX_SAFE_INTEGER }) }))
    .query(async ({ ctx, input: { version } }): Promise<PostingView | null> => {
      const { operations } = ctx.services;
      const found = await operations.findPosting(ctx.accountId, version);
      if (found === null) return null;
      const documents = found.topUpId === null ? [] : await operations.documentsOf(found.topUpId);
      return postingViewOf(found, documents.map(documentViewOf));
    }),

  /** Follows the chain of all postings, as far as one answer may take, and says how far that was. */
  checkLedger: customerProcedure.input(nothing).query(async ({ ctx }): Promise<LedgerCheckView> => {
    const check = await ctx.services.operations.checkLedger(ctx.accountId);
    invariant(check !== null, "a member's account exists");
    return ledgerCheckViewOf(check);
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
      ctx.services.sessionsChanged();
      return { value };
    }),

  saveSettings: ownerProcedure
    .input(
      z.strictObject({
        name: line(100),
        timeZone: z.string().min(1).max(100),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, "a currency as three capital letters")
          .optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { accountId: id, services } = ctx;
      const saved = acceptedOf(await services.operations.saveSettings({ accountId: id, ...input }));
      services.sessionsChanged();
      return { id, ...saved };
    }),
});
