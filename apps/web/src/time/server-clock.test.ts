import { describe, expect, test } from "vitest";
import {
  expiryCheckDelayMs,
  localClock,
  localMsUntil,
  type ServerClock,
  serverNow,
} from "./server-clock.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
/** A test clock a year ahead, an hour of which passes in ten seconds. */
const fast: ServerClock = { serverMs: 31_536_000_000, localMs: 5_000, rate: 360 };

describe("the server's clock", () => {
  test("without any word from the server it is the local clock", () => {
    expect(serverNow(localClock, 1_234)).toBe(1_234);
  });

  test("it keeps its distance to a local clock that is wrong", () => {
    const ahead: ServerClock = { serverMs: 90_000, localMs: 10_000, rate: 1 };
    expect(serverNow(ahead, 10_500)).toBe(90_500);
  });

  test("at a rate of 360 an hour passes in ten seconds", () => {
    expect(serverNow(fast, fast.localMs + 10 * SECOND) - fast.serverMs).toBe(HOUR);
    expect(localMsUntil(fast, fast.serverMs + HOUR, fast.localMs)).toBe(10 * SECOND);
  });
});

describe("the instant a balance moves by itself", () => {
  const at = (expiresAt: number) =>
    expiryCheckDelayMs(fast, { expiresAt: fast.serverMs + expiresAt, localMs: fast.localMs });

  test("is looked at just after it, never before", () => {
    expect(at(HOUR)).toEqual({ ms: 10 * SECOND + 100, isDue: true });
  });

  test("is looked at again a second later while the server still names it", () => {
    expect(at(0)).toEqual({ ms: SECOND, isDue: true });
    expect(at(-HOUR)).toEqual({ ms: SECOND, isDue: true });
  });

  test("is never waited for longer than a timer can count", () => {
    expect(at(400 * 24 * 365 * HOUR)).toEqual({ ms: HOUR, isDue: false });
  });
});
