/** What buying takes from outside, each part strictly. */
import { countryCodes, normalizeVatId } from "@scanmeter/core";
import type { BillingDetails } from "@scanmeter/core/purchase";
import { z } from "zod";
import { emailAddress, line, whole } from "../../inputs.ts";

/** What is sold at once is the price list's to say; this only keeps out what no list may sell. */
const QUANTITY_MAX = 1_000_000;

/** 0 buys nothing and saves a card. */
export const quantity = whole({ min: 0, max: QUANTITY_MAX });

/** The gateway's id of a card. Whose it is, the database says. */
export const paymentMethodId = z
  .string()
  .regex(/^pm_[0-9A-Za-z_]{1,120}$/, "an id that starts with pm_");

const CHARGE_MAX = 99_999_999;
export const totalMinor = whole({ min: 0, max: CHARGE_MAX });

const country = z
  .string()
  .refine((code) => countryCodes.includes(code), "a country of ISO 3166-1, as two capital letters");

const optionalLine = (max: number) => line(max).nullish();

/** Not every country has postal codes; where there is none, an empty one says so. */
const postalCode = z.union([z.literal(""), line(20)], {
  error: "a postal code of at most 20 characters in one line, or an empty one",
});

/** As documents print it. Signs alone are no id, although they look like an entry. */
const taxId = line(40)
  .transform(normalizeVatId)
  .refine((id) => /[\p{L}\p{N}]/u.test(id), "a tax id has letters or digits");

export const billingInput = z
  .strictObject({
    name: line(200),
    company: optionalLine(200),
    email: emailAddress,
    address: z.strictObject({
      line1: line(200),
      line2: optionalLine(200),
      city: line(100),
      postalCode,
      state: optionalLine(100),
      country,
    }),
    taxId: taxId.nullish(),
  })
  .transform(
    ({ company, taxId, address, ...billing }): BillingDetails => ({
      ...billing,
      company: company ?? null,
      address: { ...address, line2: address.line2 ?? null, state: address.state ?? null },
      taxId: taxId ?? null,
    }),
  );
