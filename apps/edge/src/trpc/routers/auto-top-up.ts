import { isIP } from "node:net";
import type { AutoTopUpPreview, AutoTopUpView } from "@scanmeter/contracts/auto-top-up";
import { autoTopUpPreviewOf, autoTopUpViewOf } from "@scanmeter/contracts/auto-top-up-views";
import { consentSurfaces } from "@scanmeter/core/auto-top-up";
import { z } from "zod";
import { nothing, whole } from "../../inputs.ts";
import { customerProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";
import { buyerProcedure, buyingOf } from "./buying.ts";
import { totalMinor } from "./checkout-inputs.ts";

/** Which figures make sense is core's to say, so that a form can show it at the field. */
const figure = z.int("a whole number");

const settingsInput = z.strictObject({
  enabled: z.boolean(),
  quantity: figure,
  triggers: z.strictObject({ outOfCredits: z.boolean(), beforeExpiry: z.boolean() }),
  threshold: figure.optional(),
  monthlyLimitMinor: figure.nullish(),
});

const REVISION_MAX = 1_000_000_000;

const saveInput = settingsInput.extend({
  surface: z.enum(consentSurfaces),
  revision: whole({ min: 0, max: REVISION_MAX }),
  /** The price in the words that were shown, so that nobody agrees to another one. */
  expectedTotalMinor: totalMinor.optional(),
});

export const autoTopUpRouter = router({
  get: customerProcedure
    .input(nothing)
    .query(
      async ({ ctx }): Promise<AutoTopUpView> =>
        autoTopUpViewOf(await buyingOf(ctx).getAutoTopUp(ctx.account)),
    ),

  /** Agrees to the sentence that the preview of these settings shows, where that takes agreeing. */
  save: buyerProcedure.input(saveInput).mutation(async ({ ctx, input }): Promise<AutoTopUpView> => {
    const { account, user, address } = ctx;
    const { expectedTotalMinor, ...request } = input;
    const saved = await buyingOf(ctx).saveAutoTopUp({
      account,
      userId: user.id,
      ip: isIP(address) === 0 ? null : address,
      request,
      expectedTotalMinor,
    });
    return autoTopUpViewOf(acceptedOf(saved));
  }),

  preview: buyerProcedure
    .input(settingsInput)
    .query(async ({ ctx, input }): Promise<AutoTopUpPreview> => {
      const { account } = ctx;
      const previewed = await buyingOf(ctx).previewAutoTopUp({ account, entered: input });
      return autoTopUpPreviewOf(acceptedOf(previewed));
    }),
});
