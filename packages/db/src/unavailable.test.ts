/** Everything a person can put right has one sentence, and none of it loses what was acknowledged. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase, openForReading } from "./client.ts";
import { DatabaseUnavailable } from "./failures.ts";
import { startProgram, tempFolder } from "./testing/index.ts";

let dir: string;
let path: string;
let url: string;

beforeEach(() => {
  dir = tempFolder();
  path = join(dir, "scanmeter.db");
  url = `file:${path}`;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const note = (id: number) =>
  `INSERT INTO service (id, alive_at, listening_since) VALUES (${id}, 0, 0)`;
const notes = async (db: Database) =>
  (await db.read("SELECT id FROM service ORDER BY id")).rows.map((row) => row[0] as number);

async function makeDatabase(): Promise<void> {
  const db = await openDatabase({ url });
  await db.write([note(1)]);
  db.close();
}

async function rootPageOf(table: string, file: Buffer): Promise<number> {
  writeFileSync(path, file);
  const db = await openForReading({ url });
  const { rows } = await db.read({
    sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?",
    args: [table],
  });
  db.close();
  return rows[0]?.[0] as number;
}

const failureOfOpening = (open = openDatabase) =>
  open({ url }).then(
    (db) => {
      db.close();
      throw new Error("It opened.");
    },
    (error: unknown) => error as DatabaseUnavailable,
  );

describe("a file that cannot be used is told in one sentence:", () => {
  test("no folder", async () => {
    rmSync(dir, { recursive: true });
    const failure = await failureOfOpening();
    expect(failure).toBeInstanceOf(DatabaseUnavailable);
    expect(failure.message).toBe(
      "The database cannot be opened; check that its folder exists and may be written.",
    );
  });

  test("a folder in its place", async () => {
    mkdirSync(path);
    expect(await failureOfOpening()).toMatchObject({
      name: "DatabaseUnavailable",
      reason: "read_only",
    });
  });

  test("no database, but something else", async () => {
    writeFileSync(path, "Dear diary, ".repeat(1_000));
    for (const open of [openDatabase, openForReading]) {
      expect((await failureOfOpening(open)).message).toBe(
        "The file is not a database; check DATABASE_URL or restore it from a backup.",
      );
    }
    expect(readFileSync(path, "utf8")).toMatch(/^Dear diary/);
  });

  test("a damaged one, whether it shows at once or later", async () => {
    await makeDatabase();
    const whole = readFileSync(path);
    const sentence = "The database file is damaged; restore it from a backup.";
    // The first page holds the schema; every other page some table or index.
    writeFileSync(path, Buffer.from(whole).fill(0xee, 100, 4_096));
    expect((await failureOfOpening()).message).toBe(sentence);
    writeFileSync(path, Buffer.from(whole).fill(0xee, 4_096));
    expect((await failureOfOpening()).message).toBe(sentence);
    // One table only: everything else works, and that table says so.
    const page = await rootPageOf("service", whole);
    writeFileSync(path, Buffer.from(whole).fill(0xee, (page - 1) * 4_096, page * 4_096));
    const damaged = await openDatabase({ url });
    await expect(notes(damaged)).rejects.toMatchObject({ reason: "corrupt", message: sentence });
    await expect(damaged.write([note(2)])).rejects.toMatchObject({ reason: "corrupt" });
    expect((await damaged.read("SELECT count(*) FROM accounts")).rows[0]?.[0]).toBe(0);
    damaged.close();
    // The owner's lock is back, and so is the database, from a backup.
    writeFileSync(path, whole);
    const db = await openDatabase({ url });
    expect(await notes(db)).toEqual([1]);
    db.close();
  });

  describe("no permission", () => {
    /** Root is stopped by no permission, unless it gives that power away. */
    const bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"];

    async function failureOfSomebody(): Promise<{ reason: string; message: string }> {
      const inside = (command: readonly string[]) => [...(isRoot ? bound : []), ...command];
      const owner = await startProgram("owner", [url], { inside });
      const said = JSON.parse(await owner.says());
      await owner.kill();
      return said;
    }

    test("for the file", async () => {
      await makeDatabase();
      chmodSync(path, 0o444);
      expect(await failureOfSomebody()).toMatchObject({
        reason: "read_only",
        message: "The database cannot be written; check the permissions of its file and folder.",
      });
    });

    test("for the lock of another user", async () => {
      await makeDatabase();
      chmodSync(`${path}.lock`, 0o444);
      expect(await failureOfSomebody()).toMatchObject({ reason: "read_only" });
    });

    test("for the folder", async () => {
      chmodSync(dir, 0o555);
      expect(await failureOfSomebody()).toMatchObject({
        reason: "read_only",
        message: "The database cannot be opened; check that its folder exists and may be written.",
      });
      chmodSync(dir, 0o755);
    });
  });
});

describe("a full disk", () => {
  const PADDING = "x".repeat(20_000);

  /** Writes until it is refused; every id that was acknowledged. */
  async function fill(
    db: Database,
    from = 1,
  ): Promise<{ acknowledged: number[]; failure: DatabaseUnavailable }> {
    const acknowledged: number[] = [];
    for (let id = from; ; id++) {
      try {
        await db.write([note(id), `INSERT INTO padding VALUES ('${PADDING}')`]);
        acknowledged.push(id);
      } catch (error) {
        return { acknowledged, failure: error as DatabaseUnavailable };
      }
    }
  }

  /** A small disk in place of the folder, where this process may mount one. */
  const mounted = (size: string) =>
    isRoot && spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "none", dir]).status === 0;

  test("refuses with its sentence, loses nothing, and is written again once there is space", async (context) => {
    if (!mounted("2m")) return context.skip("This process may not mount a small disk.");
    try {
      const db = await openDatabase({ url });
      await db.write(["CREATE TABLE padding (text TEXT)"]);
      const { acknowledged, failure } = await fill(db);
      expect(failure).toMatchObject({ name: "DatabaseUnavailable", reason: "full" });
      expect(failure.message).toBe("The disk is full; free some space, nothing was lost.");
      expect(acknowledged.length).toBeGreaterThan(10);
      expect(await notes(db)).toEqual(acknowledged);

      // A reader beside it still reads, and the owner goes on refusing rather than breaks.
      const reader = await openForReading({ url });
      expect(await notes(reader)).toEqual(acknowledged);
      reader.close();
      const next = acknowledged.length + 1;
      expect(await fill(db, next)).toMatchObject({ acknowledged: [], failure: { reason: "full" } });

      spawnSync("mount", ["-o", "remount,size=16m", dir]);
      await db.write([note(next)]);
      expect(await notes(db)).toEqual([...acknowledged, next]);
      expect((await db.read("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
      db.close();
    } finally {
      // Lazily, because a statement that is not collected yet holds the file open.
      spawnSync("umount", ["-l", dir]);
    }
  });

  test("a disk that refuses a write loses nothing that was acknowledged", async () => {
    await makeDatabase();
    const owner = await startProgram("owner", [url], {
      // In blocks of a kilobyte: the log may grow to half a megabyte and no further.
      inside: (command) => ["bash", "-c", 'ulimit -S -f 512; exec "$@"', "bash", ...command],
    });
    expect(await owner.says()).toBe('{"opened":true}');
    owner.tell("CREATE TABLE padding (text TEXT)");
    await owner.says();
    const acknowledged = [1];
    let said: { reason?: string; message?: string } = {};
    for (let id = 2; said.reason === undefined; id++) {
      owner.tell(`${note(id)};INSERT INTO padding VALUES ('${PADDING}')`);
      said = JSON.parse(await owner.says());
      if (said.reason === undefined) acknowledged.push(id);
    }
    expect(said.reason).toBe("full");
    expect(said.message).toMatch(/^The disk (is full|refused a write); .*nothing was lost\.$/);
    expect(acknowledged.length).toBeGreaterThan(5);

    const raised = spawnSync("prlimit", ["--pid", String(owner.pid), "--fsize=unlimited"]);
    if (raised.status === 0) {
      owner.tell(note(9_999));
      expect(JSON.parse(await owner.says())).toHaveProperty("rows");
      acknowledged.push(9_999);
    }
    await owner.kill("SIGKILL");
    const db = await openDatabase({ url });
    expect(await notes(db)).toEqual(acknowledged);
    expect((await db.read("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
    db.close();
  });
});
