import { z } from "zod";
import { id, line, nothing } from "../../inputs.ts";
import { runnerKeyViewOf } from "../../runner-key-view.ts";
import { customerProcedure, ownerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";

export const runnerKeysRouter = router({
  list: customerProcedure
    .input(nothing)
    .query(async ({ ctx }) =>
      (await ctx.services.operations.listRunnerKeys(ctx.accountId)).map(runnerKeyViewOf),
    ),

  /** The only answer that ever holds the secret. */
  create: ownerProcedure
    .input(z.strictObject({ name: line(100) }))
    .mutation(async ({ ctx, input: { name } }) => {
      const { accountId } = ctx;
      const created = acceptedOf(
        await ctx.services.operations.createRunnerKey({ accountId, name }),
      );
      return { ...runnerKeyViewOf(created.key), secret: created.secret };
    }),

  revoke: ownerProcedure
    .input(z.strictObject({ runnerKeyId: id("runnerKey") }))
    .mutation(async ({ ctx, input: { runnerKeyId } }) => {
      const { accountId } = ctx;
      const key = acceptedOf(
        await ctx.services.operations.revokeRunnerKey({ accountId, runnerKeyId }),
      );
      ctx.services.checkIdentitiesSoon();
      return runnerKeyViewOf(key);
    }),
});
