import { faults, scanOutcomes } from "@scanmeter/core";
import { tracked } from "@trpc/server";
import { z } from "zod";
import { id, idempotencyKey, lastEventId, line, nothing } from "../../inputs.ts";
import { scanNews } from "../../live/scan-feed.ts";
import { targetViewOf } from "../../target-view.ts";
import { router, runnerProcedure } from "../init.ts";
import { acceptedOf, refusedError } from "../refusals.ts";

const scanId = id("scan");
const scanInput = z.strictObject({ scanId });

export const runnerRouter = router({
  targets: runnerProcedure
    .input(nothing)
    .query(async ({ ctx }) =>
      (await ctx.services.operations.listTargets(ctx.accountId)).map(targetViewOf),
    ),

  startScan: runnerProcedure
    .input(z.strictObject({ targetId: id("target"), idempotencyKey, label: line(200).optional() }))
    .mutation(async ({ ctx, input }) => {
      const { operations, views } = ctx.services;
      const { accountId, runnerKeyId } = ctx;
      return views.scan(
        acceptedOf(await operations.startScan({ accountId, runnerKeyId, ...input })),
      );
    }),

  heartbeat: runnerProcedure.input(scanInput).mutation(async ({ ctx, input }) => {
    const { operations, views } = ctx.services;
    const { accountId } = ctx;
    return views.scan(acceptedOf(await operations.heartbeat({ accountId, ...input })));
  }),

  pauseScan: runnerProcedure.input(scanInput).mutation(async ({ ctx, input }) => {
    const { operations, views } = ctx.services;
    const { accountId } = ctx;
    return views.scan(
      acceptedOf(await operations.pauseScan({ accountId, ...input, by: "runner" })),
    );
  }),

  resumeScan: runnerProcedure.input(scanInput).mutation(async ({ ctx, input }) => {
    const { operations, views } = ctx.services;
    const { accountId } = ctx;
    return views.scan(
      acceptedOf(await operations.resumeScan({ accountId, ...input, by: "runner" })),
    );
  }),

  finishScan: runnerProcedure
    .input(
      z.strictObject({ scanId, outcome: z.enum(scanOutcomes), fault: z.enum(faults).optional() }),
    )
    .mutation(async ({ ctx, input }) => {
      const { operations, views } = ctx.services;
      const { accountId } = ctx;
      return views.scan(acceptedOf(await operations.finishScan({ accountId, ...input })));
    }),

  directives: runnerProcedure
    .input(z.strictObject({ scanId, lastEventId }))
    .subscription(async function* ({ ctx, input, signal }) {
      const { hub, views, operations, connectedScans } = ctx.services;
      const { accountId } = ctx;
      const find = async () => {
        const found = await operations.findScan(accountId, input.scanId);
        if (found === null) throw refusedError({ code: "scan_not_found", scanId: input.scanId });
        return views.scanOfTarget(found);
      };
      await find();
      const disconnect = connectedScans.connect({ accountId, scanId: input.scanId });
      try {
        const news = scanNews(hub, {
          accountId,
          scanId: input.scanId,
          after: input.lastEventId ?? null,
          find,
          signal,
          reader: ctx.connection,
        });
        for await (const { version, view } of news) yield tracked(String(version), view);
      } finally {
        disconnect();
      }
    }),
});
