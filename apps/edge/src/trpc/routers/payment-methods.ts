import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { paymentMethodViewOf } from "@scanmeter/contracts/checkout-views";
import { z } from "zod";
import { nothing } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";
import { paymentMethodId } from "./checkout-inputs.ts";

export const paymentMethodsRouter = router({
  list: customerProcedure.input(nothing).query(async ({ ctx }): Promise<PaymentMethodView[]> => {
    const { buying } = ctx.services.operations;
    const cards = (await buying?.listCards(ctx.accountId)) ?? [];
    return cards.map(paymentMethodViewOf);
  }),

  setDefault: buyerProcedure
    .input(z.strictObject({ paymentMethodId }))
    .mutation(async ({ ctx, input }): Promise<PaymentMethodView> => {
      const { accountId } = ctx;
      const card = await buyingOf(ctx).setDefaultCard({ accountId, ...input });
      return paymentMethodViewOf(acceptedOf(card));
    }),

  remove: buyerProcedure
    .input(z.strictObject({ paymentMethodId }))
    .mutation(async ({ ctx, input }): Promise<PaymentMethodView> => {
      const { accountId } = ctx;
      const card = await buyingOf(ctx).removeCard({ accountId, ...input });
      return paymentMethodViewOf(acceptedOf(card));
    }),
});
