import type { PricesView, QuoteView } from "@scanmeter/contracts/checkout";
import { pricesViewOf, quoteViewOf } from "@scanmeter/contracts/checkout-views";
import { z } from "zod";
import { nothing } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyingOf } from "./buying.ts";
import { quantity } from "./checkout-inputs.ts";

export const pricingRouter = router({
  tiers: customerProcedure.input(nothing).query(({ ctx }): PricesView => {
    const { buying, priceList } = ctx.services.operations;
    return pricesViewOf(priceList, buying !== null);
  }),

  quote: customerProcedure
    .input(z.strictObject({ quantity }))
    .query(async ({ ctx, input }): Promise<QuoteView> => {
      return quoteViewOf(acceptedOf(await buyingOf(ctx).quote(ctx.account, input.quantity)));
    }),
});
