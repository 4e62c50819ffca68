/**
 * Automatic purchases from the customer's word to the credits, over the real database and a local
 * Stripe: what was charged at the other end and what was credited here are counted each time.
 */
import { after, instant } from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import { listAlerts } from "@scanmeter/db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit } from "../audit.ts";
import { got } from "../testing/customer.ts";
import { DAY_MS, HOUR_MS, openYear, type Subscriber, type Year } from "../testing/year.ts";

const asking = "pm_card_authenticationRequired";
const declining = "pm_card_chargeCustomerFail";

let year: Year;
beforeAll(async () => {
  year = await openYear();
});
afterAll(() => year.close());

const charges = async (ada: Subscriber) => (await ada.books()).succeeded;
const lastOf = async (ada: Subscriber) => {
  const topUp = (await ada.topUps()).at(-1)?.topUp;
  if (topUp === undefined) throw new Error("Nothing was bought.");
  return topUp;
};
const nameOf = (ada: Subscriber, topUpId: string) => ({ accountId: ada.account.id, topUpId });
const in30Days = () => after(year.clock.now(), 30 * DAY_MS);

describe("running out of credits", () => {
  test("buys once with the saved card, as was agreed to", async () => {
    const ada = await year.customer("runs-out");
    await ada.give(2);
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual([]);

    await ada.spend(2);
    await year.work();
    expect(await ada.states()).toEqual(["paid"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
    const [bought] = await ada.topUps();
    const { consent } = await year.shop.buying.getAutoTopUp(ada.account);
    expect(bought).toMatchObject({
      topUp: { trigger: "out_of_credits" },
      consentId: consent?.id,
      receipt: { trigger: "out_of_credits", bought: 10 },
    });
    expect(consent).toMatchObject({ surface: "overview", ip: "192.0.2.1", by: "runs-out" });
  });

  test("is one purchase however many scans wait for it, and they go on by themselves", async () => {
    const ada = await year.customer("scans-wait", { card: null });
    await ada.give(5);
    got(await ada.save());
    const scans = await Promise.all(Array.from({ length: 5 }, () => ada.startScan()));
    const { operations } = year.shop;
    const statesOfScans = async () => {
      const found = scans.map((scanId) => operations.findScan(ada.account.id, scanId));
      return (await Promise.all(found)).map((one) => one?.scan.state);
    };
    await year.live(HOUR_MS, 60_000);
    expect(await statesOfScans()).toEqual(scans.map(() => "paused"));

    await ada.saveCard();
    await year.work();
    expect(await ada.states()).toEqual(["paid"]);
    expect(await statesOfScans()).toEqual(scans.map(() => "running"));
    for (const scanId of scans) {
      await operations.finishScan({ accountId: ada.account.id, scanId, outcome: "completed" });
    }
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("is bought for at most once an hour, and three times in 24 hours", async () => {
    const ada = await year.customer("spends-fast");
    got(await ada.save({ quantity: 1 }));
    await year.work();
    for (let hour = 1; hour <= 5; hour += 1) {
      const before = await ada.books();
      if (before.credits > 0) await ada.spend(1);
      await year.work();
      expect((await ada.books()).succeeded).toBe(before.succeeded);
      await year.live(HOUR_MS, HOUR_MS / 2);
    }
    expect(await charges(ada)).toBe(3);
    expect(await ada.status()).toMatchObject({ status: "active" });
    await year.live(20 * HOUR_MS);
    expect(await charges(ada)).toBe(4);
  });

  test("stays below the customer's limit of a month, and goes on in the next", async () => {
    const ada = await year.customer("has-a-limit");
    const { summary } = await year.shop.buying.getAutoTopUp(ada.account);
    got(await ada.save({ monthlyLimitMinor: summary.totalMinor }));
    await year.work();
    await ada.spend(10);
    await year.live(2 * DAY_MS, 6 * HOUR_MS);
    expect(await charges(ada)).toBe(1);
    expect(await ada.status()).toMatchObject({ status: "limit_reached" });
    await year.live(30 * DAY_MS, DAY_MS);
    expect(await charges(ada)).toBe(2);
  });

  test("buys nothing for a customer without a card, and at once when they have one", async () => {
    const ada = await year.customer("has-no-card", { card: null });
    got(await ada.save());
    await year.work();
    expect(await ada.status()).toMatchObject({ status: "waiting_for_payment_method" });
    await ada.saveCard();
    await year.work();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("buys for a customer who has entered no billing details, billed to the account's owner", async () => {
    const ada = await year.customer("not-billed", { isBilled: false });
    got(await ada.save());
    await year.work();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
    const [bought] = await ada.topUps();
    expect(bought?.billing).toMatchObject({
      name: "not-billed",
      email: "not-billed@example.test",
    });
  });

  test("waits for a customer who is about to pay by hand, and not for one who left", async () => {
    const pays = await year.customer("at-the-checkout", { card: null });
    const leaves = await year.customer("leaves-the-checkout", { card: null });
    const orders = [await pays.open(20), await leaves.open(20)];
    await year.pass(60_000);
    for (const [at, ada] of [pays, leaves].entries()) {
      got(await ada.save());
      const card = await ada.saveCard();
      got(await ada.payWith(orders[at]?.checkout.id ?? "", card));
    }
    await year.work();
    expect([await pays.states(), await leaves.states()]).toEqual([[], []]);
    got(await pays.pay(await pays.look(orders[0]?.checkout.id ?? "")));
    await year.live(HOUR_MS);
    expect(await pays.books()).toEqual({ succeeded: 1, credits: 20 });
    expect(await leaves.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("does not wait for one who looks at prices", async () => {
    const ada = await year.customer("only-looks");
    await ada.open(20);
    got(await ada.save());
    await year.work();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("charges the card that was saved last without buying anything", async () => {
    const ada = await year.customer("saves-a-card");
    const other = await ada.saveCard("pm_card_mastercard");
    const [first] = (await ada.cards()).filter(({ id }) => id !== other.id);
    if (first === undefined) throw new Error("There are two cards.");
    const { checkout } = await ada.open(0);
    got(await ada.payWith(checkout.id, first));
    got(await ada.pay(await ada.look(checkout.id)));
    expect((await ada.cards()).find(({ isDefault }) => isDefault)?.id).toBe(first.id);
  });

  test("buys nothing that is switched off, and nothing more once it is", async () => {
    const ada = await year.customer("switches-off");
    got(await ada.save({ enabled: false }));
    await year.live(2 * HOUR_MS);
    expect(await ada.states()).toEqual([]);
    expect(await ada.status()).toMatchObject({ status: "off" });
  });
});

describe("before credits expire", () => {
  test("buys 72 hours before and moves all paid credits 12 months on", async () => {
    const ada = await year.customer("renews");
    const expiresAt = in30Days();
    await ada.give(4, expiresAt);
    got(await ada.save({ outOfCredits: false, beforeExpiry: true }));
    await year.work();
    await year.live(27 * DAY_MS - HOUR_MS, 9 * DAY_MS);
    expect(await ada.states()).toEqual([]);
    await year.live(HOUR_MS);

    expect(await ada.states()).toEqual(["paid"]);
    const [bought] = await ada.topUps();
    expect(bought?.topUp).toMatchObject({
      trigger: "before_expiry",
      paidAt: expiresAt - 3 * DAY_MS,
    });
    const moved = bought?.receipt?.lots.find(({ oldExpiresAt }) => oldExpiresAt !== null);
    expect(moved).toMatchObject({ credits: 4, oldExpiresAt: expiresAt });
    const paidAt = bought?.topUp.paidAt ?? instant(0);
    expect(moved?.newExpiresAt).toBe(addMonths(paidAt, 12, "UTC"));
    await year.live(10 * DAY_MS, DAY_MS);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 14 });
  });

  test("with the balance at zero as well, both reasons are one purchase", async () => {
    const ada = await year.customer("both");
    await ada.give(1, after(year.clock.now(), 2 * DAY_MS));
    got(await ada.save({ threshold: 1, beforeExpiry: true }));
    await year.work();
    await year.work();
    expect(await charges(ada)).toBe(1);
  });

  test("with no paid credits left buys nothing and says so in the history, once", async () => {
    const ada = await year.customer("nothing-left");
    await ada.give(1, in30Days());
    got(await ada.save({ outOfCredits: false, beforeExpiry: true }));
    await year.work();
    await ada.spend(1);
    await year.live(40 * DAY_MS, DAY_MS);
    expect(await ada.states()).toEqual([]);
    const { items } = await year.shop.operations.activity({ accountId: ada.account.id, limit: 50 });
    expect(items.filter(({ reason }) => reason === "nothing_to_renew")).toHaveLength(1);
  });

  test("a payment that fails is tried 48 and 24 hours before, and then the credits are kept for 14 days", async () => {
    const ada = await year.customer("cannot-renew", { card: declining });
    const expiresAt = in30Days();
    await ada.give(4, expiresAt);
    got(await ada.save({ outOfCredits: false, beforeExpiry: true }));
    await year.live(31 * DAY_MS, 6 * HOUR_MS);
    const failed = await lastOf(ada);
    const tries = failed.attempts.filter(({ action }) => action === "confirm");
    expect(tries.map(({ firstSentAt }) => (expiresAt - firstSentAt) / HOUR_MS)).toEqual([
      72, 48, 24,
    ]);
    expect(failed.state).toBe("failed");
    expect(await ada.status()).toMatchObject({ status: "suspended", reason: "retries_exhausted" });
    const { operations } = year.shop;
    expect(await operations.balanceAt(ada.account.id, year.clock.now())).toMatchObject({
      available: 0,
      frozen: 4,
    });

    const { items } = await operations.activity({ accountId: ada.account.id, limit: 50 });
    expect(items.map(({ reason }) => reason)).not.toContain("nothing_to_renew");

    await ada.saveCard();
    const order = await ada.open(1);
    const card = (await ada.cards()).find(({ isDefault }) => isDefault);
    if (card === undefined) throw new Error("There is a card.");
    got(await ada.payWith(order.checkout.id, card));
    got(await ada.pay(await ada.look(order.checkout.id)));
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 5 });
  });

  test("kept credits are written off after 14 days", async () => {
    const ada = await year.customer("loses", { card: declining });
    await ada.give(4, in30Days());
    got(await ada.save({ outOfCredits: false, beforeExpiry: true }));
    await year.live(43 * DAY_MS, DAY_MS);
    const { operations } = year.shop;
    const balance = () => operations.balanceAt(ada.account.id, year.clock.now());
    expect(await balance()).toMatchObject({ available: 0, frozen: 4 });
    await year.live(2 * DAY_MS, DAY_MS);
    expect(await balance()).toMatchObject({ available: 0, frozen: 0 });
    const { items } = await operations.activity({ accountId: ada.account.id, limit: 1 });
    expect(items[0]).toMatchObject({ kind: "breakage", reason: "kept_too_long" });
  });

  test("without renewal, credits are forfeited at their date", async () => {
    const ada = await year.customer("does-not-renew");
    await ada.give(4, in30Days());
    got(await ada.save());
    await year.live(31 * DAY_MS, 10 * DAY_MS);
    expect(await charges(ada)).toBe(1);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });
});

describe("a card that is declined", () => {
  test("for want of money is tried again a day later, on the same payment", async () => {
    const ada = await year.customer("short-of-money");
    await ada.nextCharges("insufficient_funds", "approve");
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual(["retry_wait"]);
    expect(await ada.status()).toMatchObject({ status: "active", reason: "retrying" });
    await year.live(24 * HOUR_MS);
    expect(await ada.states()).toEqual(["paid"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
    expect(await ada.paymentsThere()).toHaveLength(1);
  });

  test("four times ends the purchase and suspends until the card changes", async () => {
    const ada = await year.customer("always-declined", { card: declining });
    got(await ada.save());
    await year.work();
    await year.live(121 * HOUR_MS, 6 * HOUR_MS);
    const failed = await lastOf(ada);
    expect(failed.state).toBe("failed");
    const tries = failed.attempts.filter(({ action }) => action === "confirm");
    const first = tries[0]?.firstSentAt ?? 0;
    expect(tries.map(({ firstSentAt }) => (firstSentAt - first) / HOUR_MS)).toEqual([
      0, 24, 72, 120,
    ]);
    expect(await ada.status()).toMatchObject({
      status: "suspended",
      reason: "retries_exhausted",
      wayOut: "change_card_or_save",
    });
    await year.live(10 * DAY_MS, DAY_MS);
    expect(await ada.states()).toEqual(["failed"]);

    await ada.saveCard();
    await year.work();
    expect(await ada.states()).toEqual(["failed", "paid"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("for good is tried once, in words that name no theft", async () => {
    const ada = await year.customer("lost-it");
    await ada.nextCharges("lost_card");
    got(await ada.save());
    await year.work();
    await year.live(30 * DAY_MS, DAY_MS);
    expect(await ada.states()).toEqual(["failed"]);
    const tries = (await lastOf(ada)).attempts.filter(({ action }) => action === "confirm");
    expect(tries).toHaveLength(1);
    expect(await ada.status()).toMatchObject({
      status: "suspended",
      reason: "card_refused",
      wayOut: "change_card",
    });
    got(await ada.save());
    await year.live(2 * HOUR_MS);
    expect(await ada.status()).toMatchObject({ status: "suspended" });
  });

  test("too often for today is left alone for a day", async () => {
    const ada = await year.customer("too-often");
    const limit = { code: "card_decline_rate_limit_exceeded" };
    await ada.nextCharges(limit, "approve");
    got(await ada.save());
    await year.work();
    await year.live(23 * HOUR_MS);
    expect(await ada.states()).toEqual(["retry_wait"]);
    await year.live(HOUR_MS);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("is given up for another as soon as there is one", async () => {
    const ada = await year.customer("changes-card", { card: declining });
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual(["retry_wait"]);
    await year.pass(60_000);
    await ada.saveCard();
    await year.work();
    expect(await ada.states()).toEqual(["paid"]);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("while it waits for its next try and the customer buys by hand, is not tried again", async () => {
    const ada = await year.customer("buys-meanwhile");
    await ada.nextCharges("insufficient_funds");
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual(["retry_wait"]);
    await year.pass(60_000);
    got(await ada.pay(await ada.open(3)));
    expect(await ada.states()).toEqual(["canceled", "paid"]);
    await year.live(2 * DAY_MS, DAY_MS);
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 3 });
  });
});

describe("a bank that wants to ask the customer", () => {
  async function asked(name: string): Promise<Subscriber> {
    const ada = await year.customer(name, { card: asking });
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual(["action_required"]);
    const { id: topUpId } = await lastOf(ada);
    expect(await ada.status()).toMatchObject({
      status: "needs_authentication",
      wayOut: "authenticate",
      topUpId,
    });
    return ada;
  }

  test("is answered by the link, on the same payment, however often it is opened", async () => {
    const ada = await asked("answers");
    const { buying, stripe } = year.shop;
    const name = nameOf(ada, (await lastOf(ada)).id);
    const first = got(await buying.authenticateTopUp(name));
    const second = got(await buying.authenticateTopUp(name));
    expect(first.topUp.redirectUrl).toMatch(/^http/);
    expect(second.topUp.redirectUrl).toBe(first.topUp.redirectUrl);
    await stripe.control(`/challenges/${first.topUp.paymentIntentId}`, { answer: "approve" });
    expect(got(await year.shop.operations.getTopUp(name)).topUp.state).toBe("paid");
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
    expect(await ada.paymentsThere()).toHaveLength(1);
    expect(await ada.status()).toMatchObject({ status: "active" });
  });

  test("and is told no may be asked again", async () => {
    const ada = await asked("says-no-first");
    const { buying, stripe } = year.shop;
    const name = nameOf(ada, (await lastOf(ada)).id);
    const { topUp } = got(await buying.authenticateTopUp(name));
    await stripe.control(`/challenges/${topUp.paymentIntentId}`, { answer: "fail" });
    expect(got(await year.shop.operations.getTopUp(name)).topUp.state).toBe("action_required");
    const again = got(await buying.authenticateTopUp(name));
    await stripe.control(`/challenges/${again.topUp.paymentIntentId}`, { answer: "approve" });
    expect(got(await year.shop.operations.getTopUp(name)).topUp.state).toBe("paid");
    expect(await charges(ada)).toBe(1);
  });

  test("and nobody answers: it ends after 72 hours, charges nothing and suspends", async () => {
    const ada = await asked("is-away");
    await year.live(73 * HOUR_MS, 6 * HOUR_MS);
    expect(await ada.states()).toEqual(["canceled"]);
    expect(await charges(ada)).toBe(0);
    expect(await ada.status()).toMatchObject({
      status: "suspended",
      reason: "authentication_unanswered",
    });
    await year.live(5 * DAY_MS, DAY_MS);
    expect(await ada.states()).toEqual(["canceled"]);
  });

  test("and the customer buys by hand instead: that payment is ended first", async () => {
    const ada = await asked("buys-instead");
    const { id: topUpId } = await lastOf(ada);
    const order = await ada.open(3);
    const paid = got(await ada.pay(order));
    await ada.answerBank(paid, "approve");
    await year.shop.deliver();
    const [automatic, byHand] = await ada.topUps();
    expect(automatic?.topUp).toMatchObject({ id: topUpId, state: "canceled" });
    expect(byHand?.topUp).toMatchObject({ trigger: "manual", state: "paid" });
    expect(await charges(ada)).toBe(1);
  });

  test("and the customer calls it off", async () => {
    const ada = await asked("calls-it-off");
    const name = nameOf(ada, (await lastOf(ada)).id);
    got(await year.shop.buying.cancelTopUp(name));
    await year.live(2 * HOUR_MS);
    expect(await ada.states()).toEqual(["canceled"]);
    expect(await ada.status()).toMatchObject({
      status: "suspended",
      reason: "authentication_unanswered",
    });
    await ada.saveCard();
    await year.work();
    expect(await ada.states()).toEqual(["canceled", "paid"]);
    expect(await charges(ada)).toBe(1);
  });
});

describe("what stops and starts it besides", () => {
  test("a card that is removed at the gateway is charged no more", async () => {
    const ada = await year.customer("card-goes");
    await ada.give(1);
    got(await ada.save());
    const [card] = await ada.cards();
    const { stripe } = year.shop;
    await fetch(`${stripe.url}/v1/payment_methods/${card?.id}/detach`, {
      method: "POST",
      headers: { authorization: `Bearer ${stripe.secretKey}` },
    });
    await year.shop.deliver();
    await ada.spend(1);
    await year.work();
    expect(await ada.states()).toEqual([]);
    expect(await ada.status()).toMatchObject({ status: "waiting_for_payment_method" });
  });

  test("a card the bank replaced keeps the agreement", async () => {
    const ada = await year.customer("card-replaced");
    await ada.give(1);
    got(await ada.save());
    const [card] = await ada.cards();
    await year.shop.stripe.control(`/payment_methods/${card?.id}/replace`, {});
    await year.shop.deliver();
    await ada.spend(1);
    await year.work();
    expect(await ada.books()).toEqual({ succeeded: 1, credits: 10 });
  });

  test("a dispute suspends, and goes on when the bank is content", async () => {
    const ada = await year.customer("disputes");
    got(await ada.save());
    await year.work();
    const { paymentIntentId } = await lastOf(ada);
    const dispute = await year.shop.stripe.control<{ id: string }>("/disputes", {
      paymentIntent: paymentIntentId,
    });
    await year.shop.deliver();
    expect(await ada.status()).toMatchObject({ status: "suspended", reason: "dispute" });
    await year.shop.stripe.control(`/disputes/${dispute.id}/won`, {});
    await year.shop.deliver();
    expect(await ada.status()).toMatchObject({ status: "active" });
  });

  test("switched off while a declined purchase waits, it ends without a charge", async () => {
    const ada = await year.customer("switches-off-late", { card: declining });
    got(await ada.save());
    await year.work();
    expect(await ada.states()).toEqual(["retry_wait"]);
    got(await ada.save({ enabled: false }));
    await year.work();
    expect(await ada.states()).toEqual(["canceled"]);
  });
});

test("everything adds up in the end, and nobody has to look at anything", async () => {
  const { database } = year.shop.operations;
  const broken = [];
  for await (const check of audit(database)) if (check.broken !== null) broken.push(check);
  expect(broken).toEqual([]);
  const alerts = await listAlerts(database);
  expect(alerts.filter(({ kind }) => kind !== "dispute").map(({ text }) => text)).toEqual([]);
});
