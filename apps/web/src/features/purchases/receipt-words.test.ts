import type { ReceiptView } from "@scanmeter/contracts/checkout";
import { expect, test } from "vitest";
import { receiptInWords } from "./receipt-words.ts";

const place = { timeZone: "Europe/Lisbon", locale: "en-GB" };
const lot = (credits: number, oldExpiresAt: string | null) => ({
  lotId: `lot_${credits}`,
  credits,
  oldExpiresAt,
  newExpiresAt: "2028-03-11T09:12:00.000Z",
});
const receipt: ReceiptView = {
  paidAt: "2027-03-11T09:12:00.000Z",
  newExpiresAt: "2028-03-11T09:12:00.000Z",
  debtRepaid: 0,
  lots: [lot(10, null)],
};
const told = (changes: Partial<ReceiptView> = {}, credits = 10) =>
  receiptInWords(
    {
      credits,
      money: { totalMinor: 113_05, currency: "EUR" } as never,
      receipt: { ...receipt, ...changes },
    },
    place,
  );

test("a receipt begins with what was paid for what, and until when it is good", () => {
  expect(told()).toEqual([
    "€113.05 bought 10 credits, which expire on 11 March 2028, 09:12 (Lisbon).",
  ]);
  expect(told({}, 1)[0]).toContain("1 credit, which expires on");
});

test("each earlier lot is told with its old and its new date", () => {
  const lots = [lot(10, null), lot(34, "2027-03-14T09:12:00.000Z")];
  expect(told({ lots }).slice(1)).toEqual([
    "34 credits you had before move from 14 Mar 2027, 09:12 to 11 Mar 2028, 09:12.",
  ]);
});

test("credits that had expired and were kept are told to be back", () => {
  const lots = [lot(1, "2027-03-01T09:12:00.000Z"), lot(12, receipt.paidAt)];
  expect(told({ lots }).slice(1)).toEqual([
    "1 credit that expired on 1 Mar 2027, 09:12 is back, until 11 Mar 2028, 09:12.",
    "12 credits that expired on 11 Mar 2027, 09:12 are back, until 11 Mar 2028, 09:12.",
  ]);
});

test("owed hours that were repaid are no credits to expect", () => {
  expect(told({ debtRepaid: 2 })[1]).toBe("2 credits went to hours that were owed.");
});

test("what is not paid has no receipt", () => {
  expect(receiptInWords({ credits: 10, money: {} as never, receipt: null }, place)).toEqual([]);
});
