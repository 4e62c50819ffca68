import { decideFinish, type Scan } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import {
  accepted,
  anAccount,
  databases,
  decideIn,
  grantTo,
  moveHold,
  noonPlus,
  startIn,
  startOn,
  type TempDatabase,
} from "../testing/index.ts";
import { findSnapshot } from "./snapshot.ts";

describe.each(databases)("a snapshot in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());

  test("of an unknown account is null", async () => {
    expect(await findSnapshot(db, "acc_unknown")).toBeNull();
  });

  test("of an account that was only opened", async () => {
    const { id } = await anAccount(db);
    expect(await findSnapshot(db, id)).toEqual({
      account: {
        id,
        version: 0,
        balance: 0,
        debt: 0,
        whenOutOfCredits: "pause",
        creditEpoch: 0,
        lowBalance: 5,
        topUpAt: null,
        keepsExpired: false,
      },
      lots: [],
      openScans: [],
      reason: "opened",
    });
  });

  test("shows the open lots, the open scans with their addresses, and why it changed last", async () => {
    const account = await anAccount(db);
    await grantTo(db, account.id, { credits: 1, kind: "free" });
    const lotId = await grantTo(db, account.id, { credits: 2 });
    const ended = await startOn(db, account);
    const running = await startOn(db, account, { at: noonPlus(5) });
    await decideIn(db, account.id, { now: noonPlus(9), scans: [ended] }, (books) =>
      accepted(
        decideFinish(books, books.scan(ended.id) as Scan, {
          outcome: "completed",
          fault: null,
          by: "runner",
        }),
      ),
    );
    const snapshot = await findSnapshot(db, account.id);
    expect(snapshot).toMatchObject({
      account: { version: 5, balance: 1 },
      lots: [{ id: lotId, remaining: 1 }],
      reason: "scan_ended",
    });
    expect(snapshot?.openScans).toEqual([
      { scan: { ...running, revision: 1 }, targetUrl: account.targetUrl },
    ]);
  });

  test("shows a lot whose credits are all frozen, and not one that holds nothing", async () => {
    const account = await anAccount(db);
    const lotId = await grantTo(db, account.id, { credits: 2 });
    await moveHold(db, account.id, { lotId, amount: 2, as: "freeze" });
    expect(await findSnapshot(db, account.id)).toMatchObject({
      account: { version: 2, balance: 0 },
      lots: [{ id: lotId, remaining: 0, frozen: 2 }],
      reason: "freeze",
    });
  });

  test("shows at most a hundred open scans, those due next, and nobody else's", async () => {
    const account = await anAccount(db);
    const other = await anAccount(db);
    await grantTo(db, account.id, { credits: 101 });
    const ids = await decideIn(db, account.id, {}, (books) =>
      Array.from({ length: 101 }, (_, nth) => {
        const scan = accepted(startIn(books, account));
        // The later it was started here, the sooner it is due.
        books.putScan({ ...scan, nextDueAt: noonPlus(1_000 - nth) });
        return scan.id;
      }),
    );
    const shown = (await findSnapshot(db, account.id))?.openScans.map(({ scan }) => scan.id);
    expect(shown).toEqual(ids.slice(1).reverse());
    expect((await findSnapshot(db, other.id))?.openScans).toEqual([]);
  });
});
