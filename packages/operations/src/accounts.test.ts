import { ConstraintViolated, findMembership } from "@scanmeter/db";
import { databases, NOON, type TempDatabase, unique } from "@scanmeter/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAccount, setWhenOutOfCredits } from "./accounts.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

describe.each(databases)("opening an account in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;

  beforeAll(async () => {
    temp = await open();
    deps = await depsOver(temp.database, { at: NOON });
  });
  afterAll(() => temp.close());

  const count = async () =>
    (await deps.db.read("SELECT count(*) FROM accounts")).rows[0]?.[0] as number;

  test("gives its first user the ownership, with the zone and the currency that were asked for", async () => {
    const userId = unique();
    const command = { userId, name: "Acme", timeZone: "Asia/Tokyo", currency: "USD" };
    expect(await openAccount(deps, command)).toMatchObject({
      role: "owner",
      account: { name: "Acme", timeZone: "Asia/Tokyo", currency: "USD", version: 0 },
    });
  });

  test("again answers with the account there is", async () => {
    const userId = unique();
    const first = await openAccount(deps, { userId, name: "Acme" });
    expect(await openAccount(deps, { userId, name: "Other" })).toEqual(first);
    expect(first.account).toMatchObject({ timeZone: "UTC", currency: "EUR" });
  });

  test("ten times at once opens one, and all get it", async () => {
    const userId = unique();
    const before = await count();
    const opened = await Promise.all(
      Array.from({ length: 10 }, () => openAccount(deps, { userId, name: "Acme" })),
    );
    expect(new Set(opened.map(({ account }) => account.id)).size).toBe(1);
    expect(await count()).toBe(before + 1);
  });

  test("what becomes of scans without credits is chosen from two ways", async () => {
    const userId = unique();
    const { account } = await openAccount(deps, { userId, name: "Acme" });
    await setWhenOutOfCredits(deps, { accountId: account.id, value: "finish" });
    expect((await findMembership(deps.db, userId))?.account.whenOutOfCredits).toBe("finish");
    const impossible = "continue" as "finish";
    await expect(
      setWhenOutOfCredits(deps, { accountId: account.id, value: impossible }),
    ).rejects.toBeInstanceOf(ConstraintViolated);
  });
});
