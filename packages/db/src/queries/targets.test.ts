import type { AccountId, TargetId } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import { anAccount, databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import {
  archiveTarget,
  findTarget,
  findTargetByUrl,
  insertTarget,
  listTargets,
  reviveTarget,
  type Target,
  updateTargetMode,
} from "./targets.ts";

describe.each(databases)("targets in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let accountId: AccountId;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    accountId = (await anAccount(db)).id;
    // The one that comes with a test account, so that lists show only what a test added.
    await db.write([{ sql: "DELETE FROM targets WHERE account_id = ?", args: [accountId] }]);
  });

  const aTarget = (about: Partial<Target> = {}): Target => ({
    id: `tgt_${unique()}` as TargetId,
    accountId,
    url: `https://shop.example/${unique()}?q=a&b=“ü”`,
    name: "Shop",
    mode: "credits",
    createdAt: NOON,
    archivedAt: null,
    ...about,
  });

  test.each(["credits", "unlimited"] as const)(
    "a target with mode %s comes back as it went in",
    async (mode) => {
      const target = aTarget({ mode });
      await db.write([insertTarget(target)]);
      expect(await findTarget(db, accountId, target.id)).toEqual(target);
      expect(await findTargetByUrl(db, accountId, target.url)).toEqual(target);
      expect(await listTargets(db, accountId)).toEqual([target]);
    },
  );

  test("a mode that does not exist is refused", async () => {
    await expect(
      db.write([insertTarget(aTarget({ mode: "free" as "credits" }))]),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("an address is one target of an account, and another account may have it too", async () => {
    const target = aTarget();
    const other = await anAccount(db);
    await db.write([insertTarget(target)]);
    await expect(db.write([insertTarget(aTarget({ url: target.url }))])).rejects.toSatisfy(
      (error) => error instanceof ConstraintViolated && !error.isConflict,
    );
    await db.write([insertTarget(aTarget({ url: target.url, accountId: other.id }))]);
  });

  test("another account's target is not there", async () => {
    const target = aTarget();
    const other = await anAccount(db);
    await db.write([insertTarget(target)]);
    expect(await findTarget(db, other.id, target.id)).toBeNull();
    await db.write([
      updateTargetMode(other.id, target.id, "unlimited"),
      archiveTarget(other.id, target.id, NOON),
    ]);
    expect(await findTarget(db, accountId, target.id)).toEqual(target);
  });

  test("an archived target is only found by its address, and comes back with a new name and mode", async () => {
    const target = aTarget();
    await db.write([insertTarget(target), archiveTarget(accountId, target.id, NOON + 1)]);
    expect(await findTarget(db, accountId, target.id)).toBeNull();
    expect(await listTargets(db, accountId)).toEqual([]);
    expect((await findTargetByUrl(db, accountId, target.url))?.archivedAt).toBe(NOON + 1);

    const revived: Target = { ...target, name: "New", mode: "unlimited" };
    await db.write([reviveTarget(revived)]);
    expect(await findTarget(db, accountId, target.id)).toEqual(revived);
  });

  test("archiving again keeps the first instant", async () => {
    const target = aTarget();
    await db.write([insertTarget(target), archiveTarget(accountId, target.id, NOON)]);
    await db.write([archiveTarget(accountId, target.id, NOON + 5)]);
    expect((await findTargetByUrl(db, accountId, target.url))?.archivedAt).toBe(NOON);
  });

  test("a target of no account is refused", async () => {
    await expect(
      db.write([insertTarget(aTarget({ accountId: "acc_unknown" as AccountId }))]),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });
});
