import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credits } from "@scanmeter/core";
import { type Operations, openOperations } from "@scanmeter/operations";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auditReport, explainReport } from "./reports.ts";

let dir: string;
let operations: Operations;
let accountId: string;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "reports-"));
  const databaseUrl = `file:${join(dir, "scanmeter.db")}`;
  operations = await openOperations({ databaseUrl, clock: "system" });
  const { account } = await operations.openAccount({ userId: "user", name: "Evil\u001b[2J\nname" });
  accountId = account.id;
  await operations.grantCredits({
    accountId,
    credits: credits(7),
    kind: "free",
    source: "test",
    key: "first",
  });
});

afterEach(async () => {
  await operations.close();
  rmSync(dir, { recursive: true, force: true });
});

test("sound books are reported check by check, and end well", async () => {
  const { text, json, exitCode } = await auditReport(operations.database);
  expect(exitCode).toBe(0);
  expect(json).toMatchObject({ ok: true, firstBroken: null });
  expect(text).toMatch(/^ok {2}I1 /);
  expect(text).toMatch(/All \d+ invariants hold\.$/);
});

test("the first broken invariant ends the report and is named with what is broken", async () => {
  await operations.database.write([
    { sql: "UPDATE accounts SET balance = balance + 1 WHERE id = ?", args: [accountId] },
  ]);
  const { text, json, exitCode } = await auditReport(operations.database);
  expect(exitCode).toBe(1);
  expect(json).toMatchObject({ ok: false, firstBroken: { id: "I1" } });
  expect(text).toMatch(/Broken: each balance .* account acc_\w+ shows 8, its lots hold 7\.$/);
});

test("an account is told by its id, and its name cannot draw on the terminal", async () => {
  const { text, exitCode } = await explainReport(operations.database, accountId);
  expect(exitCode).toBe(0);
  expect(text.split("\n")[0]).toMatch(/^Evil\?\[2J\?name \(acc_/);
  expect(text).toContain("7 credits in its lots, 0 owed");
  expect(text).toContain("Open scans: none");
});

test("an unknown account is said to be unknown", async () => {
  expect(await explainReport(operations.database, "nobody@example.test")).toMatchObject({
    json: { ok: false, code: "account_not_found" },
    exitCode: 1,
  });
});
