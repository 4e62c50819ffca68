import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { databases, NOON, type TempDatabase } from "../testing/index.ts";
import { findService, findTestClock, putService, putTestClock } from "./clock.ts";

describe.each(databases)("the service's clock in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  test("nothing is known before the first start", async () => {
    expect(await findService(db)).toBeNull();
    expect(await findTestClock(db)).toBeNull();
  });

  test("neither the last sign of life nor the listening goes back, whichever process says it last", async () => {
    await db.write([putService({ aliveAt: NOON, listeningSince: NOON })]);
    await db.write([putService({ aliveAt: NOON - 5, listeningSince: NOON + 1 })]);
    expect(await findService(db)).toEqual({ aliveAt: NOON, listeningSince: NOON + 1 });
    await db.write([putService({ aliveAt: NOON + 2, listeningSince: NOON })]);
    expect(await findService(db)).toEqual({ aliveAt: NOON + 2, listeningSince: NOON + 1 });
  });

  test("the test clock is one row, as it was put last", async () => {
    await db.write([putTestClock({ baseAt: NOON, realAt: NOON, rateMillis: 1_000 })]);
    await db.write([putTestClock({ baseAt: NOON + 9, realAt: NOON + 1, rateMillis: 3_600_000.4 })]);
    expect(await findTestClock(db)).toEqual({
      baseAt: NOON + 9,
      realAt: NOON + 1,
      rateMillis: 3_600_000,
    });
    expect((await db.read("SELECT count(*) FROM test_clock")).rows[0]?.[0]).toBe(1);
  });
});
