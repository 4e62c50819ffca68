import { expect, test } from "vitest";
import { clockFace } from "./countdown.ts";

test("an hour that has just started reads one hour, then minutes and seconds", () => {
  expect(clockFace(3_600_000)).toBe("1:00:00");
  expect(clockFace(3_599_000)).toBe("59:59");
  expect(clockFace(61_000)).toBe("01:01");
});

test("the last millisecond still reads one second, and the instant itself reads zero", () => {
  expect(clockFace(1)).toBe("00:01");
  expect(clockFace(0)).toBe("00:00");
});

test("an instant that has passed reads zero", () => {
  expect(clockFace(-5_000)).toBe("00:00");
});
