import { expect, test } from "vitest";
import { documentAmount, documentTitle } from "./document-words.ts";

const paper = { number: "2026-000042", totalMinor: 9500, currency: "EUR" };

test("money given back is taken off, and giving back that failed counts again", () => {
  expect(documentAmount({ ...paper, kind: "invoice" }, "en")).toBe("€95.00");
  expect(documentAmount({ ...paper, kind: "credit_note" }, "en")).toBe("−€95.00");
  expect(documentAmount({ ...paper, kind: "cancellation" }, "en")).toBe("€95.00");
});

test("a paper is called by its kind and number, also when its kind is new to us", () => {
  expect(documentTitle({ ...paper, kind: "cancellation" })).toBe("Cancellation 2026-000042");
  expect(documentTitle({ ...paper, kind: "letter" as "invoice" })).toBe("Document 2026-000042");
});
