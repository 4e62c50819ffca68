/** What a receiver of webhooks gets to see, in honest deliveries and in the spoilt ones a test can order. */
import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Local,
  publishedDocument,
  type Received,
  startLocal,
  startReceiver,
} from "./testing/contract-subject.ts";

const secret = "whsec_contract";
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let local: Local;
let stripe: Stripe;

beforeAll(async () => {
  receiver = await startReceiver();
  local = await startLocal({
    webhooks: [{ url: receiver.url, secret }],
    webhookBackoffMs: [60_000, 60_000],
  });
  stripe = local.client();
});
afterAll(async () => {
  await local.close();
  await receiver.close();
});
beforeEach(async () => {
  await local.control("/reset");
  await local.control("/clock", { frozen: true });
  receiver.received.length = 0;
});

const idle = () => local.control("/idle");
const rule = (given: object) => local.control("/deliveries/rules", given);
const customer = (name: string) => stripe.customers.create({ name });
const names = () =>
  receiver.received.map(({ event }) => (event.data.object as Stripe.Customer).name);

function verified({ body, signature = "" }: Received): Stripe.Event {
  return new Stripe("sk_test_standin_x").webhooks.constructEvent(body, signature, secret);
}

describe("an honest delivery", () => {
  test("is signed, and its body is the event", async () => {
    await customer("Ada");
    await idle();
    const [news] = receiver.received;
    if (news === undefined) throw new Error("nothing arrived");
    const event = verified(news);
    expect(event).toMatchObject({ type: "customer.created", api_version: "2026-10-28.endive" });
    expect(event.pending_webhooks).toBe(1);
    expect((await stripe.events.retrieve(event.id)).pending_webhooks).toBe(0);
    if (publishedDocument) expect(publishedDocument.violationsOfEvent(event)).toEqual([]);
  });

  test("that is refused comes again after a while, signed anew, and is given up in the end", async () => {
    receiver.answerNext(500, 500, 500);
    await customer("Ada");
    await idle();
    for (const _ of [1, 2]) {
      await local.control("/clock", { advanceSeconds: 60 });
      await idle();
    }
    expect(new Set(receiver.received.map(({ signature }) => signature)).size).toBe(3);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
    await local.control("/clock", { advanceSeconds: 3600 });
    await idle();
    expect(receiver.received).toHaveLength(3);
    expect((await stripe.events.list({ delivery_success: false })).data).toHaveLength(1);
  });

  test("goes only to endpoints that asked for its type; the secret is told once", async () => {
    const made = await stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ["customer.deleted"],
      api_version: "2026-10-28.endive",
    });
    expect(made.secret).toMatch(/^whsec_/);
    const { data } = await stripe.webhookEndpoints.list();
    expect(data.map(({ secret: told }) => told)).toEqual([undefined, undefined]);
    const { id } = await customer("Ada");
    await stripe.customers.del(id);
    await idle();
    expect(receiver.received).toHaveLength(3);
    await stripe.webhookEndpoints.del(made.id);
    expect((await stripe.webhookEndpoints.list()).data).toHaveLength(1);
  });
});

describe("a spoilt delivery", () => {
  test("dropped: never arrives, is in the list, and arrives when it is sent again", async () => {
    await rule({ types: ["customer.*"], action: "drop", times: 1 });
    await customer("Ada");
    await idle();
    expect(receiver.received).toEqual([]);
    const [event] = (await stripe.events.list({ delivery_success: false })).data;
    await local.control(`/events/${event?.id}/redeliver`, { times: 3 });
    await idle();
    expect(receiver.received).toHaveLength(3);
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  test("vanished: in no delivery and in no list", async () => {
    await rule({ types: ["customer.created"], action: "vanish" });
    await customer("Ada");
    await idle();
    expect([receiver.received, (await stripe.events.list()).data]).toEqual([[], []]);
  });

  test("delayed: arrives when its time has come", async () => {
    await rule({ action: "delay", ms: 5000 });
    await customer("Ada");
    await idle();
    expect(receiver.received).toEqual([]);
    await local.control("/clock", { advanceSeconds: 5 });
    await idle();
    expect(names()).toEqual(["Ada"]);
  });

  test("doubled: the same event twenty times more, at once", async () => {
    await rule({ action: "duplicate", count: 20 });
    await customer("Ada");
    await idle();
    expect(receiver.received).toHaveLength(21);
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1);
  });

  test("doubled under another id: two events about one change", async () => {
    await rule({ action: "duplicate_with_new_id" });
    await customer("Ada");
    await idle();
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(2);
    expect(names()).toEqual(["Ada", "Ada"]);
  });

  test("turned round: the last one first", async () => {
    await rule({ action: "reorder", count: 3 });
    for (const name of ["A", "B", "C"]) await customer(name);
    await idle();
    expect(names()).toEqual(["C", "B", "A"]);
  });

  test("held: arrives when it is released", async () => {
    await rule({ action: "hold" });
    for (const name of ["A", "B"]) await customer(name);
    await idle();
    expect(receiver.received).toEqual([]);
    await local.control("/deliveries/release", { order: "same" });
    await idle();
    expect(names()).toEqual(["A", "B"]);
  });

  test.each(["wrong_secret", "no_signature", "changed_body", "old_timestamp"])(
    "%s: does not pass the check",
    async (action) => {
      await rule({ action });
      await customer("Ada");
      await idle();
      const [news] = receiver.received;
      if (news === undefined) throw new Error("nothing arrived");
      expect(() => verified(news)).toThrow(Stripe.errors.StripeSignatureVerificationError);
    },
  );

  test("invented: an event of unknown type, of anything, signed like every other", async () => {
    await local.control("/events", {
      type: "moon.risen",
      object: { id: "pi_unknown", object: "payment_intent", status: "shining" },
      livemode: true,
    });
    await idle();
    expect(receiver.received.map(verified)).toMatchObject([{ type: "moon.risen", livemode: true }]);
  });
});
