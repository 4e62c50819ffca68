import { z } from "zod";
import { id, line, nothing, targetUrl } from "../../inputs.ts";
import { targetViewOf } from "../../target-view.ts";
import { customerProcedure, ownerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";

const mode = z.enum(["credits", "unlimited"]);

export const targetsRouter = router({
  list: customerProcedure
    .input(nothing)
    .query(async ({ ctx }) =>
      (await ctx.services.operations.listTargets(ctx.accountId)).map(targetViewOf),
    ),

  create: ownerProcedure
    .input(z.strictObject({ url: targetUrl, name: line(200).optional(), mode }))
    .mutation(async ({ ctx, input }) => {
      const { accountId } = ctx;
      return targetViewOf(
        acceptedOf(await ctx.services.operations.createTarget({ accountId, ...input })),
      );
    }),

  setMode: ownerProcedure
    .input(z.strictObject({ targetId: id("target"), mode }))
    .mutation(async ({ ctx, input }) => {
      const { accountId } = ctx;
      return targetViewOf(
        acceptedOf(await ctx.services.operations.setTargetMode({ accountId, ...input })),
      );
    }),

  archive: ownerProcedure
    .input(z.strictObject({ targetId: id("target") }))
    .mutation(async ({ ctx, input }) => {
      const { accountId } = ctx;
      return targetViewOf(
        acceptedOf(await ctx.services.operations.archiveTarget({ accountId, ...input })),
      );
    }),
});
