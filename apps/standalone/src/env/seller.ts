/** Who sells, for prices with tax and for invoices. A sandbox has somebody made up; a real sale needs the real one. */
import { demoSeller, type SellerDetails } from "@scanmeter/core/documents";
import { z } from "zod";
import type { PaymentMode } from "./payments.ts";

const ADDRESS_LINES_MAX = 4;
const TAX_PERCENT_MAX = 30;
const taxPercent = /^\d{1,2}(\.\d{1,2})?$/;

export const sellerFields = {
  SELLER_NAME: z.string().max(200, "must have at most 200 characters").optional(),
  SELLER_ADDRESS: z
    .string()
    .refine(
      (value) => linesOf(value).length > 0 && linesOf(value).length <= ADDRESS_LINES_MAX,
      `must have 1 to ${ADDRESS_LINES_MAX} lines, separated by semicolons`,
    )
    .optional(),
  SELLER_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/, "must be a country of two capital letters, such as DE")
    .optional(),
  SELLER_VAT_ID: z
    .string()
    .regex(/^[A-Z]{2}[0-9A-Z+*. ]{2,16}$/, "must be a VAT id, such as DE123456789")
    .optional(),
  SELLER_EMAIL: z
    .string()
    .regex(/^[^<>@\s]+@[^<>@\s]+$/, "must be a mail address without a name")
    .optional(),
  SELLER_TAX_RATE: z
    .string()
    .refine(
      (value) => taxPercent.test(value) && Number(value) <= TAX_PERCENT_MAX,
      `must be a percentage from 0 to ${TAX_PERCENT_MAX}, such as 19 or 7.7`,
    )
    .optional(),
};

const required = [
  "SELLER_NAME",
  "SELLER_ADDRESS",
  "SELLER_COUNTRY",
  "SELLER_EMAIL",
  "SELLER_TAX_RATE",
] as const;

type Values = Readonly<Record<string, string | undefined>>;

/**
 * All of it or nothing: half of one company and half of another is nobody. Test keys sell in the demo
 * seller's name, and the documents say that no money was moved. Live keys without a seller sell nothing,
 * because an invoice without one is none.
 */
export function readSeller(
  values: Values,
  { isSandbox, payments }: Pick<PaymentMode, "isSandbox" | "payments">,
): { readonly seller: SellerDetails | null; readonly problems: readonly string[] } {
  const given = Object.keys(sellerFields).filter((name) => values[name] !== undefined);
  if (given.length === 0) {
    const isForTest = isSandbox || /^[sr]k_test_/.test(payments?.secretKey ?? "");
    return { seller: isForTest ? demoSeller : null, problems: [] };
  }

  const rate = values.SELLER_TAX_RATE ?? "";
  const why = `although ${given.join(" and ")} ${given.length === 1 ? "is" : "are"} set`;
  const taxes = Number(rate) > 0 ? (["SELLER_VAT_ID"] as const) : [];
  const problems = [...required, ...taxes]
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} is missing, ${why}`);
  const seller = {
    name: values.SELLER_NAME ?? "",
    addressLines: linesOf(values.SELLER_ADDRESS ?? ""),
    country: values.SELLER_COUNTRY ?? "",
    vatId: values.SELLER_VAT_ID ?? null,
    email: values.SELLER_EMAIL ?? "",
    taxBasisPoints: Math.round(Number(rate) * 100),
  };
  return { seller, problems };
}

const linesOf = (address: string) =>
  address
    .split(";")
    .map((line) => line.trim())
    .filter((line) => line !== "");
