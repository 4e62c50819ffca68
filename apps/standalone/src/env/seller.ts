/** Who sells, for prices with tax and for invoices. A sandbox has somebody made up; a real sale needs the real one. */
import { defaultSeller } from "@scanmeter/core";
import { z } from "zod";
import type { PaymentMode } from "./payments.ts";

export interface SellerEnv {
  readonly name: string;
  /** As printed below the name, line by line, without the country. */
  readonly addressLines: readonly string[];
  /** ISO 3166-1, two capital letters. */
  readonly country: string;
  readonly vatId: string | null;
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly taxBasisPoints: number;
}

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
  SELLER_TAX_RATE: z
    .string()
    .refine(
      (value) => taxPercent.test(value) && Number(value) <= TAX_PERCENT_MAX,
      `must be a percentage from 0 to ${TAX_PERCENT_MAX}, such as 19 or 7.7`,
    )
    .optional(),
};

export const sandboxSeller: SellerEnv = {
  name: "Scanmeter Sandbox",
  addressLines: ["1 Example Street", "10115 Berlin"],
  country: defaultSeller.country,
  vatId: "DE000000000",
  taxBasisPoints: defaultSeller.taxBasisPoints,
};

const required = ["SELLER_NAME", "SELLER_ADDRESS", "SELLER_COUNTRY", "SELLER_TAX_RATE"] as const;

type Values = Readonly<Record<string, string | undefined>>;

/** All of it or nothing: half of one company and half of another is nobody. */
export function readSeller(
  values: Values,
  { isSandbox, payments }: PaymentMode,
): { readonly seller: SellerEnv | null; readonly problems: readonly string[] } {
  const given = Object.keys(sellerFields).filter((name) => values[name] !== undefined);
  const sells = payments !== null && !isSandbox;
  if (given.length === 0 && !sells)
    return { seller: isSandbox ? sandboxSeller : null, problems: [] };

  const rate = values.SELLER_TAX_RATE ?? "";
  const why =
    given.length > 0
      ? `although ${given.join(" and ")} ${given.length === 1 ? "is" : "are"} set`
      : "and there is no sale without it";
  const taxes = Number(rate) > 0 ? (["SELLER_VAT_ID"] as const) : [];
  const problems = [...required, ...taxes]
    .filter((name) => values[name] === undefined)
    .map((name) => `${name} is missing, ${why}`);
  const seller = {
    name: values.SELLER_NAME ?? "",
    addressLines: linesOf(values.SELLER_ADDRESS ?? ""),
    country: values.SELLER_COUNTRY ?? "",
    vatId: values.SELLER_VAT_ID ?? null,
    taxBasisPoints: Math.round(Number(rate) * 100),
  };
  return { seller, problems };
}

const linesOf = (address: string) =>
  address
    .split(";")
    .map((line) => line.trim())
    .filter((line) => line !== "");
