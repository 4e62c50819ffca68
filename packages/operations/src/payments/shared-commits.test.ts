import { failureOf, type Statement } from "@scanmeter/db";
import { openTempDatabase, type TempDatabase } from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { SharedCommits } from "./shared-commits.ts";

let temp: TempDatabase;
/** How many statements each commit had. */
let commits: number[];
let shared: SharedCommits;

beforeAll(async () => {
  temp = await openTempDatabase();
  await temp.database.write(["CREATE TABLE words (word TEXT PRIMARY KEY) STRICT"]);
});
afterAll(() => temp.close());
beforeEach(async () => {
  await temp.database.write(["DELETE FROM words"]);
  commits = [];
  shared = new SharedCommits({
    write: (statements) => {
      commits.push(statements.length);
      return temp.database.write(statements);
    },
  });
});

const add = (word: string): Statement => ({
  sql: "INSERT INTO words VALUES (?) ON CONFLICT DO NOTHING",
  args: [word],
});
const words = async () =>
  (await temp.database.read("SELECT word FROM words ORDER BY word")).rows.map((row) => row[0]);

test("what is asked for at once is one commit, and each is told what its own statement did", async () => {
  const results = await Promise.all(["a", "b", "a"].map((word) => shared.write(add(word))));
  expect(results.map(({ rowsAffected }) => rowsAffected)).toEqual([1, 1, 0]);
  expect(commits).toEqual([3]);
  expect(await words()).toEqual(["a", "b"]);
});

test("more than fit into one commit are all stored", async () => {
  const many = Array.from({ length: 300 }, (_, at) => String(at));
  await Promise.all(many.map((word) => shared.write(add(word))));
  expect(commits).toEqual([256, 44]);
  expect(await words()).toHaveLength(300);
});

test("one alone does not wait for others", async () => {
  await shared.write(add("a"));
  await shared.write(add("b"));
  expect(commits).toEqual([1, 1]);
});

test("one that cannot be stored fails alone", async () => {
  const bad = { sql: "INSERT INTO words VALUES (NULL), (x'00')", args: [] };
  const outcomes = await Promise.allSettled([
    shared.write(add("a")),
    shared.write(bad),
    shared.write(add("b")),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await words()).toEqual(["a", "b"]);
});

test("a database that cannot be reached fails them all, each once", async () => {
  const gone = await openTempDatabase();
  const lost = new SharedCommits(gone.database);
  gone.database.close();
  const outcomes = await Promise.allSettled([lost.write(add("a")), lost.write(add("b"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  for (const one of outcomes) {
    if (one.status === "rejected") expect(failureOf(one.reason)).toBeInstanceOf(Error);
  }
  await gone.close().catch(() => {});
});
