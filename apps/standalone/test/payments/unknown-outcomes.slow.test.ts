/** Calls whose answer is lost, garbled or refused, and a product that is killed while it waits for one. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Buyer, WORKS } from "./buyer.ts";
import { bought, boughtNothing, onlyCharged } from "./outcome.ts";
import { CONFIRM, CREATE, type GatewayCall } from "./stripe-side.ts";
import { World } from "./world.ts";

/** After which a call without an answer is sent again. */
const RESENT = { seconds: 31 };
/** After which a confirmation that nobody answers is settled by cancelling. */
const GIVEN_UP = { minutes: 16 };
/** What the customer sees while nobody knows: never that it failed. */
const beingConfirmed = { ok: true, data: { status: "processing", lastError: null } };
const complete = { ok: true, data: { status: "complete", lastError: null } };

let world: World;
let ada: Buyer;
beforeAll(async () => {
  world = await World.begin();
});
beforeEach(async () => {
  ada = await world.buyer(WORKS);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

async function confirmationsOf(buyer: Buyer): Promise<readonly GatewayCall[]> {
  return world.stripe.calls(new RegExp(`/${await buyer.intentId()}/confirm$`));
}

const keysOf = (calls: readonly GatewayCall[]) =>
  new Set(calls.map(({ idempotencyKey }) => idempotencyKey));

async function intentsOf(buyer: Buyer) {
  const customerId = await buyer.customerId();
  return customerId === null ? [] : world.stripe.intentsOf(customerId);
}

/** Kills the product when the gateway has carried out this call of theirs and not yet answered. */
async function isKilledAt(path: string, order: Parameters<Buyer["presses"]>[0]): Promise<void> {
  const isHeld = await world.stripe.holdsBack(path);
  ada.pressesInVain(order);
  await isHeld();
  await world.kill();
  await world.stripe.behaves();
}

/** A confirmation goes wrong like this, each time, until the gateway behaves again; nobody tells us. */
async function confirmationFails(kind: string, phase: "before" | "after"): Promise<void> {
  await world.stripe.tells({ action: "vanish" });
  await world.stripe.fails({ path: CONFIRM, kind, phase, times: 0 });
}

describe("a product that is killed", () => {
  test("case 37: after the payment was made and before it was confirmed, finds it again, and the customer's next press charges once", async () => {
    const order = await ada.orders();
    await isKilledAt(CREATE, order);
    await world.restart();
    await world.comes(ada, boughtNothing("draft"));

    await world.advance(RESENT);
    await world.comes(ada, boughtNothing("awaiting_payment"));
    expect(await ada.presses(order)).toMatchObject(complete);
    await world.ends(ada, bought());
    expect(await intentsOf(ada)).toMatchObject([{ id: await ada.intentId(), status: "succeeded" }]);
  });

  test("case 38: after the confirmation was sent, sends it again with its key: one charge, one credit", async () => {
    await world.stripe.tells({ action: "vanish" });
    const order = await ada.orders();
    const isHeld = await world.stripe.holdsBack(CONFIRM);
    ada.pressesInVain(order);
    await isHeld();
    await world.kill();
    await world.restart();
    await world.comes(ada, onlyCharged("charging"));

    await world.advance(RESENT);
    await world.ends(ada, bought());
    const sent = await confirmationsOf(ada);
    expect(sent.map(({ isReplay }) => isReplay)).toEqual([false, true]);
    expect(keysOf(sent).size).toBe(1);
  });
});

describe("a confirmation whose answer is lost", () => {
  test("case 39: after it was carried out, is one charge and one credit", async () => {
    await confirmationFails("reset", "after");
    expect(await ada.presses(await ada.orders())).toMatchObject(beingConfirmed);
    await world.comes(ada, onlyCharged("charging"));

    await world.stripe.control("DELETE", "/faults");
    await world.advance(RESENT);
    await world.ends(ada, bought());
    expect(keysOf(await confirmationsOf(ada)).size).toBe(1);
  });

  test("case 40: before it was carried out, is carried out once when it is sent again", async () => {
    await confirmationFails("reset", "before");
    expect(await ada.presses(await ada.orders())).toMatchObject(beingConfirmed);
    await world.comes(ada, boughtNothing("charging"));

    await world.stripe.control("DELETE", "/faults");
    await world.advance(RESENT);
    await world.ends(ada, bought());
  });
});

describe("a gateway that fails at the confirmation", () => {
  test("case 42: with a 500 although the money moved, is believed when the news comes, and the purchase is paid", async () => {
    await world.stripe.tells({ action: "hold" });
    await world.stripe.fails({ path: CONFIRM, kind: "error_500", phase: "after" });
    expect(await ada.presses(await ada.orders())).toMatchObject(beingConfirmed);
    await world.advance(RESENT);
    await world.comes(ada, onlyCharged("charging"));

    await world.stripe.release();
    await world.ends(ada, bought());
  });

  test("case 43: with a 500 and no money moved, is asked for 15 minutes; then the payment is canceled and the purchase failed, for ever", async () => {
    await world.stripe.fails({ path: CONFIRM, kind: "error_500", phase: "before" });
    const order = await ada.orders();
    expect(await ada.presses(order)).toMatchObject(beingConfirmed);
    await world.advance(RESENT);
    await world.comes(ada, boughtNothing("charging"));
    expect(await ada.returns(order)).toMatchObject({ status: "processing", lastError: null });

    await world.advance(GIVEN_UP);
    await world.ends(ada, boughtNothing("failed"));
    expect(await intentsOf(ada)).toMatchObject([{ status: "canceled" }]);
    const sent = await confirmationsOf(ada);
    expect(sent.slice(1).every(({ isReplay, status }) => isReplay && status === 500)).toBe(true);
  });

  describe.each(["json_502", "html_502", "truncate"])("case 44: with %s", (kind) => {
    test.each(["before", "after"] as const)(
      "%s it was carried out: the outcome is unknown and becomes one charge and one credit",
      async (phase) => {
        await confirmationFails(kind, phase);
        expect(await ada.presses(await ada.orders())).toMatchObject(beingConfirmed);
        const isCharged = phase === "after";
        await world.comes(ada, isCharged ? onlyCharged("charging") : boughtNothing("charging"));

        await world.stripe.control("DELETE", "/faults");
        await world.advance(RESENT);
        await world.ends(ada, bought());
      },
    );
  });

  test("case 45: with 429 again and again, is asked no more than twice a minute, and charges once", async () => {
    await confirmationFails("error_429", "before");
    expect(await ada.presses(await ada.orders())).toMatchObject(beingConfirmed);
    await world.advance({ minutes: 5 });
    await world.comes(ada, boughtNothing("charging"));
    const refused = (await confirmationsOf(ada)).length;
    expect(refused).toBeGreaterThan(2);
    expect(refused).toBeLessThanOrEqual(11);

    await world.stripe.control("DELETE", "/faults");
    await world.advance(RESENT);
    await world.ends(ada, bought());
    expect(await confirmationsOf(ada)).toHaveLength(refused + 1);
  });
});

describe("keys", () => {
  test("case 46: one that was used with other parameters before is refused: no charge, a person is told, and the next press pays", async () => {
    const order = await ada.orders();
    // The payment is made; its confirmation will be the second call, and somebody has its key.
    await isKilledAt(CREATE, order);
    await world.restart();
    await world.advance(RESENT);
    await world.comes(ada, boughtNothing("awaiting_payment"));
    const { id } = await ada.topUp();
    await world.stripe.api("/v1/customers", { name: "Somebody" }, `cf-${id}-2`);

    const refused = await ada.presses(order);
    expect(refused).toMatchObject({ ok: true, data: { status: "open" } });
    await world.comes(ada, boughtNothing("awaiting_payment"));
    expect(await confirmationsOf(ada)).toMatchObject([{ status: 400 }]);
    expect(await world.alertsFor(ada)).toEqual(["gateway_rejected"]);

    expect(await ada.presses(order)).toMatchObject(complete);
    await world.ends(ada, bought());
  });

  describe("case 47: one that the gateway has forgotten after 25 hours", () => {
    test("makes a second payment, which nobody confirms and which is canceled", async () => {
      await world.stripe.tells({ action: "vanish" });
      await isKilledAt(CREATE, await ada.orders());
      await world.stripe.control("POST", "/clock", { advanceSeconds: 25 * 3_600 });
      await world.restart();
      await world.advance({ hours: 26 });
      await world.ends(ada, boughtNothing("expired"));
      const statuses = (await intentsOf(ada)).map(({ status }) => status).sort();
      expect(statuses).toEqual(["canceled", "requires_payment_method"]);
    });

    test("confirms a payment at most once", async () => {
      await world.stripe.tells({ action: "vanish" });
      await isKilledAt(CONFIRM, await ada.orders());
      await world.stripe.control("POST", "/clock", { advanceSeconds: 25 * 3_600 });
      await world.restart();
      await world.comes(ada, onlyCharged("charging"));
      await world.advance({ hours: 26 });
      await world.ends(ada, bought());
      const sent = await confirmationsOf(ada);
      expect(sent.every(({ isReplay }) => !isReplay)).toBe(true);
      expect(sent.length).toBeGreaterThan(1);
    });
  });
});

test("two days of comparing with the gateway later all of it is as it was", () =>
  world.stillHolds());
