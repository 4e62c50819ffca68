import { expect, test } from "vitest";
import { askUntilAnswered } from "./retry.ts";
import { ManualTimers, settled } from "./testing/manual-timers.ts";

const backoff = { firstMs: 1_000, maxMs: 1_000 };
const noConnection = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });

function failing(times: number) {
  const asked: number[] = [];
  const attempt = async () => {
    asked.push(asked.length + 1);
    if (asked.length <= times) throw noConnection;
    return "answer";
  };
  return { asked, attempt };
}

test("asks again until there is an answer, and tells of each failure before it", async () => {
  const timers = new ManualTimers();
  const { attempt } = failing(3);
  const reasons: string[] = [];
  const onRetry = (reason: string) => reasons.push(reason);
  const asked = askUntilAnswered(attempt, { timers, backoff, patienceMs: 5_000, onRetry });
  await timers.advance(3_000);
  expect(await asked).toBe("answer");
  expect(reasons).toEqual(["ECONNREFUSED", "ECONNREFUSED", "ECONNREFUSED"]);
});

test("gives up when the next try would come after the patience, not before", async () => {
  const timers = new ManualTimers();
  const { asked, attempt } = failing(9);
  const asking = askUntilAnswered(attempt, { timers, backoff, patienceMs: 2_000 });
  const given = expect(asking).rejects.toMatchObject({ reason: "ECONNREFUSED" });
  await timers.advance(9_000);
  await given;
  expect(asked).toEqual([1, 2, 3]);
});

test("without patience asks exactly once", async () => {
  const { asked, attempt } = failing(1);
  const timers = new ManualTimers();
  await expect(askUntilAnswered(attempt, { timers, backoff, patienceMs: 0 })).rejects.toThrow();
  expect(asked).toEqual([1]);
});

test("an abort ends the waiting at once and asks no more", async () => {
  const timers = new ManualTimers();
  const { asked, attempt } = failing(9);
  const leaving = new AbortController();
  const asking = askUntilAnswered(attempt, {
    timers,
    backoff,
    patienceMs: 9_000,
    signal: leaving.signal,
  });
  await settled();
  leaving.abort();
  await expect(asking).rejects.toMatchObject({ reason: "ECONNREFUSED" });
  expect(asked).toEqual([1]);
  expect(timers.waiting).toBe(0);
});
