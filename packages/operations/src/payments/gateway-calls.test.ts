/**
 * The real SDK and somebody at the other end who answers what no Stripe would: a proxy, a broken line.
 * What the local Stripe can be told to do wrong is in `gateway-faults.slow.test.ts`.
 */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway, type GatewayExchange } from "./gateway.ts";

const intent = {
  object: "payment_intent",
  id: "pi_1",
  status: "succeeded",
  amount: 100,
  amount_received: 100,
  currency: "eur",
  customer: "cus_1",
  livemode: false,
  metadata: {},
};

type Reply = RequestListener;
/** What comes next, whatever is asked, and what comes next for one payment. */
const replies: Reply[] = [];
const scripts = new Map<string, Reply[]>();
const requests: { method: string | undefined; path: string | undefined; key: unknown }[] = [];
const exchanges: GatewayExchange[] = [];
const server = createServer((request, response) => {
  requests.push({
    method: request.method,
    path: request.url,
    key: request.headers["idempotency-key"],
  });
  const script = scripts.get(request.url?.split("/")[3] ?? "") ?? replies;
  const reply = script.shift() ?? json(500, {});
  reply(request, response);
});

let gateway: Gateway;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  gateway = createGateway({
    secretKey: "sk_test_standin_secret",
    apiBase: `http://127.0.0.1:${port}`,
    webhookSecrets: [],
    now: () => instant(0),
    report: (exchange) => exchanges.push(exchange),
  });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  for (const kept of [replies, requests, exchanges]) kept.length = 0;
});

function json(status: number, body: unknown): Reply {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json", "request-id": "req_1" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}
const reset: Reply = (request) => request.socket.resetAndDestroy();
const refused = (status: number, error: object = {}) =>
  json(status, {
    error: { type: "invalid_request_error", message: "sk_test_standin_secret", ...error },
  });

const confirm = () =>
  gateway.confirmPayment({ paymentIntentId: "pi_1", params: "{}", key: "cf-1" });

describe("a call that moves money", () => {
  test("is answered by the payment, and by nothing that only looks like an answer", async () => {
    replies.push(json(200, intent));
    expect(await confirm()).toMatchObject({ is: "intent", intent: { id: "pi_1" } });
    const odd = [
      json(200, {}),
      json(200, "null"),
      json(200, "[]"),
      json(200, '"ok"'),
      json(502, "true"),
      json(200, "{"),
      json(200, ""),
      json(200, { ...intent, object: "charge" }),
      json(200, { ...intent, amount: "100" }),
      json(201, intent),
      json(502, intent),
      json(404, { message: "Not Found" }),
      json(403, { error: "Forbidden" }),
      json(403, { error: { message: "Forbidden" } }),
      json(200, { error: { type: "card_error", code: "card_declined" } }),
      refused(500),
      refused(503),
    ];
    for (const reply of odd) {
      replies.push(reply);
      expect(await confirm()).toEqual({ is: "unknown" });
    }
    // Each was sent once: repeating is for whoever counts.
    expect(requests).toHaveLength(1 + odd.length);
  });

  test("that is refused at once was not carried out", async () => {
    replies.push(refused(400, { code: "parameter_missing" }));
    expect(await confirm()).toMatchObject({
      is: "rejected",
      failure: { code: "parameter_missing" },
    });
  });

  // The first sending may have been carried out all the same, and nobody can tell.
  test("and is refused only after its connection broke, may have been carried out", async () => {
    const statuses = [400, 401, 403, 404];
    const answers = statuses.map((status) => {
      const call = { paymentIntentId: `pi_${status}`, params: "{}", key: `cf-${status}` };
      scripts.set(call.paymentIntentId, [reset, refused(status)]);
      return gateway.confirmPayment(call);
    });
    expect(await Promise.all(answers)).toEqual(statuses.map(() => ({ is: "unknown" })));
    expect(requests.map(({ key }) => key).sort()).toEqual(
      statuses.flatMap((status) => [`cf-${status}`, `cf-${status}`]),
    );
    expect(exchanges.map(({ sendings }) => sendings)).toEqual([2, 2, 2, 2]);
  });

  test("counts its own sendings, whatever else is under way", async () => {
    replies.push(reset, refused(400), refused(400));
    const [one, other] = await Promise.all([confirm(), confirm()]);
    expect([one.is, other.is].sort()).toEqual(["rejected", "unknown"]);
  });
});

test("a reading is asked again by itself, and a refusal after that is one", async () => {
  replies.push(reset, json(503, { error: { type: "api_error" } }));
  replies.push(refused(404, { code: "resource_missing" }));
  expect(await gateway.readCard("pm_1")).toEqual({ is: "missing" });
  expect(requests).toHaveLength(3);
});

test("an id that cannot be one makes no address: nothing is asked", async () => {
  for (const id of ["", ".", "..", "a/b", "a?b", "a b", "é"]) {
    expect(await gateway.readPayment(id)).toEqual({ is: "missing" });
    expect(await gateway.readCardPage(id)).toEqual({ is: "missing" });
    const call = { paymentIntentId: id, params: "{}", key: "k" };
    expect((await gateway.confirmPayment(call)).is).toBe("rejected");
  }
  expect(requests).toEqual([]);
});

test("a report names the call and how it ended, and nothing of what was in it", async () => {
  replies.push(refused(401));
  await confirm();
  expect(exchanges).toEqual([
    {
      call: "confirmPayment",
      key: "cf-1",
      end: "rejected",
      status: 401,
      code: "invalid_request_error",
      requestId: "req_1",
      sendings: 1,
    },
  ]);
});

test("the first look at a payment is one call, unless its charge says that money went back", async () => {
  const none = json(200, { object: "list", data: [], has_more: false });
  const charge = { object: "charge", id: "ch_1", status: "succeeded", created: 1 };
  const callsFor = async (fields: object, look?: { isFirst: boolean }) => {
    requests.length = 0;
    replies.length = 0;
    replies.push(json(200, { ...intent, latest_charge: { ...charge, ...fields } }));
    replies.push(none, none);
    expect((await gateway.readPayment("pi_1", look)).is).toBe("value");
    return requests.length;
  };
  const untouched = { amount_refunded: 0, disputed: false };
  expect(await callsFor(untouched, { isFirst: true })).toBe(1);
  expect(await callsFor({ ...untouched, amount_refunded: 5 }, { isFirst: true })).toBe(3);
  expect(await callsFor({ ...untouched, disputed: true }, { isFirst: true })).toBe(3);
  expect(await callsFor({}, { isFirst: true })).toBe(3);
  // What was settled before may have a refund that failed since, of which the charge says nothing.
  expect(await callsFor(untouched, { isFirst: false })).toBe(3);
  expect(await callsFor(untouched)).toBe(3);
});

test("refunds and disputes that cannot all be read leave the payment unread", async () => {
  const charge = { object: "charge", id: "ch_1", status: "succeeded", created: 1 };
  const paid = json(200, { ...intent, latest_charge: charge });
  const none = json(200, { object: "list", data: [], has_more: false });
  const byPath =
    (broken: string): Reply =>
    (request, response) =>
      (request.url?.startsWith(broken) ? refused(403) : none)(request, response);

  for (const broken of ["/v1/refunds", "/v1/disputes"]) {
    replies.push(paid, byPath(broken), byPath(broken));
    expect((await gateway.readPayment("pi_1")).is).toBe("rejected");
  }
});
