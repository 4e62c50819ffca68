/** Another program holds the write lock: a backup tool, a console, a colleague's curiosity. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase, openForReading } from "./client.ts";
import { type Program, startProgram, tempFolder } from "./testing/index.ts";

const note = (id: number) =>
  `INSERT INTO service (id, alive_at, listening_since) VALUES (${id}, 0, 0)`;
const insertNew = "INSERT INTO service (id, alive_at, listening_since) SELECT id, 0, 0 FROM new";
const notes = async (db: Database) =>
  (await db.read("SELECT id FROM service ORDER BY id")).rows.map((row) => row[0]);

describe("while another program holds the lock", () => {
  let dir: string;
  let url: string;
  let db: Database;
  let locker: Program;

  beforeAll(async () => {
    dir = tempFolder();
    url = `file:${join(dir, "scanmeter.db")}`;
    (await openDatabase({ url })).close();
    locker = await startProgram("locker", [join(dir, "scanmeter.db")]);
    expect(await locker.says()).toBe("ready");
  });
  afterAll(async () => {
    await locker.kill();
    rmSync(dir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    db = await openDatabase({ url });
    await db.write(["DELETE FROM service"]);
  });
  afterEach(() => db.close());

  const tell = async (word: "lock" | "unlock") => {
    locker.tell(word);
    expect(await locker.says()).toBe(`${word}ed`);
  };

  /** Locks, starts what is given, sees that it waits, and lets go. */
  async function whileLocked<T>(work: () => Promise<T>[], forMs = 300): Promise<T[]> {
    await tell("lock");
    let settled = 0;
    const started = work().map((one) => one.finally(() => settled++));
    try {
      const startedAt = performance.now();
      while (performance.now() - startedAt < forMs) await delay(5);
      expect(settled).toBe(0);
      // Waiting is left to timers, so everything else goes on meanwhile: whoever waited in the
      // database itself would have come back only when its patience was over.
      expect(performance.now() - startedAt).toBeLessThan(forMs + 2_000);
    } finally {
      await tell("unlock");
    }
    return Promise.all(started);
  }

  test("writes wait, and are all there once it lets go, to whoever looks", async () => {
    await whileLocked(() => [
      db.write([note(1), note(2)]),
      db.client.batch([note(3)]),
      db.client.execute(note(4)).then(({ rows }) => [{ rows }] as never),
      db.client.executeMultiple(`${note(5)};`).then(() => []),
    ]);
    const reader = await openForReading({ url });
    expect(await notes(reader)).toEqual([1, 2, 3, 4, 5]);
    reader.close();
  });

  test("reads go on", async () => {
    await db.write([note(1)]);
    await tell("lock");
    expect(await notes(db)).toEqual([1]);
    await tell("unlock");
  });

  test("an opener waits too, as the owner and as a reader", async () => {
    db.close();
    await whileLocked(() => [openDatabase({ url }).then((opened) => opened.close())], 100);
    await tell("lock");
    const reader = await openForReading({ url });
    expect(await notes(reader)).toEqual([]);
    reader.close();
    await tell("unlock");
  });

  // A statement that was answered BUSY stays open on its connection. Over such a connection the next
  // insert would be acknowledged, seen by nobody else, and gone when the process is killed. A write
  // that hides behind WITH is not known for one beforehand, so it is refused as a statement of its own.
  test.each([
    ["an insert", (id: number) => note(id)],
    ["an insert behind WITH", (id: number) => `WITH new (id) AS (VALUES (${id})) ${insertNew}`],
  ])("%s right after a refusal is seen by others at once", async (_, insert) => {
    const ids = Array.from({ length: 20 }, (_, id) => id);
    await whileLocked(() => ids.map((id) => db.client.execute(insert(id))), 60);
    await db.client.execute(insert(99));
    const reader = await openForReading({ url });
    expect(await notes(reader)).toEqual([...ids, 99]);
    reader.close();
    // The lock is free: no forgotten statement holds it.
    await tell("lock");
    await tell("unlock");
  });

  test("a batch without a mode waits for the lock before it does anything", async () => {
    await whileLocked(() => [db.client.batch(["SELECT 1"])], 60);
  });

  test("a connection that was replaced is set up like the first", async () => {
    const hidden = `WITH new (id) AS (VALUES (1)) ${insertNew}`;
    await whileLocked(() => [db.client.execute(hidden)], 100);
    const setting = async (name: string) => (await db.read(`PRAGMA ${name}`)).rows[0]?.[0];
    expect(await setting("synchronous")).toBe(2);
    expect(await setting("foreign_keys")).toBe(1);
    expect(await setting("cache_size")).toBe(-65_536);
  });

  test.runIf(process.platform === "linux")(
    "however many wait, no connection is left behind",
    async () => {
      const files = () => readdirSync("/proc/self/fd").length;
      await whileLocked(() => [db.write([note(0)])], 60);
      const before = files();
      await whileLocked(
        () => Array.from({ length: 30 }, (_, id) => db.client.execute(note(id + 1))),
        400,
      );
      expect(files()).toBeLessThan(before + 10);
    },
  );

  test("the owner stays the owner, although its connection was replaced", async () => {
    await db.client.reconnect();
    await expect(openDatabase({ url })).rejects.toMatchObject({ reason: "owned" });
  });
});
