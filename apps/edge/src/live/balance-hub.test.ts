import type { LiveFrame } from "@scanmeter/contracts/live";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aFrame } from "../testing/frames.ts";
import { accountFrames } from "./account-feed.ts";
import { BalanceHub, type LiveSource } from "./balance-hub.ts";

/** The ledger as the hub sees it: a version and a balance that a test sets. */
class Ledger implements LiveSource {
  version = 1;
  available = 10;
  expiresAt: number | null = null;
  reads = 0;
  isAway = false;

  async liveFrame(): Promise<LiveFrame> {
    this.reads += 1;
    if (this.isAway) throw new Error("the database is away");
    const now = new Date(this.now()).toISOString();
    const isExpired = this.expiresAt !== null && this.expiresAt <= this.now();
    const available = isExpired ? 0 : this.available;
    return aFrame({
      version: this.version,
      now,
      balance: { available, paid: available, free: 0, frozen: 0, debt: 0 },
      nextExpiry:
        this.expiresAt === null || isExpired
          ? null
          : { at: new Date(this.expiresAt).toISOString(), credits: available },
    });
  }

  async versionsOf(accountIds: readonly string[]): Promise<Map<string, number>> {
    return new Map(accountIds.map((id) => [id, this.version]));
  }

  /** How far the sandbox's clock is ahead. */
  ahead = 0;

  now(): number {
    return Date.now() + this.ahead;
  }
}

let ledger: Ledger;
let hub: BalanceHub;
const notice = (version: number, accountId = "acc_a") => hub.notice([{ accountId, version }]);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
  ledger = new Ledger();
  hub = new BalanceHub({
    source: ledger,
    log: pino({ level: "silent" }),
    frameEveryMs: 100,
    checkEveryMs: 5_000,
  });
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

async function watching(accountId = "acc_a") {
  const versions: number[] = [];
  const frames: LiveFrame[] = [];
  const unwatch = hub.watch(accountId, (frame) => {
    versions.push(frame.version);
    frames.push(frame);
  });
  await hub.snapshot(accountId);
  versions.length = 0;
  frames.length = 0;
  return { versions, frames, unwatch };
}

describe("a notice", () => {
  test("brings a frame at once", async () => {
    const { versions } = await watching();
    await vi.advanceTimersByTimeAsync(100);
    ledger.version = 2;
    notice(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(versions).toEqual([2]);
  });

  test("that comes twice, late or out of order brings each version once, in order", async () => {
    const { versions } = await watching();
    for (const [true_, said] of [
      [2, 2],
      [2, 2],
      [4, 4],
      [4, 3],
      [4, 1],
    ] as const) {
      ledger.version = true_;
      notice(said);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(versions).toEqual([2, 4]);
  });

  test("for an account that nobody watches costs nothing", async () => {
    notice(7, "acc_unwatched");
    await vi.advanceTimersByTimeAsync(200);
    expect(ledger.reads).toBe(0);
  });

  test("of a change is one read for all who watch", async () => {
    const watchers = await Promise.all([watching(), watching(), watching()]);
    await vi.advanceTimersByTimeAsync(100);
    const before = ledger.reads;
    ledger.version = 2;
    notice(2);
    notice(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(ledger.reads).toBe(before + 1);
    const frames = watchers.map((watcher) => watcher.frames[0]);
    expect(frames[1]).toBe(frames[0]);
    expect(frames[2]).toBe(frames[0]);
  });

  test("that comes while the account is being read is not forgotten", async () => {
    const { versions } = await watching();
    await vi.advanceTimersByTimeAsync(100);
    let answer = (_: LiveFrame) => {};
    vi.spyOn(ledger, "liveFrame").mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    notice(2);
    ledger.version = 3;
    notice(3);
    answer(aFrame({ version: 2 }));
    await vi.advanceTimersByTimeAsync(100);
    expect(versions).toEqual([2, 3]);
  });

  test("that was lost is made good within five seconds", async () => {
    const { versions } = await watching();
    ledger.version = 2;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(versions).toEqual([2]);
  });

  test("whose read failed is made good by the next check", async () => {
    const { versions } = await watching();
    await vi.advanceTimersByTimeAsync(100);
    ledger.version = 2;
    ledger.isAway = true;
    notice(2);
    await vi.advanceTimersByTimeAsync(1_000);
    ledger.isAway = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(versions).toEqual([2]);
  });
});

test("an account that changes all the time has ten frames a second, and the last one soon", async () => {
  const { versions } = await watching();
  await vi.advanceTimersByTimeAsync(100);
  for (let version = 2; version <= 501; version++) {
    ledger.version = version;
    notice(version);
    await vi.advanceTimersByTimeAsync(2);
  }
  await vi.advanceTimersByTimeAsync(100);
  expect(versions.length).toBeLessThanOrEqual(12);
  expect(versions.at(-1)).toBe(501);
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

test("credits that expire leave the balance at their instant, without any write", async () => {
  // Between two version checks, which would notice it as well, but later.
  ledger.expiresAt = Date.now() + 91_234;
  const { frames } = await watching();
  await vi.advanceTimersByTimeAsync(91_233);
  expect(frames).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(frames).toMatchObject([{ version: 1, balance: { available: 0 }, nextExpiry: null }]);
});

test("credits that expire because a clock jumped leave the balance within five seconds", async () => {
  ledger.expiresAt = Date.now() + 90_000_000;
  const { frames } = await watching();
  ledger.ahead = 90_000_000;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(frames).toMatchObject([{ balance: { available: 0 } }]);
});

test("a frame that is older than what was told is not told", async () => {
  const { versions } = await watching();
  await vi.advanceTimersByTimeAsync(100);
  ledger.version = 5;
  notice(5);
  await vi.advanceTimersByTimeAsync(200);
  ledger.version = 4;
  notice(6);
  await vi.advanceTimersByTimeAsync(200);
  expect(versions).toEqual([5]);
});

test("when the last watcher leaves, nothing is kept", async () => {
  ledger.expiresAt = Date.now() + 1_000;
  const one = await watching();
  const two = await watching();
  one.unwatch();
  expect(hub.watchedAccounts).toBe(1);
  two.unwatch();
  expect(hub.watchedAccounts).toBe(0);
  const before = ledger.reads;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ledger.reads).toBe(before);
});

describe("a feed", () => {
  const open = (options: { after?: number; caughtUp?: () => Promise<void> } = {}) => {
    const stop = new AbortController();
    const versions: number[] = [];
    const { after = null, caughtUp } = options;
    const ended = (async () => {
      const reader = caughtUp === undefined ? null : { caughtUp };
      const feed = { accountId: "acc_a", after, signal: stop.signal, reader };
      for await (const frame of accountFrames(hub, feed)) versions.push(frame.version);
    })();
    return { versions, stop: () => stop.abort(), ended };
  };

  test("begins with what is true now", async () => {
    const feed = open();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.versions).toEqual([1]);
  });

  test("says nothing to a reader who knows already, until something changes", async () => {
    const feed = open({ after: 1 });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(feed.versions).toEqual([]);
    ledger.version = 2;
    notice(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(feed.versions).toEqual([2]);
  });

  test("begins anew for a reader who knows another past, or a future", async () => {
    const older = open({ after: 0 });
    const newer = open({ after: 99 });
    await vi.advanceTimersByTimeAsync(0);
    expect([older.versions, newer.versions]).toEqual([[1], [1]]);
  });

  test("misses nothing that happens while it reads what is true now", async () => {
    let answer = (_: LiveFrame) => {};
    vi.spyOn(ledger, "liveFrame").mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const feed = open();
    await vi.advanceTimersByTimeAsync(0);
    ledger.version = 2;
    notice(2);
    answer(aFrame({ version: 1 }));
    await vi.advanceTimersByTimeAsync(200);
    expect(feed.versions).toEqual([1, 2]);
  });

  test("skips to the newest frame for a reader who falls behind", async () => {
    let goOn = () => {};
    let isBehind = true;
    const feed = open({
      caughtUp: () =>
        isBehind
          ? new Promise<void>((resolve) => {
              goOn = resolve;
            })
          : Promise.resolve(),
    });
    await vi.advanceTimersByTimeAsync(100);
    for (let version = 2; version <= 9; version++) {
      ledger.version = version;
      notice(version);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(feed.versions).toEqual([1, 2]);
    isBehind = false;
    goOn();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.versions).toEqual([1, 2, 9]);
  });

  test("leaves nothing behind when its reader goes", async () => {
    const feed = open();
    await vi.advanceTimersByTimeAsync(0);
    feed.stop();
    await feed.ended;
    expect(hub.watchedAccounts).toBe(0);
  });
});
