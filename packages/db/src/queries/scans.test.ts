import { decideFinish, idOf, type Scan, type ScanOutcome, type TargetId } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  accepted,
  anAccount,
  databases,
  decideIn,
  grantTo,
  NOON,
  startOn,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { insertRunnerKey } from "./runner-keys.ts";
import { findScan, listScans, listScansById, type ScanPage } from "./scans.ts";
import { insertTarget } from "./targets.ts";

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
      targetName: "Shop",
      runnerKeyName: null,
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

  test("a scan says by the name of which key it was started", async () => {
    const runnerKeyId = idOf("runnerKey", unique());
    const key = { id: runnerKeyId, accountId: account.id, name: "CI", prefix: "smk_1" };
    const times = { createdAt: NOON, lastUsedAt: null, revokedAt: null };
    await db.write([insertRunnerKey({ ...key, ...times }, unique())]);
    const [scanId] = ids as [string];
    await db.write([
      {
        sql: "UPDATE scans SET runner_key_id = ?, revision = revision + 1 WHERE id = ?",
        args: [runnerKeyId, scanId],
      },
    ]);
    expect(await findScan(db, account.id, scanId)).toMatchObject({ runnerKeyName: "CI" });
  });

  describe("asked for a target or some states", () => {
    let customer: TestAccount;
    let second: TestAccount;
    const names = new Map<string, string>();

    // a and c are of the first target, b and d of the second; a finished, b and c failed, d runs.
    beforeAll(async () => {
      customer = await anAccount(db);
      await grantTo(db, customer.id);
      second = { ...customer, targetId: idOf("target", unique()) as TargetId };
      const url = "https://second.example/";
      const target = { id: second.targetId, accountId: customer.id, url, name: "Second" };
      await db.write([
        insertTarget({ ...target, mode: "credits", createdAt: NOON, archivedAt: null }),
      ]);
      await scan("a", customer, "completed");
      await scan("b", second, "failed");
      await scan("c", customer, "failed");
      await scan("d", second, null);
    });

    async function scan(name: string, of: TestAccount, outcome: ScanOutcome | null) {
      const started = await startOn(db, of);
      names.set(started.id, name);
      if (outcome === null) return;
      await decideIn(db, of.id, { scans: [started] }, (books) => {
        const known = books.scan(started.id) as Scan;
        return accepted(decideFinish(books, known, { outcome, fault: null, by: "runner" }));
      });
    }

    const found = async (wanted: Partial<ScanPage>) =>
      (await listScans(db, { accountId: customer.id, beforeId: null, limit: 9, ...wanted }))
        .map(({ scan: { id } }) => names.get(id))
        .join("");

    test("the list has only those, newest first", async () => {
      const { targetId } = second;
      expect(await found({})).toBe("dcba");
      expect(await found({ targetId })).toBe("db");
      expect(await found({ states: ["failed"] })).toBe("cb");
      expect(await found({ states: ["running", "finished"] })).toBe("da");
      expect(await found({ states: ["failed"], targetId })).toBe("b");
      expect(await found({ states: ["lost"], targetId })).toBe("");
      expect(await found({ accountId: account.id, targetId })).toBe("");
    });

    test("pages go on where the last one ended", async () => {
      const { targetId } = second;
      const [d] = [...names].find(([, name]) => name === "d") ?? [];
      expect(await found({ targetId, limit: 1 })).toBe("d");
      expect(await found({ targetId, limit: 1, beforeId: d as string })).toBe("b");
    });

    test("what has ended is found for its target without reading the others", async () => {
      const plans: string[] = [];
      const watched = {
        read: async ({ sql, args }: { sql: string; args: string[] }) => {
          const { rows } = await db.read({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
          plans.push(...rows.map(({ detail }) => String(detail)));
          return { rows: [], columns: [] };
        },
      } as unknown as Database;
      const page = { accountId: customer.id, beforeId: null, limit: 9 };
      await listScans(watched, { ...page, targetId: second.targetId });
      expect(plans.filter((plan) => plan.includes(" scans "))).toEqual([
        "SEARCH scans USING INDEX scans_of_target (account_id=? AND target_id=? AND id<?)",
        "SEARCH scans USING INDEX scans_open (account_id=?)",
      ]);
      plans.length = 0;
      await listScans(watched, page);
      expect(plans).toContain("SEARCH scans USING INDEX scans_of_account (account_id=? AND id<?)");
    });
  });

  test("several are read by their ids", async () => {
    const scans = await listScansById(db, [...ids, "scan_unknown"]);
    expect(scans.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(await listScansById(db, [])).toEqual([]);
  });
});
