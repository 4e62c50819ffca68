import { instant } from "@scanmeter/core";
import { openTempDatabase, type TempDatabase } from "@scanmeter/db/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock, TEST_CLOCK_STRIDE_MS, TestClock } from "./clock.ts";

const START = Date.UTC(2026, 0, 15, 12);
const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ["Date"] });
});
afterEach(() => vi.useRealTimers());

describe("the system's clock", () => {
  test("shows the system's time", () => {
    const clock = systemClock(instant(0));
    vi.setSystemTime(START + 5);
    expect(clock.now()).toBe(START + 5);
  });

  test("stands still while the system is set back, and goes on when it has caught up", () => {
    const clock = systemClock(instant(0));
    clock.now();
    vi.setSystemTime(START - DAY);
    expect(clock.now()).toBe(START);
    vi.setSystemTime(START + 1);
    expect(clock.now()).toBe(START + 1);
  });

  test("never shows less than what the service has seen before it started", () => {
    expect(systemClock(instant(START + DAY)).now()).toBe(START + DAY);
  });
});

describe("the test clock", () => {
  let temp: TempDatabase;

  beforeEach(async () => {
    temp = await openTempDatabase();
  });
  afterEach(() => temp.close());

  test("starts with the system's time and runs with it", async () => {
    const clock = await TestClock.open(temp.database);
    vi.setSystemTime(START + 7);
    expect(clock.now()).toBe(START + 7);
  });

  test("jumps forward, never back", async () => {
    const clock = await TestClock.open(temp.database);
    clock.jump(instant(START + DAY));
    expect(clock.now()).toBe(START + DAY);
    clock.jump(instant(START));
    expect(clock.now()).toBe(START + DAY);
  });

  test("runs at its rate, but no further ahead than what was followed", async () => {
    const clock = await TestClock.open(temp.database);
    clock.setRate(60);
    vi.setSystemTime(START + 1_000);
    expect(clock.now()).toBe(START + 60_000);
    vi.setSystemTime(START + 60_000);
    expect(clock.now()).toBe(START + TEST_CLOCK_STRIDE_MS);
    clock.followed(clock.now());
    vi.setSystemTime(START + 61_000);
    expect(clock.now()).toBe(START + TEST_CLOCK_STRIDE_MS + 60_000);

    // What was done took a minute of it: that minute is gone from how far it may run ahead.
    clock.followed(instant(START + TEST_CLOCK_STRIDE_MS));
    vi.setSystemTime(START + 121_000);
    expect(clock.now()).toBe(START + 2 * TEST_CLOCK_STRIDE_MS);
  });

  test("goes on after a restart from what it showed, as if time had passed meanwhile", async () => {
    const before = await TestClock.open(temp.database);
    before.jump(instant(START + DAY));
    before.setRate(0.0015);
    await before.save();
    vi.setSystemTime(START + 5);
    expect((await TestClock.open(temp.database)).now()).toBe(START + DAY + 5);
  });
});
