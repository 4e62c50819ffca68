import type { LiveFrame, Overview } from "@scanmeter/contracts/live";
import { describe, expect, test } from "vitest";
import {
  type BalanceEvent,
  type BalanceState,
  reduceBalance,
  unknownBalance,
  wantsOverview,
} from "./balance-reducer.ts";

const NOON = Date.parse("2027-03-14T12:00:00.000Z");

/** A frame whose balance tells its version, so a test can see which one won. */
function aFrame(version: number, secondsAfterNoon = version): LiveFrame {
  return {
    version,
    now: new Date(NOON + secondsAfterNoon * 1000).toISOString(),
    balance: { available: 100 - version, paid: 100 - version, free: 0, frozen: 0, debt: 0 },
    nextExpiry: null,
    reason: "debit",
    runningScans: [],
  };
}

function anOverview(version: number, secondsAfterNoon = version): Overview {
  return {
    ...aFrame(version, secondsAfterNoon),
    accountId: "acc_1",
    lots: [],
    kept: null,
    autoTopUp: null,
    forecast: { creditsPerDay: 0, runsOutAt: null },
  };
}

const frame = (version: number, at?: number): BalanceEvent => ({
  type: "frame",
  frame: aFrame(version, at),
});
const overview = (version: number, at?: number): BalanceEvent => ({
  type: "overview",
  overview: anOverview(version, at),
});
const after = (...events: BalanceEvent[]): BalanceState =>
  events.reduce(reduceBalance, unknownBalance);

describe("frames", () => {
  test("the first frame is believed, whatever its version", () => {
    expect(after(frame(41)).newest?.version).toBe(41);
  });

  test("a newer frame replaces the balance", () => {
    expect(after(frame(1), frame(2)).newest?.balance.available).toBe(98);
  });

  test("a frame delivered twice changes nothing, not even the object", () => {
    const once = after(frame(5));
    expect(reduceBalance(once, frame(5))).toBe(once);
  });

  test("a late frame changes nothing, not even the object", () => {
    const current = after(frame(5));
    expect(reduceBalance(current, frame(4))).toBe(current);
  });

  test("an older version stays ignored even if it was read later", () => {
    const current = after(frame(5, 10));
    expect(reduceBalance(current, frame(4, 3600))).toBe(current);
  });

  test("a newer version wins even if another server's clock was behind", () => {
    expect(after(frame(5, 10), frame(6, 9)).newest?.version).toBe(6);
  });

  test("any order of the same frames ends at the newest", () => {
    const frames = [frame(1), frame(2), frame(3), frame(4)];
    for (const order of permutations(frames)) {
      expect(after(...order).newest).toEqual(after(frame(4)).newest);
    }
  });

  test("after a reconnect the replayed versions are ignored and the missed ones taken", () => {
    const state = after(frame(1), frame(2), frame(3), frame(2, 60), frame(3, 3), frame(4));
    expect(state.newest?.version).toBe(4);
  });

  // Credits that expire are gone by the clock before anybody books it, so the version is the same.
  test("a snapshot of the same version read later is taken", () => {
    expect(after(frame(3, 10), frame(3, 20)).newest?.readAt).toBe(NOON + 20_000);
  });

  test("a snapshot of the same version read earlier is ignored", () => {
    const current = after(frame(3, 20));
    expect(reduceBalance(current, frame(3, 10))).toBe(current);
  });
});

describe("overviews", () => {
  test("an overview alone gives the balance", () => {
    expect(after(overview(7)).newest?.balance.available).toBe(93);
  });

  test("an overview that was overtaken by a frame gives its lots but not its balance", () => {
    const state = after(frame(9), overview(8));
    expect(state.newest?.version).toBe(9);
    expect(state.overview?.version).toBe(8);
  });

  test("a newer overview moves the balance as well", () => {
    expect(after(frame(8), overview(9)).newest?.version).toBe(9);
  });

  test("answers that arrive in the wrong order leave the newer overview", () => {
    expect(after(overview(9), overview(8)).overview?.version).toBe(9);
  });

  test("an overview delivered twice changes nothing, not even the object", () => {
    const once = after(overview(5));
    expect(reduceBalance(once, overview(5))).toBe(once);
  });

  test("an overview of the same version read after an expiry moves the balance", () => {
    const state = after(overview(3, 10), overview(3, 20));
    expect(state.newest?.readAt).toBe(NOON + 20_000);
    expect(state.overview?.now).toBe(anOverview(3, 20).now);
  });
});

describe("asking for an overview", () => {
  test("before anything is known nothing is asked for twice", () => {
    expect(wantsOverview(unknownBalance)).toBe(false);
  });

  test("a frame without any overview asks for one", () => {
    expect(wantsOverview(after(frame(1)))).toBe(true);
  });

  test("an overview of the version on screen is enough", () => {
    expect(wantsOverview(after(frame(3), overview(3)))).toBe(false);
  });

  test("the next version asks, because its posting moved a lot or added a line", () => {
    expect(wantsOverview(after(overview(3), frame(4)))).toBe(true);
  });

  test("a gap in the versions asks", () => {
    expect(wantsOverview(after(overview(3), frame(9)))).toBe(true);
  });

  test("an overview that is itself too old keeps asking", () => {
    expect(wantsOverview(after(overview(3), frame(9), overview(5)))).toBe(true);
  });

  test("late and doubled frames ask for nothing", () => {
    expect(wantsOverview(after(overview(3), frame(3), frame(2)))).toBe(false);
  });
});

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
