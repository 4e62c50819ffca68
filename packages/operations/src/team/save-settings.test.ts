import { findAccount, listDueLooks } from "@scanmeter/db";
import {
  anAccount,
  aPaidTopUp,
  databases,
  grantTo,
  NOON,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { depsOver, type TestDeps } from "../testing/index.ts";
import { saveSettings } from "./save-settings.ts";

describe.each(databases)("an account's settings in $name", ({ open }) => {
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

  const save = (about: object = {}) =>
    saveSettings(deps, {
      accountId: account.id,
      name: "Acme Ltd",
      timeZone: "Asia/Tokyo",
      ...about,
    });

  test("are saved, and the account is looked at again by its new zone", async () => {
    const value = { name: "Acme Ltd", timeZone: "Asia/Tokyo", currency: "EUR" };
    expect(await save()).toEqual({ ok: true, value });
    expect(await findAccount(deps.db, account.id)).toMatchObject(value);
    const due = await listDueLooks(deps.db, NOON, 1_000);
    expect(due.map(({ accountId }) => accountId)).toContain(account.id);
  });

  test("move no date that was given, and book nothing", async () => {
    const lotId = await grantTo(deps.db, account.id);
    const lot = async () =>
      (
        await deps.db.read({
          sql: "SELECT effective_at, expires_at, a.version FROM lots JOIN accounts a ON a.id = account_id WHERE lots.id = ?",
          args: [lotId],
        })
      ).rows.map((row) => Array.from(row));
    const before = await lot();
    await save();
    expect(await lot()).toEqual(before);
  });

  test("that cannot be are refused and change nothing", async () => {
    const before = await findAccount(deps.db, account.id);
    expect(await save({ timeZone: "Mars/Olympus" })).toMatchObject({
      refusal: { code: "unknown_time_zone" },
    });
    expect(await save({ currency: "USD" })).toMatchObject({
      refusal: { code: "currency_not_sold", sold: "EUR" },
    });
    expect(await save({ accountId: "acc_unknown" })).toMatchObject({
      refusal: { code: "account_not_found" },
    });
    expect(await findAccount(deps.db, account.id)).toEqual(before);
  });

  test("keep the currency something was bought in", async () => {
    await deps.db.write([
      { sql: "UPDATE accounts SET currency = 'USD' WHERE id = ?", args: [account.id] },
    ]);
    await aPaidTopUp(deps.db, account.id);
    expect(await save({ currency: "EUR" })).toMatchObject({
      refusal: { code: "currency_in_use", currency: "USD" },
    });
    expect(await save({ currency: "USD" })).toMatchObject({ ok: true });
  });
});
