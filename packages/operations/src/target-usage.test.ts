import { decideFinish, type Scan } from "@scanmeter/core";
import {
  anAccount,
  DAY,
  databases,
  decideIn,
  grantTo,
  noonPlus,
  startOn,
  type TempDatabase,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listUsedTargets } from "./target-usage.ts";
import { archiveTarget, createTarget } from "./targets.ts";
import { depsOver, type TestDeps } from "./testing/index.ts";

describe.each(databases)("targets with what they cost in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;

  beforeAll(async () => {
    temp = await open();
    deps = await depsOver(temp.database, { at: noonPlus(30 * DAY + 1) });
  });
  afterAll(() => temp.close());

  test("are those in use, with their history; archived ones come along when they are asked for", async () => {
    const account = await anAccount(deps.db);
    const accountId = account.id;
    await grantTo(deps.db, accountId);
    const gone = await createTarget(deps, {
      accountId,
      url: "https://gone.example/",
      mode: "credits",
    });
    const goneId = gone.ok ? gone.value.id : "";
    await archiveTarget(deps, { accountId, targetId: goneId });
    for (const at of [noonPlus(0), noonPlus(1)]) {
      const scan = await startOn(deps.db, account, { at });
      await decideIn(deps.db, accountId, { now: at, scans: [scan] }, (books) =>
        decideFinish(books, books.scan(scan.id) as Scan, {
          outcome: "completed",
          fault: null,
          by: "runner",
        }),
      );
    }
    const list = (isWithArchived: boolean) => listUsedTargets(deps, { accountId, isWithArchived });
    const [used, ...others] = await list(false);
    expect(others).toEqual([]);
    // The first one started a moment more than thirty days ago.
    expect(used).toMatchObject({
      target: { id: account.targetId },
      usage: { scans: 2, credits: 2, recentCredits: 1 },
      likelyCost: 1,
    });
    expect(
      (await list(true)).map(({ target, usage, likelyCost }) => [target.id, usage, likelyCost]),
    ).toEqual([
      [account.targetId, used?.usage, 1],
      [goneId, null, null],
    ]);
  });
});
