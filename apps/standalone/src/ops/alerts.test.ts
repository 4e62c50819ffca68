import { instant } from "@scanmeter/core";
import { type Database, raiseAlert } from "@scanmeter/db";
import { openTempDatabase, type TempDatabase } from "@scanmeter/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { alertsReport, reconcileReport } from "./alerts.ts";

let temp: TempDatabase;
let database: Database;
beforeEach(async () => {
  temp = await openTempDatabase();
  database = temp.database;
});
afterEach(() => temp.close());

const raise = (key: string, at: string, text: string) =>
  database.write([
    raiseAlert({ key, kind: "needs_review", accountId: "acc_1", text }, instant(Date.parse(at))),
  ]);

test("without an open alert it says so", async () => {
  expect(await alertsReport(database)).toEqual({
    json: { ok: true, alerts: [] },
    text: "No alert is open.",
    exitCode: 0,
  });
});

test("each open alert is one line, the oldest first, with how often it was raised", async () => {
  await raise("b", "2026-03-02T00:00:00Z", "Purchase top_2 needs a look.");
  await raise("a", "2026-03-01T00:00:00Z", "Purchase top_1 needs a look.");
  await raise("b", "2026-03-03T00:00:00Z", "Purchase top_2 needs a look still.");
  await raise("over", "2026-03-04T00:00:00Z", "This is done.");
  await database.write(["UPDATE alerts SET resolved_at = 1 WHERE key = 'over'"]);
  const { text, json } = await alertsReport(database);
  expect(text.split("\n")).toEqual([
    "since                     times  key  what",
    "2026-03-01T00:00:00.000Z  1      a    Purchase top_1 needs a look.",
    "2026-03-02T00:00:00.000Z  2      b    Purchase top_2 needs a look still.",
  ]);
  expect(json).toMatchObject({
    ok: true,
    alerts: [
      { key: "a", times: 1, accountId: "acc_1" },
      { key: "b", times: 2, lastAt: "2026-03-03T00:00:00.000Z" },
    ],
  });
});

test("a text cannot draw on the terminal", async () => {
  await raise("a", "2026-03-01T00:00:00Z", "Evil\u001b[2J\nname");
  expect((await alertsReport(database)).text).toContain("Evil?[2J?name");
});

test("a comparison that could not be finished does not end well", () => {
  const answer = (isComplete: boolean) =>
    ({ ok: true, said: "Compared.", result: { isComplete, alerts: [] } }) as const;
  expect(reconcileReport(answer(true)).exitCode).toBe(0);
  expect(reconcileReport(answer(false)).exitCode).toBe(1);
  const refused = { ok: false, code: "payments_off", said: "Nothing can be bought here." } as const;
  expect(reconcileReport(refused)).toMatchObject({ exitCode: 1, text: refused.said });
});
