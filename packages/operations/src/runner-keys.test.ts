import { settings } from "@scanmeter/core";
import { listRunnerKeys } from "@scanmeter/db";
import {
  anAccount,
  NOON,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createRunnerKey, makeRunnerKeyring, RUNNER_KEYS_MAX } from "./runner-keys.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

describe("a runner key", () => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await openTempDatabase();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    deps = await depsOver(temp.database, { at: NOON });
    account = await anAccount(deps.db);
    vi.useFakeTimers({ toFake: ["performance"] });
  });
  afterEach(() => vi.useRealTimers());

  async function aKey(name = "CI") {
    const outcome = await createRunnerKey(deps, { accountId: account.id, name });
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    return outcome.value;
  }

  test("lets its runner in as its account", async () => {
    const { key, secret } = await aKey();
    const { authenticate } = makeRunnerKeyring(deps);
    expect(await authenticate(secret)).toEqual({ accountId: account.id, runnerKeyId: key.id });
  });

  test("is nowhere in the database, and its secret and its id cannot be mistaken for each other", async () => {
    const { key, secret } = await aKey();
    const { rows } = await deps.db.read("SELECT * FROM runner_keys");
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(key.prefix.length));
    expect(secret.startsWith(key.prefix)).toBe(true);
    expect(secret).toMatch(/^smk_[\w-]{43}$/);
    expect(key.id).toMatch(/^rk_/);
    expect((await aKey()).secret).not.toBe(secret);
  });

  test("that nobody has, or a piece of one, lets nobody in", async () => {
    const { key, secret } = await aKey();
    const { authenticate } = makeRunnerKeyring(deps);
    for (const wrong of [
      "",
      "smk_",
      key.id,
      key.prefix,
      `${secret}x`,
      secret.slice(0, -1),
      secret.slice(4),
    ]) {
      expect(await authenticate(wrong), wrong).toBeNull();
    }
  });

  test("that is revoked lets nobody in, here at once, elsewhere within two seconds, and stays revoked", async () => {
    const { key, secret } = await aKey();
    const [here, elsewhere] = [makeRunnerKeyring(deps), makeRunnerKeyring(deps)];
    expect(await here.authenticate(secret)).not.toBeNull();
    expect(await elsewhere.authenticate(secret)).not.toBeNull();
    const command = { accountId: account.id, runnerKeyId: key.id };
    const revoked = await here.revoke(command);
    expect(revoked).toMatchObject({ ok: true, value: { revokedAt: NOON } });
    expect(await here.authenticate(secret)).toBeNull();
    vi.advanceTimersByTime(settings.runnerKeyBelievedMs);
    expect(await elsewhere.authenticate(secret)).toBeNull();
    deps.clock.advance(1);
    expect(await here.revoke(command)).toEqual(revoked);
    expect((await listRunnerKeys(deps.db, account.id))[0]?.revokedAt).toBe(NOON);
  });

  test("is revoked by its own account only", async () => {
    const { key, secret } = await aKey();
    const other = await anAccount(deps.db);
    expect(
      await makeRunnerKeyring(deps).revoke({ accountId: other.id, runnerKeyId: key.id }),
    ).toMatchObject({ ok: false, refusal: { code: "runner_key_not_found" } });
    expect(await makeRunnerKeyring(deps).authenticate(secret)).not.toBeNull();
  });

  test("that is used often is noted once a minute", async () => {
    const { secret } = await aKey();
    const { authenticate } = makeRunnerKeyring(deps);
    const lastUsedAt = async () => (await listRunnerKeys(deps.db, account.id))[0]?.lastUsedAt;
    await authenticate(secret);
    await expect.poll(lastUsedAt).toBe(NOON);
    for (const [ms, expected] of [
      [59_999, NOON],
      [1, NOON + 60_000],
    ] as const) {
      deps.clock.advance(ms);
      vi.advanceTimersByTime(settings.runnerKeyBelievedMs);
      await authenticate(secret);
      await expect.poll(lastUsedAt).toBe(expected);
    }
  });

  test("is one of so many of its account, of which the revoked do not count", async () => {
    const keys = [];
    for (let nth = 0; nth < RUNNER_KEYS_MAX; nth++) keys.push(await aKey());
    expect(await createRunnerKey(deps, { accountId: account.id, name: "more" })).toMatchObject({
      ok: false,
      refusal: { code: "too_many", max: RUNNER_KEYS_MAX },
    });
    await makeRunnerKeyring(deps).revoke({
      accountId: account.id,
      runnerKeyId: keys[0]?.key.id as string,
    });
    await aKey();
  });
});
