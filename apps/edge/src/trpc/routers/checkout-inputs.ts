/** What buying takes from outside, each part strictly. */
import { normalizeVatId } from "@scanmeter/core";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { z } from "zod";
import { line, whole } from "../../inputs.ts";

/** What can be sold at once is the price list's to say; this only keeps out what no list sells. */
const QUANTITY_MAX = 10_000;

/** 0 buys nothing and saves a card. */
export const quantity = whole({ min: 0, max: QUANTITY_MAX });

/** The gateway's id of a card. Whose it is, the database says. */
export const paymentMethodId = z.string().regex(/^pm_[0-9A-Za-z_]{1,120}$/, "a payment method");

const CHARGE_MAX = 99_999_999;
export const totalMinor = whole({ min: 0, max: CHARGE_MAX });

/** ISO 3166-1 alpha-2, as far as the platform can name them. */
const countries = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "a country as two capital letters")
  .refine((code) => countries.of(code) !== undefined, "a country as two capital letters");

const optionalLine = (max: number) => line(max).nullish();

export const billingInput = z
  .strictObject({
    name: line(200),
    company: optionalLine(200),
    email: z.email("an email address").max(254),
    address: z.strictObject({
      line1: line(200),
      line2: optionalLine(200),
      city: line(100),
      postalCode: line(20),
      state: optionalLine(100),
      country,
    }),
    taxId: line(40).nullish(),
  })
  .transform(
    ({ company, taxId, address, ...billing }): BillingDetails => ({
      ...billing,
      company: company ?? null,
      address: { ...address, line2: address.line2 ?? null, state: address.state ?? null },
      taxId: taxId == null ? null : normalizeVatId(taxId),
    }),
  );
