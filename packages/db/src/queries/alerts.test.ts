import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { databases, NOON, type TempDatabase } from "../testing/index.ts";
import { listAlerts, raiseAlert, resolveAlert } from "./alerts.ts";

describe.each(databases)("alerts in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  const alert = { key: "k", kind: "needs_review", accountId: null, text: "Look at this." };

  test("the same trouble twice is one alert that counts; resolved it is gone until it comes again", async () => {
    await db.write([raiseAlert(alert, NOON)]);
    await db.write([raiseAlert({ ...alert, text: "Look at this still." }, NOON + 5)]);
    const open = { ...alert, raisedAt: NOON, text: "Look at this still." };
    expect(await listAlerts(db)).toEqual([{ ...open, lastAt: NOON + 5, times: 2 }]);

    const [resolved] = await db.write([resolveAlert("k", NOON + 6)]);
    expect(resolved?.rowsAffected).toBe(1);
    expect(await listAlerts(db)).toEqual([]);
    const [again] = await db.write([resolveAlert("k", NOON + 7)]);
    expect(again?.rowsAffected).toBe(0);

    await db.write([raiseAlert(alert, NOON + 8)]);
    expect(await listAlerts(db)).toMatchObject([{ key: "k", times: 3 }]);
  });
});
