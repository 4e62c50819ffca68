import { customerProcedure } from "../init.ts";
import { nothing } from "../inputs.ts";

export const me = customerProcedure.input(nothing).query(({ ctx }) => {
  const { id, name, timeZone, currency } = ctx.account;
  return { user: ctx.user, account: { id, name, timeZone, currency }, role: ctx.role };
});
