/**
 * Money is a whole number of minor units with its currency, never a float. The one place where an
 * amount is rounded is here, and the function's name says which way.
 */
import { invariant } from "../invariant.ts";
import type { Brand } from "../units.ts";

/** A whole, non-negative number of a currency's smallest unit: cents, or yen. */
export type Minor = Brand<number, "Minor">;

/**
 * What we sell in: how many decimals a person writes, and the smallest amount a card is charged.
 * Currencies whose amounts must end in 00 (ISK, UGX) are absent on purpose.
 */
export const currencies = {
  EUR: { decimals: 2, minimumChargeMinor: 50 },
  USD: { decimals: 2, minimumChargeMinor: 50 },
  CHF: { decimals: 2, minimumChargeMinor: 50 },
  GBP: { decimals: 2, minimumChargeMinor: 30 },
  JPY: { decimals: 0, minimumChargeMinor: 50 },
} as const;
export type Currency = keyof typeof currencies;

export interface Money {
  readonly amountMinor: Minor;
  readonly currency: Currency;
}

/** A charge has at most eight digits. */
export const CHARGE_MAX_MINOR = 99_999_999;

export function isCurrency(code: string): code is Currency {
  return Object.hasOwn(currencies, code);
}

export function isMinor(value: number): value is Minor {
  return Number.isSafeInteger(value) && value >= 0;
}

export function minor(value: number): Minor {
  invariant(isMinor(value), "an amount of money is a whole number of minor units from 0 on");
  return value;
}

/** Whether a card can be charged this amount at all. */
export function isChargeable({ amountMinor, currency }: Money): boolean {
  return amountMinor >= currencies[currency].minimumChargeMinor && amountMinor <= CHARGE_MAX_MINOR;
}

/**
 * The part of an amount that a share makes, half a unit rounded up. In big integers, because an
 * amount times its share may be more than a float holds exactly.
 */
export function shareHalfUp(
  amount: number,
  share: { readonly part: number; readonly whole: number },
): number {
  const [part, whole] = [BigInt(share.part), BigInt(share.whole)];
  invariant(amount >= 0 && part >= 0n && whole > 0n, "a share is a part of something");
  return Number((2n * BigInt(amount) * part + whole) / (2n * whole));
}

/** The amount as a plain decimal number, for files and documents: "1234.50", or "1234" in yen. */
export function decimalOf({ amountMinor, currency }: Money): string {
  const { decimals } = currencies[currency];
  const digits = String(amountMinor).padStart(decimals + 1, "0");
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
