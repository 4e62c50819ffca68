/** What banks do about payments, on a running product: they ask, dispute, decide and warn. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BackOffice } from "./back-office.ts";
import { bought } from "./outcome.ts";
import { World } from "./world.ts";

let world: World;
let office: BackOffice;
beforeAll(async () => {
  world = await World.begin();
  office = new BackOffice(world);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

test("case 71: an inquiry that opens and closes is a flag and nothing more", async () => {
  const ada = await world.buyer();
  const purchase = await office.buys(ada);
  const id = await office.disputes(purchase, { isInquiry: true });
  const flagged = { available: 10, frozen: 0, debt: 0, settlement: "inquiry" };
  expect(await office.stands(ada, purchase)).toEqual(flagged);
  expect(await office.alerts(ada)).toMatchObject([{ kind: "inquiry", times: 1 }]);
  await office.spends(ada, 1);

  await office.endsDispute(id, "warning_closed");
  const closed = { available: 9, frozen: 0, debt: 0, settlement: "none" };
  expect(await office.stands(ada, purchase)).toEqual(closed);
  expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 0 });
  await world.ends(ada, bought());
});

describe("a dispute", () => {
  test("case 70: that is open refuses a refund in one sentence and takes no credits; an inquiry does not", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    const { topUpId } = purchase;
    // Nobody told us of it: the refund itself finds it out.
    await world.stripe.tells({ action: "drop" });
    const id = await office.disputes(purchase);
    expect(await office.refund(purchase, "--credits", "3")).toEqual({
      exitCode: 1,
      ok: false,
      code: "not_refundable",
      said: `Purchase ${topUpId} cannot be refunded: the bank is deciding a dispute about its payment.`,
    });
    expect(await office.refundsThere(purchase)).toEqual([]);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 0 });
    await world.stripe.behaves();

    await office.endsDispute(id, "won");
    await office.disputes(purchase, { isInquiry: true });
    expect(await office.refund(purchase, "--credits", "3")).toMatchObject({ ok: true });
    expect(await office.stands(ada, purchase)).toMatchObject({ available: 7, frozen: 0, debt: 0 });
    await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
  });

  test("case 72: that is won freezes what is left until then, and leaves the same balance", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    await office.spends(ada, 3);
    const id = await office.disputes(purchase);
    const frozen = { available: 0, frozen: 7, debt: 0, settlement: "disputed" };
    expect(await office.stands(ada, purchase)).toEqual(frozen);
    expect(await office.startsScan(ada)).toMatchObject({
      ok: false,
      status: 402,
      error: { data: { refusal: { code: "insufficient_credits" } } },
    });
    await office.endsDispute(id, "won");
    const unfrozen = { available: 7, frozen: 0, debt: 0, settlement: "none" };
    expect(await office.stands(ada, purchase)).toEqual(unfrozen);
    await office.spends(ada, 1);
    await world.ends(ada, bought());
    expect(await office.alerts(ada)).toMatchObject([{ kind: "dispute", times: 1 }]);
  });

  test("case 73: that is lost after the credits were spent leaves a debt, and nothing starts until it is paid", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    await office.spends(ada, 6);
    const id = await office.disputes(purchase);
    await office.endsDispute(id, "lost");
    const lost = { available: 0, frozen: 0, debt: 6, settlement: "dispute_lost" };
    expect(await office.stands(ada, purchase)).toEqual(lost);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 10 });
    expect(await office.startsScan(ada)).toMatchObject({
      ok: false,
      error: { data: { refusal: { code: "insufficient_credits" } } },
    });
    expect((await office.alerts(ada)).map(({ kind }) => kind)).toEqual(["dispute", "dispute"]);

    await office.buys(ada, 8);
    expect(await office.balanceOf(ada)).toEqual({ available: 2, frozen: 0, debt: 0 });
    await office.spends(ada, 1);
    const mails = ["receipt", "receipt"];
    const topUps = ["paid", "paid"];
    await world.ends(ada, { charges: 2, credits: [10, 8], topUps, invoices: 2, mails });
  });

  test("case 74: won between a partial refund and a refund of the rest takes nothing twice and forgets nothing", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    expect(await office.refund(purchase, "--credits", "3")).toMatchObject({ ok: true });
    const id = await office.disputes(purchase);
    expect(await office.stands(ada, purchase)).toMatchObject({ available: 0, frozen: 7 });
    await office.endsDispute(id, "won");
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 3 });
    expect(await office.refund(purchase)).toMatchObject({ ok: true, result: { credits: 7 } });

    const refunded = { available: 0, frozen: 0, debt: 0, settlement: "refunded" };
    expect(await office.stands(ada, purchase)).toEqual(refunded);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 10 });
    const there = await office.refundsThere(purchase);
    expect(there.reduce((sum, { amount }) => sum + amount, 0)).toBe(purchase.totalMinor);
    const mails = ["credit_note", "credit_note", "receipt"];
    await world.ends(ada, { ...bought(), invoices: 3, mails });
  });

  test("case 75: and another one on the same payment freeze and take no more than the purchase", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    const amount = Math.round(purchase.totalMinor * 0.6);
    const first = await office.disputes(purchase, { amount });
    const second = await office.disputes(purchase, { amount });
    expect(await office.stands(ada, purchase)).toMatchObject({ available: 0, frozen: 10 });
    await office.endsDispute(first, "lost");
    expect(await office.stands(ada, purchase)).toMatchObject({ available: 0, frozen: 4, debt: 0 });
    await office.endsDispute(second, "lost");
    const lost = { available: 0, frozen: 0, debt: 0, settlement: "dispute_lost" };
    expect(await office.stands(ada, purchase)).toEqual(lost);
    expect(await office.booked(purchase)).toEqual({ granted: [10], removed: 10 });
    await world.ends(ada, bought());
  });
});

test("case 76: a warning of fraud is put before a person; no credit and no money moves by itself", async () => {
  const ada = await world.buyer();
  const purchase = await office.buys(ada);
  const about = { paymentIntent: purchase.intentId };
  await world.stripe.control("POST", "/early_fraud_warnings", about);
  await world.quiet();
  expect(await office.alerts(ada)).toMatchObject([
    { kind: "fraud_warning", times: 1, text: expect.stringContaining(purchase.topUpId) },
  ]);
  expect(await office.refundsThere(purchase)).toEqual([]);
  const untouched = { available: 10, frozen: 0, debt: 0, settlement: "none" };
  expect(await office.stands(ada, purchase)).toEqual(untouched);

  // The person decides.
  expect(await office.refund(purchase)).toMatchObject({ ok: true });
  expect(await office.stands(ada, purchase)).toMatchObject({
    available: 0,
    settlement: "refunded",
  });
  await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());
