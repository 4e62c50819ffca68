/**
 * What no call and no webhook told, found by comparing with the gateway: every day by itself, and when
 * an operator asks for it. What does not fit is told to a person and left as it is.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { runOps } from "../support/product.ts";
import { BackOffice, type OpenAlert, SOON } from "./back-office.ts";
import type { Buyer } from "./buyer.ts";
import { bought, onlyCharged } from "./outcome.ts";
import { World } from "./world.ts";

interface Reconciled {
  readonly isComplete: boolean;
  readonly comparisons: readonly { readonly name: string; readonly found: number }[];
  /** The keys of the alerts it raised, again or for the first time. */
  readonly raised: readonly string[];
  readonly alerts: readonly OpenAlert[];
}

let world: World;
let office: BackOffice;
beforeAll(async () => {
  world = await World.begin();
  office = new BackOffice(world);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

/** Lies about an object, as a bug or a wrong key would. */
const overwrite = (id: string, fields: object) =>
  world.stripe.control("POST", `/objects/${id}`, { fields });

const kindsFor = async (buyer: Buyer | null) =>
  (await office.alerts(buyer)).map(({ kind }) => kind);

describe("case 77: the daily comparison", () => {
  test("tells of a payment nobody here knows, and of credits whose payment is not there or is another one; it changes nothing", async () => {
    const [ada, bob, eve] = [await world.buyer(), await world.buyer(), await world.buyer()];
    const [unpaid, less] = [await office.buys(ada), await office.buys(bob)];
    await world.quiet();
    await world.stripe.tells({ action: "vanish" });
    await overwrite(unpaid.intentId, { status: "canceled", amount_received: 0 });
    await overwrite(less.intentId, { amount_received: less.totalMinor - 1 });
    const unknown = await world.stripe.api<{ id: string; status: string }>("/v1/payment_intents", {
      amount: "1234",
      currency: "eur",
      customer: (await eve.customerId()) ?? "",
      payment_method: "pm_card_visa",
      "allowed_payment_method_types[]": "card",
      confirm: "true",
      return_url: "https://scanmeter.test/",
      "metadata[top_up_id]": "top_of_another_system",
    });
    expect(unknown).toMatchObject({ status: "succeeded" });
    expect(await office.alerts(null)).toEqual([]);

    await world.advance({ hours: 25 });
    await expect
      .poll(() => office.alerts(null), SOON)
      .toMatchObject([{ kind: "unknown_payment", text: expect.stringContaining(unknown.id) }]);
    await expect.poll(() => kindsFor(ada), SOON).toEqual(["credited_unpaid"]);
    await expect.poll(() => kindsFor(bob), SOON).toEqual(["credited_differently"]);
    expect((await office.alerts(bob))[0]?.text).toMatch(/these differ: amount_received\.$/);

    await world.ends(ada, bought());
    await world.ends(bob, bought());
    await world.ends(eve, { ...onlyCharged(), topUps: [] });
    for (const [buyer, purchase] of [[ada, unpaid] as const, [bob, less] as const]) {
      expect(await office.stands(buyer, purchase)).toMatchObject({
        available: 10,
        settlement: "none",
      });
      expect(await office.refundsThere(purchase)).toEqual([]);
    }
    expect(await office.refundsThere({ ...unpaid, intentId: unknown.id })).toEqual([]);
    expect(await kindsFor(eve)).toEqual([]);
  });
});

describe("npm run ops -- reconcile", () => {
  test("compares at once: what was missed is made up for, what does not fit is raised again, and all is told", async () => {
    const ada = await world.buyer();
    const purchase = await office.buys(ada);
    await world.quiet();
    await world.stripe.tells({ action: "drop" });
    await office.refundsElsewhere(purchase, Math.round(purchase.totalMinor / 2));
    await world.stripe.isIdle();
    expect(await office.balanceOf(ada)).toMatchObject({ available: 10 });

    const before = await office.alerts(null);
    const { exitCode, said, result } = await office.ops<Reconciled>("reconcile");
    expect(exitCode).toBe(0);
    expect(said).toMatch(
      /^Compared \d+ events \([1-9]\d* new\) and \d+ payments \([1-9]\d* new\) with the payment provider\.$/,
    );
    expect(result).toMatchObject({ isComplete: true });
    expect(result?.raised).toHaveLength(3);
    expect(result?.alerts.map(({ kind }) => kind).sort()).toEqual([
      "credited_differently",
      "credited_unpaid",
      "unknown_payment",
    ]);
    expect(await office.stands(ada, purchase)).toMatchObject({
      available: 5,
      settlement: "partially_refunded",
    });
    const after = await office.alerts(null);
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
    expect(after[0]?.times).toBe((before[0]?.times ?? 0) + 1);
    await world.ends(ada, { ...bought(), invoices: 2, mails: ["credit_note", "receipt"] });
  });

  test("says when the gateway stopped answering, and does not call that done", async () => {
    await world.stripe.fails({ method: "get", path: "/v1/*", kind: "error_500", times: 0 });
    const { exitCode, said, result } = await office.ops<Reconciled>("reconcile");
    expect(exitCode).toBe(1);
    expect(said).toMatch(/it stopped answering, so this is not all: try again\.$/);
    expect(result).toMatchObject({ isComplete: false });
    await world.stripe.behaves();
    expect(await office.ops("reconcile")).toMatchObject({ result: { isComplete: true } });
  });
});

test("after days of comparing nothing has changed, nobody was charged twice, and every invariant holds", () =>
  world.stillHolds());

test("on a stopped system the alerts can still be read, and a comparison says in one sentence that the product must run", async () => {
  const { dataDir, program } = world.product;
  await program.stop();
  const alerts = await runOps(dataDir, "alerts");
  expect(alerts.code).toBe(0);
  expect(alerts.output).toMatch(/^since +times +key +what\n/);
  expect(alerts.output).toMatch(/\n\d{4}-\S+Z +\d+ +credited_unpaid-\S+ +Purchase top_\w+ granted/);
  const refused = await runOps(dataDir, "reconcile");
  expect(refused.code).toBe(1);
  expect(refused.errors.trim()).toMatch(/^A comparison needs the running product, [^\n]*\.$/);
});
