import { listAlerts } from "@scanmeter/db";
import {
  anAccount,
  grantTo,
  NOON,
  openTempDatabase,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LedgerChecks } from "./check-ledger.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

const HOUR_MS = 60 * 60_000;

let temp: TempDatabase;
let deps: TestDeps;
let account: TestAccount;

beforeEach(async () => {
  temp = await openTempDatabase();
  deps = await depsOver(temp.database, { at: NOON });
  // Another account beside it, whose chain is nobody else's business.
  const other = await anAccount(deps.db);
  account = await anAccount(deps.db);
  await grantTo(deps.db, other.id);
  for (let n = 0; n < 5; n += 1) await grantTo(deps.db, account.id);
});
afterEach(() => temp.close());

const headHash = async () => {
  const { rows } = await deps.db.read({
    sql: "SELECT chain_hash FROM accounts WHERE id = ?",
    args: [account.id],
  });
  return rows[0]?.[0];
};

/** What no statement of the product can do. */
async function tamper(sql: string): Promise<void> {
  const guards = ["postings_never_change", "postings_never_go", "entries_never_change"];
  const drop = guards.map((name) => `DROP TRIGGER IF EXISTS ${name};`).join(" ");
  await deps.db.client.executeMultiple(`PRAGMA foreign_keys = OFF; ${drop} ${sql}`);
}

test("a whole ledger is followed to its newest posting, whose hash is the account's", async () => {
  expect(await new LedgerChecks(deps).check(account.id)).toEqual({
    begunAt: NOON,
    checkedAt: NOON,
    checked: 5,
    postings: 5,
    hash: await headHash(),
    broken: null,
  });
});

test("an account without a posting has nothing to follow, and an unknown one has no ledger", async () => {
  const { id } = await anAccount(deps.db);
  const checks = new LedgerChecks(deps);
  expect(await checks.check(id)).toMatchObject({ checked: 0, postings: 0, hash: "", broken: null });
  expect(await checks.check("acc_unknown")).toBeNull();
});

test("a long one is followed further each time somebody asks, and then only what is new", async () => {
  const checks = new LedgerChecks(deps, 2);
  const asked = async () => (await checks.check(account.id))?.checked;
  expect([await asked(), await asked(), await asked()]).toEqual([2, 4, 5]);
  deps.clock.advance(1_000);
  await grantTo(deps.db, account.id);
  expect(await checks.check(account.id)).toMatchObject({ checked: 6, begunAt: NOON });
});

test("an hour after it was begun it is begun anew", async () => {
  const checks = new LedgerChecks(deps, 5);
  await checks.check(account.id);
  await tamper(`UPDATE postings SET balance_after = 99 WHERE version = 2;`);
  deps.clock.advance(HOUR_MS - 1);
  // Only from the place where it ended: the first ones are not looked at every time.
  expect(await checks.check(account.id)).toMatchObject({ checked: 5, broken: null });
  deps.clock.advance(1);
  expect(await checks.check(account.id)).toMatchObject({
    checked: 1,
    broken: "2 is not what was booked",
  });
});

test.each([
  [
    "a changed posting",
    "UPDATE postings SET reason = 'x' WHERE version = 3",
    "3 is not what was booked",
  ],
  ["a changed amount", "UPDATE entries SET amount = 4", "1 is not what was booked"],
  ["a lost posting", "DELETE FROM postings WHERE version = 3", "3 is missing"],
  ["a lost newest posting", "DELETE FROM postings WHERE version = 5", "5 is missing"],
  ["another newest posting", "UPDATE accounts SET chain_hash = 'x'", "5 was another one"],
])("%s is found, stays found, and an operator is told once", async (_, sql, broken) => {
  await tamper(sql);
  const checks = new LedgerChecks(deps);
  const found = await checks.check(account.id);
  expect(found).toMatchObject({ broken, postings: 5 });
  expect(await checks.check(account.id)).toEqual(found);
  expect(await listAlerts(deps.db)).toMatchObject([
    { kind: "broken_ledger", accountId: account.id, times: 1 },
  ]);
});

test("those who ask at the same time are answered in turn, and a failure is only its own", async () => {
  const checks = new LedgerChecks(deps, 2);
  const both = await Promise.all([checks.check(account.id), checks.check(account.id)]);
  expect(both.map((one) => one?.checked)).toEqual([2, 4]);
  const { read } = deps.db;
  const failing = { ...deps, db: { ...deps.db, read: () => Promise.reject(new Error("away")) } };
  const broken = new LedgerChecks(failing);
  await expect(broken.check(account.id)).rejects.toThrow("away");
  failing.db.read = read as never;
  expect(await broken.check(account.id)).toMatchObject({ checked: 5 });
});
