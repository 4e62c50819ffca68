import { describe, expect, test } from "vitest";
import {
  ageOf,
  type Connection,
  type ConnectionEvent,
  notConnected,
  reduceConnection,
} from "./connection.ts";

const after = (...events: ConnectionEvent[]): Connection =>
  events.reduce(reduceConnection, notConnected);

describe("connection", () => {
  test("a page is loading until its subscription has started", () => {
    expect(after().is).toBe("loading");
    expect(after({ type: "value", at: 5 }).is).toBe("loading");
    expect(after({ type: "started", at: 9 }).is).toBe("live");
  });

  test("a dropped line is reconnecting until the subscription has started again", () => {
    const dropped = after({ type: "started", at: 1 }, { type: "dropped", at: 2 });
    expect(dropped.is).toBe("reconnecting");
    expect(reduceConnection(dropped, { type: "started", at: 3 }).is).toBe("live");
  });

  test("a value fetched while reconnecting makes the page younger but not live", () => {
    const state = after(
      { type: "started", at: 1 },
      { type: "dropped", at: 1_000 },
      { type: "value", at: 9_000 },
    );
    expect(state.is).toBe("reconnecting");
    expect(ageOf(state, 10_000)).toBe(1_000);
  });

  test("the age counts from the drop, and further failed attempts do not reset it", () => {
    const state = after(
      { type: "started", at: 1 },
      { type: "dropped", at: 1_000 },
      { type: "dropped", at: 4_000 },
    );
    expect(ageOf(state, 6_000)).toBe(5_000);
  });

  test("a live page has no age, however long nothing happened", () => {
    expect(ageOf(after({ type: "started", at: 0 }), 3_600_000)).toBe(0);
  });

  test("a page that never received anything has no age to show", () => {
    expect(ageOf(after({ type: "dropped", at: 1 }), 2)).toBeNull();
  });

  test("a clock that was set back never shows a negative age", () => {
    expect(ageOf(after({ type: "value", at: 100 }), 50)).toBe(0);
  });

  test("a refused page stays refused", () => {
    const refused = after({ type: "started", at: 1 }, { type: "refused" });
    expect(reduceConnection(refused, { type: "started", at: 2 })).toBe(refused);
    expect(reduceConnection(refused, { type: "value", at: 2 })).toBe(refused);
    expect(reduceConnection(refused, { type: "dropped", at: 2 })).toBe(refused);
  });
});
