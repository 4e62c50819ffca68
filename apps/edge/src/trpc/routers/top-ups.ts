import type { TopUpView } from "@scanmeter/contracts/checkout";
import { topUpViewOf } from "@scanmeter/contracts/checkout-views";
import { z } from "zod";
import { documentViewOf } from "../../documents/document-view.ts";
import { id, whole } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyingOf } from "./buying.ts";

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
        const buying = buyingOf(ctx);
        if (cursor === null) await buying.settleOpenTopUp(accountId);
        const rows = await buying.listTopUps({ accountId, beforeId: cursor, limit: limit + 1 });
        const shown = rows.slice(0, limit);
        const invoices = await services.operations.invoicesOf(shown.map(({ topUp }) => topUp.id));
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
      const row = acceptedOf(await buyingOf(ctx).getTopUp({ accountId, ...input }));
      const invoice = (await services.operations.invoicesOf([row.topUp.id])).get(row.topUp.id);
      return topUpViewOf(row, invoice ? documentViewOf(invoice) : null);
    }),
});
