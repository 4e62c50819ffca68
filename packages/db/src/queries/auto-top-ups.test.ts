import { type AccountId, credits, idOf, type LotId } from "@scanmeter/core";
import { openTopUp, type TopUp } from "@scanmeter/core/purchase";
import { tenCredits } from "@scanmeter/core/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  aConsent,
  anAccount,
  anAutoTopUp,
  DAY,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import { type AutoTopUpRow, addConsent, putAutoTopUps } from "./auto-top-ups.ts";
import { readAutoTopUp } from "./books.ts";
import { savePaymentMethod } from "./payment-methods.ts";
import { putTopUps } from "./top-ups.ts";

describe.each(databases)("what an account asked for in advance, in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(db);
  });

  const known = async (now = NOON) => (await readAutoTopUp(db, account.id, now)).known;

  async function save(row: AutoTopUpRow & { consent: ReturnType<typeof aConsent> }) {
    await db.write([addConsent(account.id, row.consent), ...putAutoTopUps([row])]);
  }

  test("is nothing before it was saved", async () => {
    expect(await known()).toMatchObject({
      row: null,
      card: null,
      billing: null,
      purchases: [],
      waitingScans: [],
    });
  });

  test("is read back as it was saved, with the words that were agreed to", async () => {
    const row = anAutoTopUp(account.id, {
      suspension: { reason: "card_refused", since: NOON, topUpId: "top_1" },
      renewal: { expiresAt: noonPlus(30 * DAY), dueAt: noonPlus(27 * DAY) },
    });
    await save(row);
    expect((await known()).row).toEqual({ ...row, version: 1 });
  });

  test("moves on only for whoever read it last", async () => {
    const row = anAutoTopUp(account.id);
    await save(row);
    const settings = { ...row.settings, enabled: false, revision: 2 };
    await db.write(putAutoTopUps([{ ...row, settings, version: 1 }]));
    expect((await known()).row).toMatchObject({ settings, version: 2 });
    const late = db.write(putAutoTopUps([{ ...row, version: 1 }]));
    await expect(late).rejects.toBeInstanceOf(ConstraintViolated);
  });

  test("comes with the card to charge and since when it is the one", async () => {
    const card = {
      id: `pm_${unique()}`,
      accountId: account.id,
      customerId: "cus_1",
      brand: "visa",
      last4: "4242",
      expMonth: 4,
      expYear: 2030,
      fingerprint: null,
    };
    await db.write([savePaymentMethod(card, NOON)]);
    const { accountId: _, fingerprint: __, ...shown } = card;
    expect((await known()).card).toEqual({ ...shown, since: NOON });
  });

  describe("comes with the purchases a decision needs", () => {
    let consentId: string;
    beforeEach(async () => {
      const row = anAutoTopUp(account.id);
      await save(row);
      consentId = row.consent.id;
    });

    async function buy(change: Partial<TopUp>): Promise<string> {
      const id = idOf("topUp", unique());
      const trigger = change.trigger ?? "out_of_credits";
      const topUp = openTopUp(
        {
          id,
          accountId: account.id as AccountId,
          trigger,
          triggerKey: `key-${id}`,
          terms: tenCredits,
          customerId: "cus_1",
          livemode: false,
        },
        NOON,
      );
      const row = {
        topUp: { ...topUp, nextStepAt: null, ...change },
        billing: {} as never,
        card: null,
        receipt: change.state === "paid" ? ({} as never) : null,
        settlement: "none" as const,
        reversed: null,
        consentId: trigger === "manual" ? null : consentId,
      };
      await db.write(putTopUps([row]));
      return id;
    }
    const seen = async (now = NOON) => (await known(now)).purchases.map(({ id }) => id as string);
    const paid = () => ({
      state: "paid" as const,
      paidAt: NOON,
      paymentIntentId: `pi_${unique()}`,
      lotId: `lot_${unique()}` as LotId,
    });

    test("those under way and under review, by hand and automatic", async () => {
      const byHand = await buy({ trigger: "manual" });
      const reviewed = await buy({ state: "needs_review" });
      const underWay = await buy({ state: "retry_wait", nextStepAt: noonPlus(DAY) });
      expect((await seen(noonPlus(400 * DAY))).sort()).toEqual([byHand, reviewed, underWay].sort());
    });

    test("the automatic ones of the month, and none by hand that is over", async () => {
      const automatic = await buy(paid());
      await buy({ trigger: "manual", ...paid() });
      expect(await seen(noonPlus(31 * DAY))).toEqual([automatic]);
      expect(await seen(noonPlus(46 * DAY))).toEqual([]);
    });

    test("all of the episodes that may be open, however old, and no others", async () => {
      const { id } = account;
      const over = { state: "failed" } as const;
      const ofEpisode = [
        await buy({ ...over, triggerKey: `out-of-credits-${id}-0` }),
        await buy({ ...over, triggerKey: `out-of-credits-${id}-0-2` }),
        await buy({ ...over, triggerKey: `before-expiry-${id}-lot_1-5` }),
      ];
      await buy({ ...over, triggerKey: `out-of-credits-${id}-01` });
      await buy({ ...over, triggerKey: `out-of-credits-${id}-1` });
      expect((await seen(noonPlus(400 * DAY))).sort()).toEqual(ofEpisode.sort());
    });
  });

  test("more credits at once than were agreed to is another agreement, and both stay", async () => {
    const row = anAutoTopUp(account.id);
    await save(row);
    const more = aConsent({ quantity: credits(50) });
    await db.write([
      addConsent(account.id, more),
      ...putAutoTopUps([{ ...row, consent: more, version: 1 }]),
    ]);
    expect((await known()).row?.consent).toEqual(more);
    const { rows } = await db.read({
      sql: "SELECT quantity FROM consents WHERE account_id = ? ORDER BY quantity",
      args: [account.id],
    });
    expect(rows.map((row) => row[0])).toEqual([10, 50]);
  });
});
