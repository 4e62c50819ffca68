import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Operations, openOperations } from "@scanmeter/operations";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commands } from "./commands.ts";

let dir: string;
let operations: Operations;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "meant-"));
  operations = await openOperations({
    databaseUrl: `file:${join(dir, "scanmeter.db")}`,
    clock: "system",
  });
});
afterEach(async () => {
  await operations.close();
  rmSync(dir, { recursive: true, force: true });
});

test("an address that stands for several accounts has no credits given or taken until one is named", async () => {
  const open = async (userId: string, name: string) => {
    await operations.database.write([
      {
        sql: `INSERT INTO auth_user (id, name, email, created_at, updated_at)
          VALUES (?1, ?1, ?1 || '@example.test', 1, 1)`,
        args: [userId],
      },
    ]);
    return (await operations.openAccount({ userId, name })).account.id;
  };
  const [own, firm] = [await open("ada", "Ada"), await open("boss", "Firm")];
  const join = (role: string) =>
    operations.database.write([
      {
        sql: "INSERT INTO members (account_id, user_id, role) VALUES (?, 'ada', ?)",
        args: [firm, role],
      },
    ]);
  let count = 0;
  const grant = (account: string) => {
    count += 1;
    const input = { account, credits: 1, kind: "free", key: `grant-${count}` };
    return commands.grant(operations, input);
  };
  const adjust = (account: string) => {
    const input = { account, credits: -1, reason: "a mistake", key: `adjust-${count}` };
    return commands.adjust(operations, input);
  };
  await join("billing");
  expect(await grant("Ada@example.test")).toMatchObject({ ok: true, result: { accountId: own } });
  expect(await adjust("ada@example.test")).toMatchObject({ ok: true, result: { accountId: own } });
  await operations.database.write([
    "DELETE FROM members WHERE user_id = 'ada' AND role = 'billing'",
  ]);
  await join("owner");
  for (const command of [grant, adjust]) {
    expect(await command("ada@example.test")).toEqual({
      ok: false,
      code: "several_accounts",
      said: `ada@example.test stands for several; give the id of one: Ada (${own}), Firm (${firm}).`,
    });
  }
  expect(await grant(firm)).toMatchObject({ ok: true, result: { accountId: firm } });
  expect(await grant("nobody@example.test")).toMatchObject({ code: "account_not_found" });
});
