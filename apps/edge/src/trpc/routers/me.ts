import { nothing } from "../../inputs.ts";
import { customerProcedure } from "../init.ts";

export const me = customerProcedure.input(nothing).query(({ ctx }) => {
  const { id, name, timeZone, currency } = ctx.account;
  return { user: ctx.user, account: { id, name, timeZone, currency }, role: ctx.role };
});
