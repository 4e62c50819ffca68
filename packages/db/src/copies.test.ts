import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "./client.ts";
import { CopyRefused, copyDatabase, restoreDatabase } from "./copies.ts";
import { anAccount, grantTo, NOON, openTempDatabase, tempFolder } from "./testing/index.ts";
import type { TempDatabase } from "./testing/temp-db.ts";

let temp: TempDatabase;
let db: Database;
let accountId: string;
let file: string;
/** Folders of databases that are restored, apart from the one that is running. */
let dir: string;
let elsewhere: string;

beforeEach(async () => {
  temp = await openTempDatabase();
  db = temp.database;
  accountId = (await anAccount(db)).id;
  await grantTo(db, accountId);
  file = join(temp.dir, "it's a copy.db");
  dir = tempFolder();
  elsewhere = `file:${join(dir, "scanmeter.db")}`;
});
afterEach(async () => {
  await temp.close();
  rmSync(dir, { recursive: true, force: true });
});

const countIn = async (url: string): Promise<unknown> => {
  const opened = await openDatabase({ url });
  try {
    return (await opened.read("SELECT count(*) FROM postings")).rows[0]?.[0];
  } finally {
    opened.close();
  }
};
const refusalOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CopyRefused);
  return (error as Error).message;
};
const restore = (from = file, stamp = "then") => restoreDatabase(elsewhere, { from, stamp });

describe("a copy", () => {
  test("is made beside its owner, who goes on, holds what was stored by then, and says what that is", async () => {
    expect(await copyDatabase(temp.url, file)).toEqual({
      bytes: statSync(file).size,
      accounts: 1,
      postings: 1,
      newestAt: NOON,
    });
    await grantTo(db, accountId);
    expect(await countIn(`file:${file}`)).toBe(1);
    await copyDatabase(temp.url, `${file}.2`);
    expect(await countIn(`file:${file}.2`)).toBe(2);
  });

  test("is for nobody else's eyes, and lies alone: nothing unfinished beside it", async () => {
    await copyDatabase(temp.url, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(temp.dir).filter((name) => name.startsWith("it's"))).toEqual([
      "it's a copy.db",
    ]);
  });

  test("takes no file's place, and what was left unfinished is not in its way", async () => {
    writeFileSync(file, "something");
    expect(await refusalOf(copyDatabase(temp.url, file))).toMatch(/is there already/);
    writeFileSync(`${file}.2.partial`, "half a copy");
    await copyDatabase(temp.url, `${file}.2`);
    expect(existsSync(`${file}.2.partial`)).toBe(false);
  });

  test("of a database that is not there is refused, and none is made", async () => {
    expect(await refusalOf(copyDatabase(elsewhere, file))).toMatch(/There is no database at/);
    expect(readdirSync(dir)).toEqual([]);
  });

  test("of a damaged database is not made", async () => {
    await db.client.executeMultiple(
      "PRAGMA foreign_keys = OFF; DROP TRIGGER postings_never_go; DELETE FROM postings",
    );
    await expect(copyDatabase(temp.url, file)).rejects.toThrow(
      "It is damaged: a reference that leads nowhere.",
    );
    expect(existsSync(file)).toBe(false);
  });
});

describe("a copy that is restored", () => {
  beforeEach(() => copyDatabase(temp.url, file));

  test("is the database from then on, and the copy stays where it is", async () => {
    expect(await restore()).toMatchObject({ accounts: 1, postings: 1, replaced: null });
    expect(await countIn(elsewhere)).toBe(1);
    expect(existsSync(file)).toBe(true);
  });

  test("keeps what it replaced beside it, whole", async () => {
    await restore();
    const first = await openDatabase({ url: elsewhere });
    await grantTo(first, accountId);
    first.close();
    const { replaced } = await restore();
    expect(replaced).toBe(join(dir, "scanmeter.db.replaced-then"));
    expect(await countIn(elsewhere)).toBe(1);
    expect(await countIn(`file:${replaced}`)).toBe(2);
  });

  test("keeps what a killed owner had stored and not yet put into its file", async () => {
    for (const suffix of ["", "-wal"])
      copyFileSync(join(temp.dir, `scanmeter.db${suffix}`), join(dir, `scanmeter.db${suffix}`));
    const { replaced } = await restore();
    expect(readdirSync(dir).sort()).toEqual([
      "scanmeter.db",
      "scanmeter.db.lock",
      "scanmeter.db.replaced-then",
    ]);
    expect(await countIn(`file:${replaced}`)).toBe(1);
  });

  test("takes the place of a file that is past saving, and keeps that too", async () => {
    writeFileSync(join(dir, "scanmeter.db"), "no database ".repeat(1_000));
    const { replaced } = await restore();
    expect(await countIn(elsewhere)).toBe(1);
    expect(statSync(replaced ?? "").size).toBe(12_000);
  });

  test("waits for nobody: while somebody owns the database it is refused, and nothing is touched", async () => {
    await grantTo(db, accountId);
    const owned = restoreDatabase(temp.url, { from: file, stamp: "then" });
    await expect(owned).rejects.toThrow(/^Another process owns file:/);
    expect(readdirSync(temp.dir).filter((name) => /restoring|replaced/.test(name))).toEqual([]);
    await grantTo(db, accountId);
    expect((await db.read("SELECT count(*) FROM postings")).rows[0]?.[0]).toBe(3);
  });
});

describe("what is no copy of ours is refused, and nothing is touched", () => {
  afterEach(() => {
    expect(readdirSync(dir).filter((name) => name !== "scanmeter.db.lock")).toEqual([]);
  });

  test("no file at all", async () => {
    expect(await refusalOf(restore())).toBe(`There is no file ${file}.`);
  });

  test("no database", async () => {
    writeFileSync(file, "no database ".repeat(1_000));
    expect(await refusalOf(restore())).toMatch(/cannot be restored: The file is not a database/);
  });

  test("a database of something else", async () => {
    const other = new Sqlite(file);
    other.exec("CREATE TABLE notes (text)");
    other.close();
    expect(await refusalOf(restore())).toMatch(/and not one of ours\.$/);
  });

  test("a damaged copy", async () => {
    await copyDatabase(temp.url, file);
    const copy = new Sqlite(file);
    copy.exec("PRAGMA foreign_keys = OFF; DROP TRIGGER postings_never_go; DELETE FROM postings");
    copy.close();
    expect(await refusalOf(restore())).toMatch(/It is damaged: a reference that leads nowhere\.$/);
  });

  test("the file of an owner, of which a part is still in its log", async () => {
    expect(await refusalOf(restore(join(temp.dir, "scanmeter.db")))).toMatch(/not a finished copy/);
  });
});

test("a database is not restored from itself", async () => {
  await copyDatabase(temp.url, join(dir, "scanmeter.db"));
  expect(await refusalOf(restore(join(dir, "scanmeter.db")))).toMatch(/is the database itself/);
});
