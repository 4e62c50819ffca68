import type { UsedTargetView } from "@scanmeter/contracts/targets";
import { z } from "zod";
import { id, line, targetUrl } from "../../inputs.ts";
import { targetViewOf, usedTargetViewOf } from "../../target-view.ts";
import { customerProcedure, ownerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";

const mode = z.enum(["credits", "unlimited"]);

export const targetsRouter = router({
  /** With those that are archived as well, if asked for. */
  list: customerProcedure
    .input(z.strictObject({ archived: z.boolean().optional() }).optional())
    .query(async ({ ctx, input: { archived = false } = {} }): Promise<UsedTargetView[]> => {
      const { accountId } = ctx;
      const wanted = { accountId, isWithArchived: archived };
      return (await ctx.services.operations.listUsedTargets(wanted)).map(usedTargetViewOf);
    }),

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
