import type { AuthenticationView } from "@scanmeter/contracts/auto-top-up";
import { authenticationViewOf } from "@scanmeter/contracts/auto-top-up-views";
import type { TopUpView } from "@scanmeter/contracts/checkout";
import { type TopUpFacts, topUpViewOf } from "@scanmeter/contracts/checkout-views";
import type { Operations } from "@scanmeter/operations";
import { z } from "zod";
import { documentViewOf } from "../../documents/document-view.ts";
import { id, whole } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";

const PAGE_DEFAULT = 20;
const PAGE_MAX = 100;

const topUpId = id("topUp");

export const topUpsRouter = router({
  list: customerProcedure
    .input(
      z
        .strictObject({
          cursor: topUpId.optional(),
          limit: whole({ min: 1, max: PAGE_MAX }).optional(),
        })
        .optional(),
    )
    .query(
      async ({ ctx, input = {} }): Promise<{ items: TopUpView[]; nextCursor: string | null }> => {
        const { limit = PAGE_DEFAULT, cursor = null } = input;
        const { accountId, services } = ctx;
        const { operations } = services;
        // What was bought stays to be seen where nothing can be bought any more.
        if (cursor === null) await operations.buying?.settleOpenTopUp(accountId);
        const rows = await operations.listTopUps({ accountId, beforeId: cursor, limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const invoices = await operations.invoicesOf(shown.map(({ topUp }) => topUp.id));
        const items = shown.map((row) => {
          const invoice = invoices.get(row.topUp.id);
          return topUpViewOf(row, invoice ? documentViewOf(invoice) : null);
        });
        return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
      },
    ),

  get: customerProcedure
    .input(z.strictObject({ topUpId }))
    .query(async ({ ctx, input }): Promise<TopUpView> => {
      const { accountId, services } = ctx;
      const { operations } = services;
      const row = acceptedOf(await operations.getTopUp({ accountId, ...input }));
      return viewOf(operations, row);
    }),

  /** Where an automatic purchase that the bank asks about is confirmed. */
  authenticate: buyerProcedure
    .input(z.strictObject({ topUpId }))
    .mutation(async ({ ctx, input }): Promise<AuthenticationView> => {
      const { accountId } = ctx;
      const asked = await buyingOf(ctx).authenticateTopUp({ accountId, ...input });
      return authenticationViewOf(acceptedOf(asked).topUp);
    }),

  /** For who pays in another way; what was paid meanwhile stays paid. */
  cancel: buyerProcedure
    .input(z.strictObject({ topUpId }))
    .mutation(async ({ ctx, input }): Promise<TopUpView> => {
      const { accountId, services } = ctx;
      const canceled = await buyingOf(ctx).cancelTopUp({ accountId, ...input });
      return viewOf(services.operations, acceptedOf(canceled));
    }),
});

async function viewOf(operations: Operations, row: TopUpFacts): Promise<TopUpView> {
  const invoice = (await operations.invoicesOf([row.topUp.id])).get(row.topUp.id);
  return topUpViewOf(row, invoice ? documentViewOf(invoice) : null);
}
