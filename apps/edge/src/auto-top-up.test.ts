/** Automatic top-ups as a browser sets them up, and what the pages are told of them. */
import type { AccountId } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { httpClient, socketClient } from "./testing/clients.ts";
import { goodBilling } from "./testing/good-input.ts";
import { joinAs } from "./testing/members.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;

beforeAll(async () => {
  on = await startTestEdge({
    payments: "over a local Stripe",
    addressHeader: "x-forwarded-for",
    sandbox: () => ({
      clock: () => ({ now: on.operations.clock.now(), rate: 1 }),
      advance: async () => ({ now: on.operations.clock.now(), ran: 0 }),
      setRate: async (rate) => ({ now: on.operations.clock.now(), rate }),
      info: () => ({ stripeUrl: null, mailboxUrl: null }),
      page: async () => new Response(),
    }),
  });
});
afterAll(() => on.stop());

/** A test edge gives everybody who signs up ten credits: nothing is bought at nine. */
const WELCOME = 10;
const whenOut = {
  enabled: true,
  quantity: 10,
  triggers: { outOfCredits: true, beforeExpiry: false },
  threshold: WELCOME - 1,
};
const whenOutNow = { ...whenOut, threshold: WELCOME };
const firstSave = { surface: "overview", revision: 0 } as const;

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => "accepted",
    ({ data, message }) => ({ code: data.code, refusal: data.refusal, message }),
  );

test("are off and nothing is ticked until somebody says so", async () => {
  const ada = await on.signUp("Ada");
  const view = await ada.api.autoTopUp.get.query();
  expect(view).toMatchObject({
    enabled: false,
    triggers: { outOfCredits: false, beforeExpiry: false },
    threshold: 0,
    monthlyLimitMinor: null,
    revision: 0,
    status: "off",
    consent: null,
    nextRenewalAt: null,
  });
  expect((await ada.api.account.overview.query()).autoTopUp).toEqual(view);
});

describe("what is saved", () => {
  test("is kept, told to every member and shown on Account Overview", async () => {
    const ada = await on.signUp("Ada");
    const both = { ...whenOut, triggers: { outOfCredits: true, beforeExpiry: true } };
    const saved = await ada.api.autoTopUp.save.mutate({ ...both, ...firstSave });
    expect(saved).toMatchObject({
      ...both,
      revision: 1,
      status: "waiting_for_payment_method",
      wayOut: "add_card",
      totalMinor: 11_305,
      spentThisMonthMinor: 0,
    });
    const [lot] = (await ada.api.account.overview.query()).lots;
    expect(saved.renewsExpiryAt).toBe(lot?.expiresAt);
    expect(await ada.api.autoTopUp.get.query()).toEqual(saved);
    expect((await ada.api.account.overview.query()).autoTopUp).toEqual(saved);

    const mate = await on.signUp("Mate");
    const { accountId } = ada;
    const cookie = await joinAs(on, mate, { accountId, role: "member" });
    const api = httpClient(on.url, { cookie, origin: on.url });
    expect(await api.autoTopUp.get.query()).toEqual(saved);
    const theirs = api.autoTopUp.save.mutate({ ...whenOut, surface: "overview", revision: 1 });
    expect(await refusalOf(theirs)).toMatchObject({ refusal: { code: "forbidden" } });
    expect(await ada.api.autoTopUp.get.query()).toEqual(saved);
  });

  test("keeps what it does not mention, and loses a limit only when told so", async () => {
    const { api } = await on.signUp("Keeper");
    const limited = { ...whenOut, monthlyLimitMinor: 30_000 };
    await api.autoTopUp.save.mutate({ ...limited, ...firstSave });
    const { threshold: _, ...rest } = whenOut;
    const less = { ...rest, quantity: 5, surface: "overview", revision: 1 } as const;
    expect(await api.autoTopUp.save.mutate(less)).toMatchObject({
      quantity: 5,
      threshold: WELCOME - 1,
      monthlyLimitMinor: 30_000,
    });
    const unlimited = { ...less, monthlyLimitMinor: null, revision: 2 };
    expect(await api.autoTopUp.save.mutate(unlimited)).toMatchObject({ monthlyLimitMinor: null });
  });

  test("over settings that somebody else changed meanwhile is refused, and theirs stay", async () => {
    const { api } = await on.signUp("Racer");
    const theirs = await api.autoTopUp.save.mutate({ ...whenOut, quantity: 20, ...firstSave });
    expect(await refusalOf(api.autoTopUp.save.mutate({ ...whenOut, ...firstSave }))).toEqual({
      code: "CONFLICT",
      refusal: { code: "settings_changed", revision: 1 },
      message: "Somebody else changed these settings. Look at them again, then save.",
    });
    expect(await api.autoTopUp.get.query()).toEqual(theirs);
  });
});

describe("what cannot be", () => {
  let api: TestCustomer["api"];
  beforeAll(async () => {
    ({ api } = await on.signUp("Wrong"));
  });

  test.each([
    [{ quantity: 0 }, { field: "quantity", reason: "out_of_range", min: 1, max: 10_000 }],
    [{ quantity: 10_001 }, { field: "quantity", reason: "out_of_range", min: 1, max: 10_000 }],
    [
      { triggers: { outOfCredits: false, beforeExpiry: false } },
      { field: "triggers", reason: "none", min: null, max: null },
    ],
    [{ threshold: -1 }, { field: "threshold", reason: "out_of_range", min: 0, max: 10_000 }],
    [
      { monthlyLimitMinor: 11_304 },
      { field: "monthlyLimitMinor", reason: "below_one_purchase", min: 11_305, max: null },
    ],
  ])("is refused (%j): the field is named, with what it can be", async (wrong, refusal) => {
    const entered = { ...whenOut, ...wrong };
    const told = {
      code: "BAD_REQUEST",
      refusal: { code: "invalid_auto_top_up", ...refusal },
    };
    const saved = api.autoTopUp.save.mutate({ ...entered, ...firstSave });
    expect(await refusalOf(saved)).toMatchObject(told);
    expect(await refusalOf(api.autoTopUp.preview.query(entered))).toMatchObject(told);
    expect(await api.autoTopUp.get.query()).toMatchObject({ revision: 0, status: "off" });
  });
});

describe("an agreement", () => {
  test("is kept with the words and the price that were shown, who gave it, where and when", async () => {
    const ada = await on.signUp("Ada");
    const headers = { cookie: ada.cookie, origin: on.url, "x-forwarded-for": "203.0.113.7" };
    const api = httpClient(on.url, headers);
    const shown = await api.autoTopUp.preview.query(whenOut);
    expect(shown).toMatchObject({ needsConsent: true, totalMinor: 11_305, currency: "EUR" });
    const saved = await api.autoTopUp.save.mutate({
      ...whenOut,
      surface: "checkout",
      revision: 0,
    });
    const { sentence, totalMinor, currency } = shown;
    expect(saved.consent).toEqual({
      by: "Ada",
      givenAt: expect.any(String),
      surface: "checkout",
      sentence,
      totalMinor,
      currency,
    });
    expect(await consentsOf(ada)).toEqual([
      { userId: ada.userId, surface: "checkout", ip: "203.0.113.7", sentence, totalMinor },
    ]);
  });

  test("over a WebSocket is kept with where the socket comes from", async () => {
    const ada = await on.signUp("Ada");
    const socket = socketClient(on.url, { cookie: ada.cookie, origin: on.url });
    await socket.api.autoTopUp.save.mutate({ ...whenOut, ...firstSave });
    await socket.close();
    expect(await consentsOf(ada)).toMatchObject([{ surface: "overview", ip: "127.0.0.1" }]);
  });

  test("is given once: less of the same needs none, and off needs none", async () => {
    const ada = await on.signUp("Ada");
    const { save, preview } = ada.api.autoTopUp;
    await save.mutate({ ...whenOut, ...firstSave });
    const fewer = { ...whenOut, quantity: 5 };
    expect(await preview.query(fewer)).toMatchObject({ needsConsent: false });
    await save.mutate({ ...fewer, surface: "overview", revision: 1 });
    await save.mutate({ ...fewer, enabled: false, surface: "overview", revision: 2 });
    expect(await consentsOf(ada)).toHaveLength(1);
    expect(await preview.query(whenOut)).toMatchObject({ needsConsent: true });
  });

  const consentsOf = async ({ accountId }: TestCustomer) => {
    const { rows } = await on.operations.database.read({
      sql: `SELECT user_id, surface, ip, sentence, total_minor FROM consents
        WHERE account_id = ? ORDER BY given_at`,
      args: [accountId],
    });
    return rows.map((row) => ({
      userId: row[0],
      surface: row[1],
      ip: row[2],
      sentence: row[3],
      totalMinor: row[4],
    }));
  };
});

describe("a preview", () => {
  test("says that saving charges a card at once exactly when it would, and changes nothing", async () => {
    const { api } = await on.signUp("Ada");
    expect(await api.autoTopUp.preview.query(whenOutNow)).toMatchObject({
      chargesNow: { trigger: "out_of_credits" },
      next: { atBalance: WELCOME },
    });
    expect(await api.autoTopUp.preview.query(whenOut)).toMatchObject({
      chargesNow: null,
      past: { purchases: 0, totalMinor: 0, unpaidCredits: 0 },
    });
    expect(await api.autoTopUp.get.query()).toMatchObject({ revision: 0, consent: null });
  });
});

describe("an automatic purchase", () => {
  /** Somebody whose ten credits are few enough to buy, and what became of it. */
  async function bought(name: string, card: string): Promise<TestCustomer> {
    const who = await on.signUp(name);
    await who.api.sandbox.addTestCard.mutate({ card });
    await who.api.autoTopUp.save.mutate({ ...whenOutNow, ...firstSave });
    await on.operations.lookAfter(who.accountId as AccountId);
    return who;
  }

  test("brings credits, and shows in the month and among the purchases", async () => {
    const { api } = await bought("Ada", "pm_card_visa");
    const { balance, autoTopUp } = await api.account.overview.query();
    expect(balance.available).toBe(WELCOME + 10);
    expect(autoTopUp).toMatchObject({
      status: "active",
      reason: null,
      card: { last4: "4242" },
      spentThisMonthMinor: 11_305,
    });
    const [topUp] = (await api.topUps.list.query()).items;
    expect(topUp).toMatchObject({ trigger: "out_of_credits", state: "paid", credits: 10 });
    const topUpId = topUp?.id ?? "";
    expect(await api.topUps.authenticate.mutate({ topUpId })).toEqual({
      topUpId,
      nextAction: null,
    });
    expect(await refusalOf(api.topUps.cancel.mutate({ topUpId }))).toMatchObject({
      code: "CONFLICT",
      refusal: { code: "purchase_closed", state: "paid" },
    });
  });

  test("that the bank asks about leads to the bank, and brings its credits once", async () => {
    const { api } = await bought("Asked", "pm_card_authenticationRequired");
    const { autoTopUp } = await api.account.overview.query();
    expect(autoTopUp).toMatchObject({ status: "needs_authentication", wayOut: "authenticate" });
    const topUpId = autoTopUp?.topUpId ?? "";
    const { nextAction } = await api.topUps.authenticate.mutate({ topUpId });
    const again = await api.topUps.authenticate.mutate({ topUpId });
    expect(again).toEqual({ topUpId, nextAction });

    const there = await fetch(nextAction?.url ?? "", {
      method: "POST",
      body: new URLSearchParams({ answer: "approve" }),
      redirect: "manual",
    });
    const back = new URL(there.headers.get("location") ?? "");
    expect(back.origin + back.pathname).toBe(`${on.url}/top-ups/${topUpId}/confirm`);
    expect(await api.topUps.get.query({ topUpId })).toMatchObject({ state: "paid" });
    expect((await api.account.overview.query()).balance.available).toBe(WELCOME + 10);
    expect((await api.topUps.authenticate.mutate({ topUpId })).nextAction).toBeNull();
  });

  test("that the bank asks about is called off by who pays otherwise", async () => {
    const { api } = await bought("Otherwise", "pm_card_authenticationRequired");
    const topUpId = (await api.autoTopUp.get.query()).topUpId ?? "";
    expect(await api.topUps.cancel.mutate({ topUpId })).toMatchObject({
      id: topUpId,
      state: "canceled",
    });
    expect((await api.topUps.authenticate.mutate({ topUpId })).nextAction).toBeNull();
    expect((await api.account.overview.query()).balance.available).toBe(WELCOME);
  });

  test("alone is confirmed or called off: a payment by hand goes on where it began", async () => {
    const { api } = await on.signUp("Manual");
    await api.account.saveBilling.mutate(goodBilling);
    await api.sandbox.addTestCard.mutate({ card: "pm_card_authenticationRequired" });
    const { id, quote } = await api.checkout.open.mutate({ quantity: 3, idempotencyKey: "one" });
    const asked = await api.checkout.finalize.mutate({
      checkoutId: id,
      expectedTotalMinor: quote.totalMinor,
    });
    const topUpId = asked.topUpId ?? "";
    for (const call of [api.topUps.authenticate.mutate, api.topUps.cancel.mutate]) {
      expect(await refusalOf(call({ topUpId }))).toMatchObject({
        code: "NOT_FOUND",
        refusal: { code: "top_up_not_found", topUpId },
      });
    }
    const { status, nextAction } = asked;
    expect(await api.checkout.get.query({ checkoutId: id })).toMatchObject({ status, nextAction });
  });
});
