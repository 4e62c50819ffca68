import { nothing } from "../../inputs.ts";
import { personProcedure } from "../init.ts";

/** Who is signed in, for which account and as what; and, unless it is an owner, which owners to ask. */
export const me = personProcedure.input(nothing).query(async ({ ctx }) => {
  const { id, name, timeZone, currency, whenOutOfCredits } = ctx.account;
  const account = { id, name, timeZone, currency, whenOutOfCredits };
  const { user, role } = ctx;
  const owners = role === "owner" ? [] : await ctx.services.operations.teams.ownersToAsk(id);
  return { user, account, role, owners };
});
