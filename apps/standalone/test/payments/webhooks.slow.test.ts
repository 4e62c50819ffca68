/** What the gateway tells: late, twice, in any order, forged, about somebody else, or into a failure. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { holdWriteLock } from "../support/write-lock.ts";
import { ASKS_THE_BANK, type Buyer, WORKS } from "./buyer.ts";
import { bought, boughtNothing, onlyCharged } from "./outcome.ts";
import { breakGrants } from "./sabotage.ts";
import { post, signed } from "./webhook.ts";
import { World } from "./world.ts";

const LONG = { timeout: 25_000, interval: 50 };
const SUCCESS = "payment_intent.succeeded";

let world: World;
let ada: Buyer;
beforeAll(async () => {
  world = await World.begin();
});
beforeEach(async () => {
  ada = await world.buyer(ASKS_THE_BANK);
});
afterEach(() => world.stripe.behaves());
afterAll(() => world.end());

/** Pays at the bank and never comes back, so that only news can settle it. */
async function paysAtTheBank(): Promise<string> {
  const { intentId } = await ada.leavesForTheBank();
  await world.stripe.answerBank(intentId);
  return intentId;
}

/** The same, and none of the news gets through. */
async function paysUnheard() {
  await world.stripe.tells({ action: "drop" });
  const intentId = await paysAtTheBank();
  await world.comes(ada, onlyCharged("action_required"));
  return { intentId, event: await world.stripe.successEventOf(intentId) };
}

const storedOf = (eventId: string) =>
  world.rows<{ state: string }>("SELECT state FROM gateway_events WHERE id = ?", eventId);
const storedAbout = (intentId: string, type: string) =>
  world.rows<{ state: string }>(
    "SELECT state FROM gateway_events WHERE payment_intent_id = ? AND type = ?",
    intentId,
    type,
  );
/** What a person was told about an object, whichever news of it came first. */
const alertsAbout = async (id: string) => {
  const sql = "SELECT kind FROM alerts WHERE key LIKE ?";
  return (await world.rows<{ kind: string }>(sql, `%${id}`)).map(({ kind }) => kind);
};

/** Something the gateway never was about to tell by itself. */
async function tells(event: { type: string; object: object; livemode?: boolean }): Promise<string> {
  const { id } = await world.stripe.control<{ id: string }>("POST", "/events", event);
  await world.stripe.isIdle();
  expect(await world.stripe.deliveriesOf(id)).toMatchObject([{ lastStatus: 200 }]);
  return id;
}

describe("news that comes more than once, or in another order", () => {
  test("case 7: one event delivered five times at once is answered with 200 each time and credits once", async () => {
    const { event } = await paysUnheard();
    await world.stripe.redeliver(event.id, 5);
    await world.ends(ada, bought());
    const answered = (await world.stripe.deliveriesOf(event.id)).map(
      ({ lastStatus }) => lastStatus,
    );
    expect(answered.filter((status) => status === 200)).toHaveLength(5);
    expect(await storedOf(event.id)).toEqual([{ state: "handled" }]);
  });

  test("case 8: two events with ids of their own about one success credit once", async () => {
    await world.stripe.tells({ action: "hold" });
    await world.stripe.tells({ types: [SUCCESS], action: "duplicate_with_new_id" });
    const intentId = await paysAtTheBank();
    await world.stripe.release();
    await world.ends(ada, bought());
    expect(await storedAbout(intentId, SUCCESS)).toEqual([
      { state: "handled" },
      { state: "handled" },
    ]);
  });

  test.each(["same", "reverse"] as const)(
    "case 9: what is told of one payment, in %s order, credits once",
    async (order) => {
      await world.stripe.tells({ action: "hold" });
      const intentId = await paysAtTheBank();
      await world.comes(ada, onlyCharged("action_required"));
      await world.stripe.release(order);
      await world.ends(ada, bought());
      expect(await storedAbout(intentId, "payment_intent.requires_action")).toHaveLength(1);
      expect(await storedAbout(intentId, SUCCESS)).toHaveLength(1);
    },
  );

  test("case 13: a genuine event replayed byte for byte is answered with 200 and has no effect", async () => {
    const { event } = await paysUnheard();
    const webhook = await signed(world, event);
    expect(await post(world, webhook)).toBe(200);
    await world.ends(ada, bought());
    const before = await world.rows("SELECT * FROM gateway_events WHERE id = ?", event.id);

    for (let times = 0; times < 3; times++) expect(await post(world, webhook)).toBe(200);
    await world.ends(ada, bought());
    expect(await world.rows("SELECT * FROM gateway_events WHERE id = ?", event.id)).toEqual(before);
  });
});

describe("what did not come from the gateway", () => {
  test("case 11: a wrong secret, no signature or one changed byte is a 400 and stores nothing", async () => {
    const { event } = await paysUnheard();
    const genuine = await signed(world, event);
    const forged = [
      await signed(world, event, { secret: "whsec_of_somebody_else" }),
      { ...genuine, signature: null },
      { ...genuine, body: genuine.body.replace(event.id, `${event.id.slice(0, -1)}?`) },
    ];
    for (const webhook of forged) expect(await post(world, webhook)).toBe(400);
    expect(await storedAbout(await ada.intentId(), SUCCESS)).toEqual([]);
    await world.comes(ada, onlyCharged("action_required"));

    expect(await post(world, genuine)).toBe(200);
    await world.ends(ada, bought());
  });

  test("case 12: a valid signature is believed for 300 seconds and is a 400 afterwards", async () => {
    const { event } = await paysUnheard();
    expect(await post(world, await signed(world, event, { secondsAgo: 301 }))).toBe(400);
    expect(await storedOf(event.id)).toEqual([]);
    await world.comes(ada, onlyCharged("action_required"));

    expect(await post(world, await signed(world, event, { secondsAgo: 290 }))).toBe(200);
    await world.ends(ada, bought());
  });
});

describe("news that comes at a bad moment", () => {
  test("case 14: a database that is locked is a 500, and the next delivery credits", async () => {
    const { event } = await paysUnheard();
    await world.stripe.behaves();
    const lock = await holdWriteLock(world.databasePath);
    await world.stripe.redeliver(event.id);
    await expect
      .poll(async () => (await world.stripe.deliveriesOf(event.id))[0]?.lastStatus, LONG)
      .toBe(500);
    await lock.release();
    await world.ends(ada, bought());
  });

  test("case 15: a handler that breaks half-way leaves the event to be tried again, and credits once", async () => {
    const { event } = await paysUnheard();
    const grants = await breakGrants(world);
    try {
      await world.stripe.redeliver(event.id);
      await expect.poll(() => storedOf(event.id), LONG).toEqual([{ state: "failed" }]);
      await world.comes(ada, onlyCharged("action_required"));
    } finally {
      await grants.repair();
    }
    await world.advance({ minutes: 1 });
    await world.ends(ada, bought());
    expect(await storedOf(event.id)).toEqual([{ state: "handled" }]);
  });

  test("case 16: an event that was answered for is handled although its job and its worker are lost", async () => {
    const { event } = await paysUnheard();
    const isHeld = await world.stripe.holdsBack("/v1/payment_intents/*", "get");
    await world.stripe.redeliver(event.id);
    await isHeld();
    expect((await world.stripe.deliveriesOf(event.id))[0]).toMatchObject({ lastStatus: 200 });
    await world.kill();
    await world.loseRedis();
    await world.stripe.behaves();
    expect(await storedOf(event.id)).toEqual([{ state: "received" }]);

    await world.restart();
    await world.ends(ada, bought());
  });
});

describe("news that is not about anything of ours", () => {
  /** Somebody pays with the same gateway, and it is none of our purchases. */
  async function paidElsewhere(metadata: Readonly<Record<string, string>>): Promise<string> {
    const form = {
      amount: "4200",
      currency: "eur",
      confirm: "true",
      payment_method: "pm_card_visa",
    };
    const marks = Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, value]);
    const returnUrl = { return_url: "https://elsewhere.test/" };
    const paid = await world.stripe.api<{ id: string; status: string }>("/v1/payment_intents", {
      ...form,
      ...returnUrl,
      ...Object.fromEntries(marks),
    });
    expect(paid.status, JSON.stringify(paid)).toBe("succeeded");
    await world.quiet();
    return paid.id;
  }

  test.each([
    ["without a purchase", {}],
    ["of a purchase of another environment", { top_up_id: "top_of_another_environment" }],
  ])("case 17: a payment %s is stored, ignored and told to a person", async (_, metadata) => {
    const id = await paidElsewhere(metadata);
    expect(await storedAbout(id, SUCCESS)).toEqual([{ state: "ignored" }]);
    expect(await alertsAbout(id)).toEqual(["foreign_event"]);
    await world.ends(ada, boughtNothing());
  });

  test("case 17: a payment of another customer for a purchase that is paid credits nothing and is told to a person", async () => {
    await ada.addCard(WORKS);
    await ada.pays();
    await world.comes(ada, bought());
    const id = await paidElsewhere({ top_up_id: (await ada.topUp()).id });
    expect(await alertsAbout(id)).toEqual(["foreign_payment"]);
    await world.ends(ada, bought());
  });

  test("case 17: an event of the other mode, live or test, is stored, ignored and told to a person", async () => {
    const { intentId } = await paysUnheard();
    await world.stripe.behaves();
    const object = await world.stripe.intent(intentId);
    const id = await tells({ type: SUCCESS, object, livemode: true });
    await expect.poll(() => storedOf(id), LONG).toEqual([{ state: "ignored" }]);
    expect(await alertsAbout(intentId)).toEqual(["foreign_event"]);
    await world.comes(ada, onlyCharged("action_required"));
    await world.advance({ minutes: 5 });
    await world.ends(ada, bought());
  });

  test("case 18: an event of a type nobody knows is stored and ignored", async () => {
    const { intentId } = await ada.leavesForTheBank();
    const object = await world.stripe.intent(intentId);
    const id = await tells({ type: "payment_levitation.succeeded", object });
    await expect.poll(() => storedOf(id), LONG).toEqual([{ state: "ignored" }]);
    await world.comes(ada, boughtNothing("action_required"));
    await world.stripe.answerBank(intentId);
    await world.ends(ada, bought());
  });

  test("case 18: a payment in a state nobody knows credits nothing, and is credited once it has succeeded", async () => {
    const { intentId, event } = await paysUnheard();
    const is = (status: string) =>
      world.stripe.control("POST", `/objects/${intentId}`, { fields: { status } });
    await is("levitating");
    await world.stripe.redeliver(event.id);
    await expect.poll(() => storedOf(event.id), LONG).toEqual([{ state: "handled" }]);
    await world.comes(ada, onlyCharged("action_required"));

    await is("succeeded");
    await world.advance({ minutes: 5 });
    await world.ends(ada, bought());
  });

  test("case 19: an event that says succeeded where the payment itself does not credits nothing", async () => {
    const { intentId } = await ada.leavesForTheBank();
    const asked = await world.stripe.intent(intentId);
    const object = { ...asked, status: "succeeded", amount_received: asked.amount };
    const id = await tells({ type: SUCCESS, object });
    await expect.poll(() => storedOf(id), LONG).toEqual([{ state: "handled" }]);
    await world.comes(ada, boughtNothing("action_required"));
    // The bank never heard of the customer again.
    await world.advance({ minutes: 31 });
    await world.ends(ada, boughtNothing("expired"));
  });
});

test("two days of comparing with the gateway later all of it is as it was", () =>
  world.stillHolds());
