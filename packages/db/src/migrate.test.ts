import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "./client.ts";
import { FileClient } from "./file-client.ts";
import { migrate } from "./migrate.ts";
import { prepareOwned } from "./owned-connection.ts";
import {
  databases,
  hasSqld,
  startProgram,
  startSqld,
  type TempDatabase,
  tempFolder,
} from "./testing/index.ts";

const journal = JSON.parse(
  readFileSync(new URL("../migrations/meta/_journal.json", import.meta.url), "utf8"),
) as { entries: { tag: string; when: number }[] };

test("the journal is in order and every migration it names is there", () => {
  const whens = journal.entries.map(({ when }) => when);
  expect(whens).toEqual([...new Set(whens)].sort((a, b) => a - b));
  for (const { tag } of journal.entries) {
    const sql = readFileSync(new URL(`../migrations/${tag}.sql`, import.meta.url), "utf8");
    expect(sql.length).toBeGreaterThan(0);
  }
});

describe.each(databases)("migrating $name", ({ open }) => {
  let temp: TempDatabase;
  let folder: string;

  beforeEach(async () => {
    temp = await open("by itself");
    folder = tempFolder();
    mkdirSync(join(folder, "meta"));
  });
  afterEach(async () => {
    await temp.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const list = async (sql: string) =>
    (await temp.database.read(sql)).rows.map((row) => row[0] as string | number);
  const tables = () =>
    list("SELECT name FROM sqlite_schema WHERE name IN ('one', 'two') ORDER BY 1");

  /** What a later version of the product would bring. */
  function writeMigrations(...migrations: string[]): void {
    const after = journal.entries.at(-1)?.when ?? 0;
    const entries = migrations.map((_, idx) => ({
      idx,
      version: "6",
      when: after + idx + 1,
      tag: `${idx}`,
      breakpoints: true,
    }));
    migrations.forEach((sql, idx) => {
      writeFileSync(join(folder, `${idx}.sql`), sql);
    });
    writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", entries }));
  }

  test("an empty one applies every migration once, and again none", async () => {
    const applied = () => list("SELECT created_at FROM __drizzle_migrations ORDER BY created_at");
    expect((await applied()).map(Number)).toEqual(journal.entries.map(({ when }) => when));
    await migrate(temp.database.client);
    expect(await applied()).toHaveLength(journal.entries.length);
  });

  test("applies what is new, and leaves references checked", async () => {
    writeMigrations("CREATE TABLE one (id INTEGER) STRICT", "CREATE TABLE two (id INTEGER) STRICT");
    await migrate(temp.database.client, folder);
    expect(await tables()).toEqual(["one", "two"]);
    expect(await list("PRAGMA foreign_keys")).toEqual([1]);
  });

  test("that fails half-way leaves nothing behind, and goes through once it is put right", async () => {
    const broken =
      "CREATE TABLE two (id INTEGER) STRICT;--> statement-breakpoint\nINSERT INTO three VALUES (1)";
    writeMigrations("CREATE TABLE one (id INTEGER) STRICT", broken);
    await expect(migrate(temp.database.client, folder)).rejects.toThrow();
    expect(await tables()).toEqual([]);
    expect(await list("PRAGMA foreign_keys")).toEqual([1]);
    writeMigrations("CREATE TABLE one (id INTEGER) STRICT", "CREATE TABLE two (id INTEGER) STRICT");
    await migrate(temp.database.client, folder);
    expect(await tables()).toEqual(["one", "two"]);
  });
});

/** Works on a file of the product as it was when it had so many migrations. */
async function withDatabaseOf(
  migrations: number,
  work: (client: FileClient) => Promise<void>,
): Promise<void> {
  const dir = tempFolder();
  const client = new FileClient(join(dir, "scanmeter.db"), prepareOwned);
  const old = { ...journal, entries: journal.entries.slice(0, migrations) };
  mkdirSync(join(dir, "old", "meta"), { recursive: true });
  writeFileSync(join(dir, "old", "meta", "_journal.json"), JSON.stringify(old));
  for (const { tag } of old.entries) {
    copyFileSync(
      new URL(`../migrations/${tag}.sql`, import.meta.url),
      join(dir, "old", `${tag}.sql`),
    );
  }
  try {
    await migrate(client, join(dir, "old"));
    await work(client);
  } finally {
    client.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

test("a ledger from before credits could be frozen is the same afterwards, and still guarded", () =>
  withDatabaseOf(2, async (client) => {
    await client.batch([
      `INSERT INTO accounts VALUES ('acc', 'Acme', 'UTC', 'EUR', 0, 0, 0, 'pause', '', 1)`,
      `INSERT INTO lots VALUES ('lot', 'acc', 'paid', 'old', 5, 0, 0, 1, 99)`,
      `INSERT INTO postings VALUES (1, 'acc', 1, 'grant', 'k', NULL, 1, 1, NULL, NULL, NULL, NULL, 5, 0, 'h')`,
      `INSERT INTO entries VALUES (1, 0, 'purchases', 'customer', 5, 'lot')`,
      `INSERT INTO extensions VALUES (1, 'lot', 99, 100)`,
    ]);
    await migrate(client);
    const { rows } = await client.execute(
      `SELECT remaining, frozen, is_open, expires_at, amount, top_up_id FROM lots
        JOIN entries ON lot_id = lots.id JOIN postings ON postings.id = posting_id`,
    );
    expect(rows.map((row) => Array.from(row))).toEqual([[5, 0, 1, 100, 5, null]]);
    await client.batch(["INSERT INTO entries VALUES (1, 1, 'customer', 'holds', 3, 'lot')"]);
    const lots = await client.execute("SELECT remaining, frozen FROM lots");
    expect(Array.from(lots.rows[0] ?? [])).toEqual([2, 3]);
    for (const refused of ["DELETE FROM entries", "UPDATE lots SET granted = 9"]) {
      await expect(client.execute(refused)).rejects.toThrow(/never deleted|keeps what was granted/);
    }
  }));

test("people from before teams keep their account, may join others, and still open only one", () =>
  withDatabaseOf(6, async (client) => {
    const account = (id: string, name: string) =>
      `INSERT INTO accounts (id, name, time_zone, currency, version, balance, debt,
        when_out_of_credits, chain_hash, created_at) VALUES ('${id}', '${name}', 'UTC', 'EUR', 0, 0, 0, 'pause', '', 1)`;
    await client.batch([
      account("acc_a", "Acme"),
      account("acc_b", "Bolt"),
      "INSERT INTO members VALUES ('ada', 'acc_a', 'owner'), ('bob', 'acc_b', 'owner'), ('max', 'acc_a', 'member')",
      "INSERT INTO auth_user (id, name, email, created_at, updated_at) VALUES ('ada', 'Ada', 'a@b.test', 1, 1)",
      "INSERT INTO auth_session (id, token, user_id, expires_at, created_at, updated_at) VALUES ('s', 't', 'ada', 9, 1, 1)",
    ]);
    await migrate(client);
    const list = async (sql: string) =>
      (await client.execute(sql)).rows.map((row) => Array.from(row));
    expect(await list("SELECT id, opened_by, team_revision FROM accounts ORDER BY id")).toEqual([
      ["acc_a", "ada", 0],
      ["acc_b", "bob", 0],
    ]);
    expect(await list("SELECT user_id, account_id, role FROM members ORDER BY user_id")).toEqual([
      ["ada", "acc_a", "owner"],
      ["bob", "acc_b", "owner"],
      ["max", "acc_a", "member"],
    ]);
    expect(await list("SELECT token, active_account_id FROM auth_session")).toEqual([["t", null]]);
    expect(await list("PRAGMA foreign_key_check")).toEqual([]);
    await client.batch([
      "INSERT INTO members (account_id, user_id, role) VALUES ('acc_b', 'ada', 'member')",
    ]);
    for (const refused of [
      "DELETE FROM members WHERE user_id = 'bob'",
      "UPDATE accounts SET opened_by = 'ada' WHERE id = 'acc_b'",
      "INSERT INTO members (account_id, user_id, role) VALUES ('acc_unknown', 'ada', 'member')",
    ]) {
      await expect(client.execute(refused)).rejects.toThrow(/an owner|UNIQUE|FOREIGN KEY/);
    }
  }));

test.runIf(hasSqld)(
  "of several processes that start at once over an empty server, all start",
  async () => {
    const sqld = await startSqld();
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openDatabase({ url: sqld.url })),
    );
    try {
      const [first] = opened;
      const { rows } = (await first?.read("SELECT count(*) FROM __drizzle_migrations")) ?? {
        rows: [],
      };
      expect(rows[0]?.[0]).toBe(journal.entries.length);
    } finally {
      for (const database of opened) database.close();
      await sqld.stop();
    }
  },
);

test("of several processes that start at once on an empty file, one owns it and the others say so", async () => {
  const dir = tempFolder();
  const owners = await Promise.all(
    [1, 2, 3].map(() => startProgram("owner", [`file:${join(dir, "scanmeter.db")}`])),
  );
  const said = await Promise.all(owners.map(async (owner) => JSON.parse(await owner.says())));
  expect(said.filter(({ opened }) => opened)).toHaveLength(1);
  expect(said.filter(({ reason }) => reason === "owned")).toHaveLength(2);
  await Promise.all(owners.map((owner) => owner.kill()));
  (await openDatabase({ url: `file:${join(dir, "scanmeter.db")}` })).close();
  rmSync(dir, { recursive: true, force: true });
});
