import { expect, test } from "vitest";
import { exitCodeOf, outcomeOf } from "./outcome.ts";

test.each([
  [{ how: "exited", code: 0 }, 0],
  [{ how: "exited", code: 255 }, 255],
  [{ how: "signalled", signal: "SIGINT" }, 130],
  [{ how: "signalled", signal: "SIGKILL" }, 137],
  [{ how: "not_started", code: "ENOENT" }, 127],
  [{ how: "not_started", code: "EACCES" }, 126],
] as const)("%j exits with %i", (end, code) => {
  expect(exitCodeOf(end)).toBe(code);
});

test("only a command that ends with 0 by itself completes the scan", () => {
  const zero = { how: "exited", code: 0 } as const;
  expect(outcomeOf(zero, { toEnd: false })).toEqual({ outcome: "completed" });
  expect(outcomeOf(zero, { toEnd: true })).toEqual({ outcome: "stopped" });
});

test("a command killed by somebody else failed, and it is not the platform's fault", () => {
  const killed = { how: "signalled", signal: "SIGKILL" } as const;
  expect(outcomeOf(killed, { toEnd: false })).toEqual({ outcome: "failed", fault: "runner" });
});
