import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operations, openOperations } from "@scanmeter/operations";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seedDemo } from "./seed.ts";

let dir: string;
let operations: Operations;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "seed-"));
  operations = await openOperations({
    databaseUrl: `file:${join(dir, "scanmeter.db")}`,
    clock: "test",
  });
});

afterEach(async () => {
  await operations.close();
  rmSync(dir, { recursive: true, force: true });
});

const signUp = async () => "user-demo";

test("the demo account has free and paid credits with their own dates, two targets and a key that works", async () => {
  const { runnerKey } = await seedDemo({ operations, signUp });
  const accountId = (await operations.findMembership("user-demo"))?.account.id ?? "";
  const snapshot = await operations.snapshot(accountId);

  expect(snapshot?.account.balance).toBe(70);
  expect(snapshot?.lots.map(({ kind, source, remaining }) => [kind, source, remaining])).toEqual(
    expect.arrayContaining([
      ["free", "Welcome credits", 20],
      ["paid", "Demo credits", 50],
    ]),
  );
  expect(new Set(snapshot?.lots.map(({ expiresAt }) => expiresAt)).size).toBe(2);
  const targets = await operations.listTargets(accountId);
  expect(targets.map(({ url, mode }) => [url, mode]).sort()).toEqual([
    ["http://127.0.0.1:8080/", "credits"],
    ["http://127.0.0.1:8081/", "unlimited"],
  ]);
  expect((await operations.authenticateRunnerKey(runnerKey ?? ""))?.accountId).toBe(accountId);
});

test("a second run changes nothing and shows no key", async () => {
  await seedDemo({ operations, signUp });
  const accountId = (await operations.findMembership("user-demo"))?.account.id ?? "";
  const before = await operations.snapshot(accountId);
  operations.testClock?.jump(((before?.now ?? 0) + 86_400_000) as never);

  expect(await seedDemo({ operations, signUp })).toEqual({ runnerKey: null });
  const afterwards = await operations.snapshot(accountId);
  expect(afterwards?.account.version).toBe(before?.account.version);
  expect(await operations.listTargets(accountId)).toHaveLength(2);
  expect(await operations.listRunnerKeys(accountId)).toHaveLength(1);
});
