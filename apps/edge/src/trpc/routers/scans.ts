import type { ScanDetails, ScanPage } from "@scanmeter/contracts/scans";
import { z } from "zod";
import { id, whole } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf, refusedError } from "../refusals.ts";

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

const state = z.enum(["running", "paused", "finished", "failed", "stopped", "lost"]);
const STATES = state.options.length;

const scanInput = z.strictObject({ scanId: id("scan") });

/** Every member may look after scans: whoever sees one running wild should be able to stop it. */
export const scansRouter = router({
  list: customerProcedure
    .input(
      z
        .strictObject({
          cursor: id("scan").optional(),
          limit: whole({ min: 1, max: PAGE_MAX }).optional(),
          states: z.array(state).min(1).max(STATES).optional(),
          targetId: id("target").optional(),
        })
        .optional(),
    )
    .query(async ({ ctx, input = {} }): Promise<ScanPage> => {
      const { limit = PAGE_DEFAULT, cursor, states, targetId } = input;
      const found = await ctx.services.operations.listScans({
        accountId: ctx.accountId,
        beforeId: cursor ?? null,
        limit: limit + 1,
        states: states ?? null,
        targetId: targetId ?? null,
      });
      const items = found.slice(0, limit).map((facts) => ctx.services.views.namedScan(facts));
      const hasMore = found.length > items.length;
      return { items, nextCursor: hasMore ? (items.at(-1)?.scanId ?? null) : null };
    }),

  /** With everything that was booked for it. */
  get: customerProcedure
    .input(scanInput)
    .query(async ({ ctx, input: { scanId } }): Promise<ScanDetails> => {
      const { operations, views } = ctx.services;
      const found = await operations.findScan(ctx.accountId, scanId);
      if (found === null) throw refusedError({ code: "scan_not_found", scanId });
      const postings = await operations.listScanPostings(ctx.accountId, scanId);
      return views.scanDetails(found, postings);
    }),

  stop: customerProcedure.input(scanInput).mutation(async ({ ctx, input: { scanId } }) => {
    const { operations, views } = ctx.services;
    const { accountId, user } = ctx;
    const command = { accountId, scanId, askedBy: user.id };
    return views.scan(acceptedOf(await operations.stopScan(command)));
  }),

  pause: customerProcedure.input(scanInput).mutation(async ({ ctx, input: { scanId } }) => {
    const { operations, views } = ctx.services;
    const { accountId, user } = ctx;
    const command = { accountId, scanId, by: "user", askedBy: user.id } as const;
    return views.scan(acceptedOf(await operations.pauseScan(command)));
  }),

  resume: customerProcedure.input(scanInput).mutation(async ({ ctx, input: { scanId } }) => {
    const { operations, views } = ctx.services;
    const { accountId, user } = ctx;
    const command = { accountId, scanId, by: "user", askedBy: user.id } as const;
    return views.scan(acceptedOf(await operations.resumeScan(command)));
  }),
});
