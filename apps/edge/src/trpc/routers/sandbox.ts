import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { paymentMethodViewOf } from "@scanmeter/contracts/checkout-views";
import { isoOf } from "@scanmeter/core";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { instantInput, nothing, whole } from "../../inputs.ts";
import type { ClockReading } from "../../sandbox-controls.ts";
import type { Context } from "../context.ts";
import { openProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";

/** Ten years at once are enough to see everything expire. */
const span = z
  .strictObject({
    months: whole({ min: 0, max: 120 }).optional(),
    days: whole({ min: 0, max: 3_660 }).optional(),
    hours: whole({ min: 0, max: 87_840 }).optional(),
    minutes: whole({ min: 0, max: 5_270_400 }).optional(),
    seconds: whole({ min: 0, max: 316_224_000 }).optional(),
  })
  .refine((by) => Object.values(by).some((part) => part !== undefined && part > 0), {
    message: "a span longer than nothing",
  });

const RATE_MAX = 3_600;

/** Only test cards by their published ids: a real card's id looks otherwise. */
const testCard = z
  .string()
  .regex(/^pm_card_[A-Za-z0-9_]{1,80}$/, "the id of a test card, such as pm_card_visa");

/**
 * The test clock and a short cut to a saved card. The clock is open to everybody who can reach the
 * sandbox: its sign-in is printed on the screen, so asking for it would protect nothing. Outside the
 * sandbox this router is not there at all.
 */
export const sandboxRouter = router({
  clock: openProcedure.input(nothing).query(({ ctx }) => readingOf(controlsOf(ctx).clock())),

  advance: openProcedure
    .input(z.union([z.strictObject({ by: span }), z.strictObject({ to: instantInput })]))
    .mutation(async ({ ctx, input }) => {
      const { now, ran } = await possible(controlsOf(ctx).advance(input));
      return { now: isoOf(now), ran };
    }),

  setRate: openProcedure
    .input(z.strictObject({ rate: whole({ min: 1, max: RATE_MAX }) }))
    .mutation(async ({ ctx, input }) =>
      readingOf(await possible(controlsOf(ctx).setRate(input.rate))),
    ),

  addTestCard: buyerProcedure
    .input(z.strictObject({ card: testCard }))
    .mutation(async ({ ctx, input }): Promise<PaymentMethodView> => {
      const { accountId } = ctx;
      const saved = await buyingOf(ctx).addTestCard({ accountId, card: input.card });
      return paymentMethodViewOf(acceptedOf(saved));
    }),

  info: openProcedure.input(nothing).query(({ ctx }) => controlsOf(ctx).info()),
});

function controlsOf({ services }: Context) {
  if (services.sandbox === null) throw new TRPCError({ code: "NOT_FOUND" });
  return services.sandbox;
}

function readingOf({ now, rate }: ClockReading) {
  return { now: isoOf(now), rate };
}

async function possible<Value>(answer: Promise<Value>): Promise<Value> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TRPCError({ code: "BAD_REQUEST", message: error.message });
  }
}
