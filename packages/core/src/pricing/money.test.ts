import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CHARGE_MAX_MINOR,
  decimalOf,
  isChargeable,
  isCurrency,
  minor,
  shareHalfUp,
} from "./money.ts";

const euros = (amount: number) => ({ amountMinor: minor(amount), currency: "EUR" }) as const;
const yen = (amount: number) => ({ amountMinor: minor(amount), currency: "JPY" }) as const;

describe("an amount of money", () => {
  test.each([0.5, -1, Number.NaN, 2 ** 53])("is never %s minor units", (value) => {
    expect(() => minor(value)).toThrow("whole number of minor units");
  });

  test("is written with the decimals of its currency", () => {
    expect(decimalOf(euros(123_456))).toBe("1234.56");
    expect(decimalOf(euros(5))).toBe("0.05");
    expect(decimalOf(euros(0))).toBe("0.00");
    expect(decimalOf(yen(1234))).toBe("1234");
  });
});

test("a currency is one of ours, and nothing every object has", () => {
  expect(isCurrency("EUR")).toBe(true);
  expect(isCurrency("eur")).toBe(false);
  expect(isCurrency("toString")).toBe(false);
});

describe("a card is charged", () => {
  test("fifty cents or yen, and not less", () => {
    expect(isChargeable(euros(49))).toBe(false);
    expect(isChargeable(euros(50))).toBe(true);
    expect(isChargeable(yen(50))).toBe(true);
  });

  test("eight digits, and not more", () => {
    expect(isChargeable(euros(CHARGE_MAX_MINOR))).toBe(true);
    expect(isChargeable(euros(CHARGE_MAX_MINOR + 1))).toBe(false);
  });
});

describe("a share", () => {
  test("below a half is rounded down, from a half on up", () => {
    expect(shareHalfUp(1, { part: 49, whole: 100 })).toBe(0);
    expect(shareHalfUp(1, { part: 50, whole: 100 })).toBe(1);
    expect(shareHalfUp(3, { part: 1, whole: 2 })).toBe(2);
    expect(shareHalfUp(1, { part: 1, whole: 3 })).toBe(0);
    expect(shareHalfUp(2, { part: 1, whole: 3 })).toBe(1);
  });

  test("is exact where a float would not be", () => {
    expect(shareHalfUp(2 ** 53 - 1, { part: 9_999, whole: 9_999 })).toBe(2 ** 53 - 1);
  });

  test("is never more than half a unit away from the real one, and up at the half", () => {
    fc.assert(
      fc.property(fc.nat(CHARGE_MAX_MINOR), fc.nat(10_000), (amount, part) => {
        const doubledError =
          2 * shareHalfUp(amount, { part, whole: 10_000 }) * 10_000 - 2 * amount * part;
        expect(doubledError).toBeGreaterThan(-10_000);
        expect(doubledError).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});
