import type { Outcome, Refusal } from "@scanmeter/core";
import { findTarget, insertTarget, listTargets } from "@scanmeter/db";
import {
  anAccount,
  databases,
  NOON,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { mintId } from "./mint-id.ts";
import { archiveTarget, createTarget, setTargetMode, TARGETS_MAX } from "./targets.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

const codeOf = (outcome: Outcome<unknown, Refusal>) => (outcome.ok ? "ok" : outcome.refusal.code);

describe.each(databases)("targets in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
    deps = await depsOver(temp.database, { at: NOON });
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(deps.db);
  });

  const create = (url: string, mode: "credits" | "unlimited" = "credits", name?: string) =>
    createTarget(deps, { accountId: account.id, url, mode, name });

  test("a new one is listed, and is called by its address unless it has a name", async () => {
    const unnamed = await create("https://a.example/");
    const named = await create("https://b.example/", "unlimited", "Shop");
    const targets = await listTargets(deps.db, account.id);
    expect(targets.slice(1)).toEqual([unnamed.ok && unnamed.value, named.ok && named.value]);
    expect(targets.slice(1).map(({ name }) => name)).toEqual(["https://a.example/", "Shop"]);
  });

  test("an address is added once, also when it is added twice at once", async () => {
    const url = "https://a.example/";
    const outcomes = await Promise.all([create(url), create(url), create(url)]);
    expect(outcomes.map(codeOf).sort()).toEqual(["ok", "target_exists", "target_exists"]);
    expect(codeOf(await create(url))).toBe("target_exists");
  });

  test("one that was archived is gone, and comes back with its history when it is added again", async () => {
    const first = await create("https://a.example/");
    const targetId = first.ok ? first.value.id : "";
    expect(codeOf(await archiveTarget(deps, { accountId: account.id, targetId }))).toBe("ok");
    expect(codeOf(await archiveTarget(deps, { accountId: account.id, targetId }))).toBe(
      "target_not_found",
    );
    const again = await create("https://a.example/", "unlimited", "Shop");
    expect(again).toMatchObject({
      ok: true,
      value: { id: targetId, mode: "unlimited", name: "Shop", archivedAt: null },
    });
    expect(await findTarget(deps.db, account.id, targetId)).toEqual(again.ok && again.value);
  });

  test("its mode can be changed, by its own account only", async () => {
    const other = await anAccount(deps.db);
    const { targetId } = account;
    const change = (accountId: string) =>
      setTargetMode(deps, { accountId, targetId, mode: "unlimited" });
    expect(codeOf(await change(other.id))).toBe("target_not_found");
    expect(codeOf(await archiveTarget(deps, { accountId: other.id, targetId }))).toBe(
      "target_not_found",
    );
    expect(await change(account.id)).toMatchObject({ ok: true, value: { mode: "unlimited" } });
    expect((await findTarget(deps.db, account.id, targetId))?.mode).toBe("unlimited");
  });

  test("an account has so many and no more", async () => {
    const [first] = await listTargets(deps.db, account.id);
    if (first === undefined) throw new Error("A test account has a target.");
    await deps.db.write(
      Array.from({ length: TARGETS_MAX - 1 }, () =>
        insertTarget({ ...first, id: mintId("target"), url: `https://${unique()}.example/` }),
      ),
    );
    expect(await create("https://one-more.example/")).toEqual({
      ok: false,
      refusal: { code: "too_many", what: "targets", max: TARGETS_MAX },
    });
  });
});
