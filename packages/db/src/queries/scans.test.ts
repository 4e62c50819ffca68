import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  anAccount,
  databases,
  grantTo,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "../testing/index.ts";
import { findScan, listScans, listScansById } from "./scans.ts";

describe.each(databases)("scans in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;
  const ids: string[] = [];

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
    account = await anAccount(db);
    await grantTo(db, account.id);
    for (let nth = 0; nth < 3; nth++) ids.unshift((await startOn(db, account)).id);
  });
  afterAll(() => temp.close());

  test("a scan is found with the address it scans, by its own account only", async () => {
    const [id] = ids as [string];
    expect(await findScan(db, account.id, id)).toMatchObject({
      scan: { id, targetId: account.targetId },
      targetUrl: account.targetUrl,
    });
    expect(await findScan(db, (await anAccount(db)).id, id)).toBeNull();
    expect(await findScan(db, account.id, "scan_unknown")).toBeNull();
  });

  test("the list has the newest first, in pages without a gap or a repetition", async () => {
    const page = async (beforeId: string | null, limit: number) =>
      (await listScans(db, { accountId: account.id, beforeId, limit })).map(({ scan }) => scan.id);
    expect(await page(null, 10)).toEqual(ids);
    expect(await page(null, 2)).toEqual(ids.slice(0, 2));
    expect(await page(ids[1] as string, 2)).toEqual(ids.slice(2));
    expect(await page(ids[2] as string, 2)).toEqual([]);
  });

  test("several are read by their ids", async () => {
    const scans = await listScansById(db, [...ids, "scan_unknown"]);
    expect(scans.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await listScansById(db, [])).toEqual([]);
  });
});
