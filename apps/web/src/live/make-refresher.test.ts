import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeRefresher } from "./make-refresher.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const succeeding = () => vi.fn(async () => "done" as const);

test("a burst of requests is one fetch", async () => {
  const fetch = succeeding();
  const refresher = makeRefresher(fetch);
  for (let i = 0; i < 50; i += 1) refresher.ask();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("an account that changes all the time is fetched at most once a second", async () => {
  const fetch = succeeding();
  const refresher = makeRefresher(fetch);
  for (let ms = 0; ms < 10_000; ms += 50) {
    refresher.ask();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(fetch.mock.calls.length).toBeGreaterThanOrEqual(9);
  expect(fetch.mock.calls.length).toBeLessThanOrEqual(11);
});

test("a request during a fetch causes one more fetch, since the one in flight may be too old", async () => {
  let answer: (outcome: "done") => void = () => {};
  const fetch = vi.fn(() => new Promise<"done">((resolve) => (answer = resolve)));
  const refresher = makeRefresher(fetch);
  refresher.ask();
  await vi.advanceTimersByTimeAsync(200);
  refresher.ask();
  refresher.ask();
  answer("done");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(fetch).toHaveBeenCalledTimes(2);
});

test("a failed fetch is tried again without being asked", async () => {
  const fetch = vi.fn(async () =>
    fetch.mock.calls.length < 3 ? ("failed" as const) : ("done" as const),
  );
  makeRefresher(fetch).ask();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(fetch).toHaveBeenCalledTimes(3);
});

test("nothing is fetched after stop", async () => {
  const fetch = succeeding();
  const refresher = makeRefresher(fetch);
  refresher.ask();
  refresher.stop();
  refresher.ask();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetch).not.toHaveBeenCalled();
});
