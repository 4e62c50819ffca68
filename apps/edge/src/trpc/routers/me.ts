import { nothing } from "../../inputs.ts";
import { personProcedure } from "../init.ts";

export const me = personProcedure.input(nothing).query(({ ctx }) => {
  const { id, name, timeZone, currency, whenOutOfCredits } = ctx.account;
  const account = { id, name, timeZone, currency, whenOutOfCredits };
  return { user: ctx.user, account, role: ctx.role };
});
