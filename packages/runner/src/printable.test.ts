import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test("text from elsewhere cannot colour the terminal or forge a line", () => {
  expect(printable("a\u001b[31mred\nscanmeter: b\u202e")).toBe("a?[31mred?scanmeter: b?");
});

test("letters of any script stay as they are", () => {
  expect(printable("Prüfung 検査 ✓")).toBe("Prüfung 検査 ✓");
});
