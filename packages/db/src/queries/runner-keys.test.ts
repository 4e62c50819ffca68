import type { AccountId, RunnerKeyId } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import { anAccount, databases, NOON, type TempDatabase, unique } from "../testing/index.ts";
import {
  findRunnerKeyBySecret,
  insertRunnerKey,
  listRunnerKeys,
  type RunnerKey,
  revokeRunnerKey,
  touchRunnerKey,
} from "./runner-keys.ts";

describe.each(databases)("runner keys in $name", ({ open }) => {
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
  });

  const aKey = (): RunnerKey => ({
    id: `rk_${unique()}` as RunnerKeyId,
    accountId,
    name: "CI",
    prefix: "smk_abc",
    createdAt: NOON,
    lastUsedAt: null,
    revokedAt: null,
  });

  test("a key comes back as it went in, by its secret's hash and in the list", async () => {
    const key = aKey();
    await db.write([insertRunnerKey(key, `hash-${key.id}`)]);
    expect(await findRunnerKeyBySecret(db, `hash-${key.id}`)).toEqual(key);
    expect(await listRunnerKeys(db, accountId)).toEqual([key]);
  });

  test("a hash belongs to one key", async () => {
    const key = aKey();
    await db.write([insertRunnerKey(key, `hash-${key.id}`)]);
    await expect(db.write([insertRunnerKey(aKey(), `hash-${key.id}`)])).rejects.toBeInstanceOf(
      ConstraintViolated,
    );
  });

  test("a revoked key is listed and no longer found, and keeps its first revocation", async () => {
    const key = aKey();
    await db.write([insertRunnerKey(key, `hash-${key.id}`)]);
    await db.write([revokeRunnerKey(accountId, key.id, NOON + 1)]);
    await db.write([revokeRunnerKey(accountId, key.id, NOON + 2)]);
    expect(await findRunnerKeyBySecret(db, `hash-${key.id}`)).toBeNull();
    expect(await listRunnerKeys(db, accountId)).toEqual([{ ...key, revokedAt: NOON + 1 }]);
  });

  test("another account cannot revoke it", async () => {
    const key = aKey();
    const other = await anAccount(db);
    await db.write([insertRunnerKey(key, `hash-${key.id}`)]);
    await db.write([revokeRunnerKey(other.id, key.id, NOON)]);
    expect(await findRunnerKeyBySecret(db, `hash-${key.id}`)).toEqual(key);
  });

  test("its last use is remembered", async () => {
    const key = aKey();
    await db.write([insertRunnerKey(key, `hash-${key.id}`), touchRunnerKey(key.id, NOON + 7)]);
    expect((await listRunnerKeys(db, accountId))[0]?.lastUsedAt).toBe(NOON + 7);
  });
});
