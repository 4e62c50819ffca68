import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Database, openDatabase } from "./client.ts";
import { startProgram, tempFolder } from "./testing/index.ts";

const TORTURE_MS = 10_000;
const LOCKED_FOR_AT_MOST_MS = 80;

let dir: string;
let url: string;

beforeEach(() => {
  dir = tempFolder();
  url = `file:${join(dir, "scanmeter.db")}`;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const count = async (db: Database) => (await db.read("SELECT count(*) FROM service")).rows[0]?.[0];
const note = (id: number) =>
  `INSERT INTO service (id, alive_at, listening_since) VALUES (${id}, 0, 0)`;

test("a lock held for longer than anybody waits is told to every caller, and nothing was written", async () => {
  const db = await openDatabase({ url });
  const locker = await startProgram("locker", [join(dir, "scanmeter.db")]);
  await locker.says();
  locker.tell("lock");
  await locker.says();
  const turns = monitorEventLoopDelay({ resolution: 1 });
  turns.enable();
  const startedAt = performance.now();
  const refusals = await Promise.allSettled([
    db.write([note(1)]),
    db.client.execute(note(2)),
    db.client.executeMultiple(note(3)),
  ]);
  turns.disable();
  expect(performance.now() - startedAt).toBeGreaterThan(4_000);
  for (const refusal of refusals) {
    expect(refusal).toMatchObject({
      status: "rejected",
      reason: {
        name: "DatabaseUnavailable",
        reason: "locked",
        message: "The database is locked by another program; close it and try again.",
      },
    });
  }
  // Waiting inside SQLite would stop everything for as long as the lock is held.
  expect(turns.max / 1e6).toBeLessThan(1_000);
  locker.tell("unlock");
  await locker.says();
  expect(await count(db)).toBe(0);
  await db.write([note(1)]);
  expect(await count(db)).toBe(1);
  await locker.kill();
  db.close();
});

// The statement that is answered BUSY poisons its connection: with one client that simply tried again,
// acknowledged writes were lost in five of five runs like this one.
test("no acknowledged write is lost, however another program locks and whenever the owner is killed", async () => {
  const acknowledgements = join(dir, "acknowledged");
  const writer = await startProgram("writer", [url, acknowledgements]);
  expect(await writer.says()).toBe("ready");
  const lockers = await Promise.all(
    [1, 2].map(() =>
      startProgram("locker", [join(dir, "scanmeter.db"), String(LOCKED_FOR_AT_MOST_MS)]),
    ),
  );
  for (const locker of lockers) await locker.says();
  await delay(TORTURE_MS);
  expect(() => process.kill(writer.pid, 0), "it writes to the end").not.toThrow();
  await writer.kill("SIGKILL");
  for (const locker of lockers) await locker.kill("SIGKILL");

  const noted = readFileSync(acknowledgements, "utf8").split("\n").slice(0, -1);
  const isHealth = (line: string) => line.startsWith("health");
  const acknowledged = noted.filter((line) => !isHealth(line)).map(Number);
  const db = await openDatabase({ url });
  const { rows } = await db.read("SELECT id FROM acknowledged");
  const stored = new Set(rows.map((row) => row[0] as number));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(100);
  expect((await db.read("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
  db.close();

  const files = noted.filter(isHealth).map((line) => Number(line.split(" ")[1]));
  expect(files.length).toBeGreaterThan(0);
  // A retired connection would hold its files until what was kept on it is collected.
  expect(Math.max(...files)).toBeLessThan(100);
});
