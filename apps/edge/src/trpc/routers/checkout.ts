import type { CheckoutView } from "@scanmeter/contracts/checkout";
import { checkoutViewOf } from "@scanmeter/contracts/checkout-views";
import { z } from "zod";
import { id, idempotencyKey } from "../../inputs.ts";
import { router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";
import { billingInput, paymentMethodId, quantity, totalMinor } from "./checkout-inputs.ts";

const checkoutId = id("checkout");

export const checkoutRouter = router({
  open: buyerProcedure
    .input(z.strictObject({ quantity, idempotencyKey }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const opened = await buyingOf(ctx).openCheckout({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(opened));
    }),

  get: buyerProcedure
    .input(z.strictObject({ checkoutId }))
    .query(async ({ ctx, input }): Promise<CheckoutView> => {
      const found = await buyingOf(ctx).getCheckout({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(found));
    }),

  setQuantity: buyerProcedure
    .input(z.strictObject({ checkoutId, quantity }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const changed = await buyingOf(ctx).setCheckoutQuantity({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(changed));
    }),

  setBilling: buyerProcedure
    .input(z.strictObject({ checkoutId, billing: billingInput }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const changed = await buyingOf(ctx).setCheckoutBilling({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(changed));
    }),

  addCard: buyerProcedure
    .input(z.strictObject({ checkoutId }))
    .mutation(async ({ ctx, input }): Promise<{ url: string }> => {
      const opened = await buyingOf(ctx).addCheckoutCard({ account: ctx.account, ...input });
      return { url: acceptedOf(opened) };
    }),

  setPayment: buyerProcedure
    .input(z.strictObject({ checkoutId, paymentMethodId, keep: z.boolean().optional() }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const changed = await buyingOf(ctx).setCheckoutPayment({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(changed));
    }),

  finalize: buyerProcedure
    .input(z.strictObject({ checkoutId, expectedTotalMinor: totalMinor }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const finalized = await buyingOf(ctx).finalizeCheckout({
        account: ctx.account,
        orderedBy: ctx.user.id,
        ...input,
      });
      return checkoutViewOf(acceptedOf(finalized));
    }),

  cancel: buyerProcedure
    .input(z.strictObject({ checkoutId }))
    .mutation(async ({ ctx, input }): Promise<CheckoutView> => {
      const canceled = await buyingOf(ctx).cancelCheckout({ account: ctx.account, ...input });
      return checkoutViewOf(acceptedOf(canceled));
    }),
});
