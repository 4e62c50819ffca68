import type { Buying } from "@scanmeter/operations";
import type { Context } from "../context.ts";
import { customerProcedure } from "../init.ts";
import { refusedError } from "../refusals.ts";

/** What buying offers, or the sentence that it is switched off here. */
export function buyingOf({ services }: Context): Buying {
  const { buying } = services.operations;
  if (buying === null) throw refusedError({ code: "payments_off" });
  return buying;
}

/** Who may spend the account's money; the others look on. */
export const buyerProcedure = customerProcedure.use(({ ctx, next }) => {
  if (ctx.role === "member") throw refusedError({ code: "forbidden", role: ctx.role });
  return next();
});
