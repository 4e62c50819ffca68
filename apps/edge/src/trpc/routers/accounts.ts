import type { OwnAccountView } from "@scanmeter/contracts/team";
import { z } from "zod";
import { id, nothing } from "../../inputs.ts";
import { ownAccountsViewOf } from "../../team-view.ts";
import { personProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";

/** The accounts somebody acts for. Each of their sessions acts for one at a time. */
export const accountsRouter = router({
  /** The one this session acts for comes first. */
  list: personProcedure
    .input(nothing)
    .query(
      async ({ ctx }): Promise<OwnAccountView[]> =>
        ownAccountsViewOf(await ctx.services.operations.teams.listOwn(ctx.acting)),
    ),

  switchTo: personProcedure
    .input(z.strictObject({ accountId: id("account") }))
    .mutation(async ({ ctx, input }): Promise<OwnAccountView[]> => {
      const { teams } = ctx.services.operations;
      const own = acceptedOf(await teams.switchTo(ctx.acting, input.accountId));
      ctx.services.sessionsChanged();
      return ownAccountsViewOf(own);
    }),
});
