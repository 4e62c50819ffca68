/** The schema that the code reads and the one that migrating makes are two texts; they must agree. */
import { is } from "drizzle-orm";
import {
  getTableConfig,
  type SQLiteColumn,
  SQLiteSyncDialect,
  SQLiteTable,
} from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { databases, type TempDatabase } from "../testing/index.ts";
import * as schema from "./index.ts";

const tables = Object.values(schema)
  .filter((exported) => is(exported, SQLiteTable))
  .map((table) => getTableConfig(table));
const names = tables.map(({ name }) => name).sort();
const textOf = (sql: Parameters<SQLiteSyncDialect["sqlToQuery"]>[0]) =>
  new SQLiteSyncDialect().sqlToQuery(sql).sql;
/** As somebody compares them by eye. */
const plain = (sql: unknown) => String(sql).replace(/["`]/g, "").replace(/\s+/g, " ");

/** Each as far as its parentheses reach, because one that was added with its column may stand anywhere. */
function checksIn(sql: string): string[] {
  return [...sql.matchAll(/CONSTRAINT \w+ CHECK\(/g)].map(({ index, 0: begin }) => {
    let end = index + begin.length;
    for (let open = 1; open > 0; end++) {
      if (sql[end] === "(") open += 1;
      if (sql[end] === ")") open -= 1;
    }
    return sql.slice(index, end);
  });
}

describe.each(databases)("a migrated database in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  async function list(sql: string, ...args: string[]): Promise<unknown[][]> {
    return (await db.read({ sql, args })).rows.map((row) => Array.from(row));
  }

  test("has the tables of the schema, the journal of its migrations, and no others", async () => {
    const found = await list(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%' ORDER BY name",
    );
    expect(found.flat()).toEqual(["__drizzle_migrations", ...names]);
  });

  test("is strict in every table of ours, so that no fraction passes for a whole number", async () => {
    const strict = await list("SELECT name FROM pragma_table_list WHERE strict = 1 ORDER BY name");
    expect(strict.flat()).toEqual(names);
  });

  test("keeps what has been booked by its triggers", async () => {
    const found = await list("SELECT name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name");
    expect(found.flat()).toEqual([
      "accounts_team_moves",
      "auto_top_ups_begin",
      "auto_top_ups_change",
      "auto_top_ups_move",
      "auto_top_ups_once",
      "checkouts_move",
      "consents_never_change",
      "consents_never_go",
      "entries_move_lots",
      "entries_never_change",
      "entries_never_go",
      "extensions_move_lots",
      "extensions_never_change",
      "extensions_never_go",
      "invitations_are_final",
      "invoices_in_order",
      "invoices_never_change",
      "invoices_never_go",
      "lots_keep_their_grant",
      "mails_keep_their_words",
      "members_keep_an_owner",
      "members_leave",
      "members_stay_who_they_are",
      "notice_levels_move",
      "notice_levels_once",
      "notices_keep_their_words",
      "postings_move_accounts",
      "postings_never_change",
      "postings_never_go",
      "scans_move",
      "sessions_begin",
      "top_ups_agreed_to",
      "top_ups_keep_who_ordered",
      "top_ups_move",
      "top_ups_ordered_by_hand",
    ]);
  });

  test("checks references", async () => {
    expect(await list("PRAGMA foreign_keys")).toEqual([[1]]);
  });

  describe.each(tables.map((table) => ({ name: table.name, table })))(
    "table $name",
    ({ name, table }) => {
      const primaryKey = [
        ...table.primaryKeys.flatMap((key) => key.columns),
        ...table.columns.filter((column) => column.primary),
      ].map((column) => column.name);

      test("has the columns of the schema", async () => {
        const found = await list(
          `SELECT name, lower(type), "notnull", pk FROM pragma_table_info(?) ORDER BY cid`,
          name,
        );
        expect(found).toEqual(
          table.columns.map((column: SQLiteColumn) => [
            column.name,
            column.getSQLType(),
            Number(column.notNull),
            primaryKey.indexOf(column.name) + 1,
          ]),
        );
      });

      test("has the indexes of the schema", async () => {
        const found = await list(
          `SELECT l.name, l."unique", (SELECT group_concat(i.name) FROM pragma_index_info(l.name) i),
             iif(l.partial, substr(s.sql, instr(s.sql, 'WHERE ') + 6), NULL)
           FROM pragma_index_list(?) l JOIN sqlite_schema s ON s.name = l.name
           WHERE l.origin = 'c' ORDER BY l.name`,
          name,
        );
        const uniqueColumns = table.columns
          .filter((column) => column.isUnique)
          .map((column) => [column.uniqueName, 1, column.name, null]);
        const indexes = table.indexes.map(({ config }) => [
          config.name,
          Number(config.unique),
          // An expression has no name, here and there.
          config.columns.flatMap((column) => ("name" in column ? [column.name] : [])).join(","),
          config.where === undefined ? null : plain(textOf(config.where)),
        ]);
        expect(
          found.map(([index, unique, columns, where]) => [
            index,
            unique,
            columns,
            where === null ? null : plain(where),
          ]),
        ).toEqual([...uniqueColumns, ...indexes].sort());
      });

      test("has the checks of the schema", async () => {
        const [[sql]] = (await list("SELECT sql FROM sqlite_schema WHERE name = ?", name)) as [
          [string],
        ];
        expect(checksIn(plain(sql)).sort()).toEqual(
          table.checks
            .map((check) => `CONSTRAINT ${check.name} CHECK(${plain(textOf(check.value))})`)
            .sort(),
        );
      });

      test("has the references of the schema", async () => {
        const found = await list(
          `SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list(?) ORDER BY "from"`,
          name,
        );
        const references = table.foreignKeys.map((key) => {
          const { columns, foreignColumns, foreignTable } = key.reference();
          return [
            columns[0]?.name,
            getTableConfig(foreignTable).name,
            foreignColumns[0]?.name,
            (key.onDelete ?? "no action").toUpperCase(),
          ];
        });
        expect(found).toEqual(references.sort());
      });
    },
  );
});
