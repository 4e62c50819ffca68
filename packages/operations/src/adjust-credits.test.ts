import type { Outcome, Refusal } from "@scanmeter/core";
import { findScan } from "@scanmeter/db";
import {
  anAccount,
  databases,
  grantTo,
  HOUR,
  NOON,
  noonPlus,
  startOn,
  type TempDatabase,
  type TestAccount,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type AdjustCommand, adjustCredits } from "./adjust-credits.ts";
import { audit } from "./audit.ts";
import { catchUpAccount } from "./catch-up.ts";
import { readSnapshot } from "./read-account.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

describe.each(databases)("an adjustment in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    deps = await depsOver(temp.database, { at: NOON });
    account = await anAccount(deps.db);
  });

  const adjust = (credits: number, about: Partial<AdjustCommand> = {}) =>
    adjustCredits(deps, { accountId: account.id, credits, reason: "a test", key: "k", ...about });
  const codeOf = (outcome: Outcome<unknown, Refusal>) => (outcome.ok ? "ok" : outcome.refusal.code);
  const lots = async () =>
    ((await readSnapshot(deps, account.id))?.lots ?? []).map(({ kind, remaining }) => [
      kind,
      remaining,
    ]);

  test("adds free credits that live as long as bought ones, and takes them before paid ones", async () => {
    await grantTo(deps.db, account.id, { credits: 5 });
    expect(codeOf(await adjust(3))).toBe("ok");
    const [, added] = (await readSnapshot(deps, account.id))?.lots ?? [];
    // A year later by the calendar of the account.
    expect(added).toMatchObject({ source: "adjustment", expiresAt: Date.UTC(2027, 0, 15, 12) });
    expect(codeOf(await adjust(-4, { key: "back" }))).toBe("ok");
    expect(await lots()).toEqual([["paid", 4]]);
    for await (const { title, broken } of audit(deps.db)) expect(broken, title).toBeNull();
  });

  test("is done once for a key, and the key of another one is refused", async () => {
    const first = await adjust(3);
    expect(await adjust(3)).toMatchObject({ ok: true, value: { version: 1 } });
    expect(first).toMatchObject({ ok: true, value: { version: 1 } });
    expect(codeOf(await adjust(4))).toBe("idempotency_key_reused");
    expect(codeOf(await adjust(3, { reason: "another" }))).toBe("idempotency_key_reused");
    expect(await lots()).toEqual([["free", 3]]);
  });

  test("never takes more than can be spent", async () => {
    await grantTo(deps.db, account.id, { credits: 5 });
    expect(await adjust(-6)).toEqual({
      ok: false,
      refusal: { code: "insufficient_credits", required: 6, available: 5 },
    });
    expect(await lots()).toEqual([["paid", 5]]);
    expect(codeOf(await adjust(1, { accountId: "acc_unknown" }))).toBe("account_not_found");
  });

  test("that adds credits lets a scan that waited for some go on", async () => {
    await grantTo(deps.db, account.id, { credits: 1 });
    const { id } = await startOn(deps.db, account, { at: noonPlus(0) });
    deps.clock.advance(HOUR);
    await deps.db.write([
      {
        sql: "UPDATE scans SET last_seen_at = ?, revision = revision + 1 WHERE id = ?",
        args: [deps.clock.now(), id],
      },
    ]);
    await catchUpAccount(deps, account.id);
    const state = async () => (await findScan(deps.db, account.id, id))?.scan.state;
    expect(await state()).toBe("paused");
    await adjust(2);
    expect(await state()).toBe("running");
    expect(await lots()).toEqual([["free", 1]]);
  });
});
