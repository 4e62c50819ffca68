/** The doorway for the payment gateway: what is genuine is stored once, and nothing else leaves a trace. */
import { createHmac, randomBytes } from "node:crypto";
import { request } from "node:http";
import { type Program, startProgram } from "@scanmeter/db/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { dumpOf } from "../testing/database-dump.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "../testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let locker: Program;
beforeAll(async () => {
  on = await startTestEdge({ payments: "over a silent gateway" });
  locker = await startProgram("locker", [on.databasePath]);
  ada = await on.signUp("Ada");
  expect(await locker.says()).toBe("ready");
});
afterAll(async () => {
  await locker.kill();
  await on.stop();
});
afterEach(() => void vi.restoreAllMocks());

interface EventFields {
  readonly id?: string;
  readonly type?: string;
  readonly object?: object;
}

function anEvent({ id = anId(), type = "customer.updated", object = {} }: EventFields = {}) {
  const created = Math.floor(on.operations.clock.now() / 1_000);
  return {
    id,
    object: "event",
    api_version: "2026-10-28.endive",
    created,
    livemode: false,
    type,
    data: { object: { id: "cus_1", object: "customer", ...object } },
  };
}

const anId = () => `evt_${randomBytes(8).toString("hex")}`;

interface Signing {
  readonly secret?: string;
  readonly secondsAgo?: number;
}

function signatureOf(body: string, { secret, secondsAgo = 0 }: Signing = {}): string {
  const at = Math.floor(on.operations.clock.now() / 1_000) - secondsAgo;
  const mac = createHmac("sha256", secret ?? on.webhookSecret).update(`${at}.${body}`);
  return `t=${at},v1=${mac.digest("hex")}`;
}

function post(body: string | Uint8Array<ArrayBuffer>, signature?: string): Promise<Response> {
  const headers = { ...(signature !== undefined && { "stripe-signature": signature }) };
  return fetch(`${on.url}/webhooks/stripe`, { method: "POST", headers, body });
}

const deliver = (event: object, signing?: Signing) => {
  const body = JSON.stringify(event);
  return post(body, signatureOf(body, signing));
};

const stored = () =>
  on.operations.database.read("SELECT id FROM gateway_events").then(({ rows }) => rows.length);

async function expectNothingOf(response: Promise<Response>, status: number): Promise<void> {
  const before = await dumpOf(on.operations.database);
  const answer = await response;
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ message: expect.stringMatching(/^[A-Z].*\.$/) });
  expect(await dumpOf(on.operations.database)).toEqual(before);
}

describe("what is not genuine is refused and leaves nothing behind", () => {
  test("a delivery without a signature, or with one that is none", async () => {
    const body = JSON.stringify(anEvent());
    const [time, mac] = signatureOf(body).split(",") as [string, string];
    for (const signature of [
      undefined,
      "",
      "nonsense",
      time,
      mac,
      `${time},v1=`,
      `${time},v0=${mac.slice(3)}`,
      `${time},v1=${"0".repeat(64)}`,
      `t=NaN,${mac}`,
      `t=,${mac}`,
      `t=99999999999999999999,${mac}`,
      `v1=${mac.slice(3)},t`,
      "t=1,".repeat(1_000),
    ]) {
      await expectNothingOf(post(body, signature), 400);
    }
  });

  test("one that was signed with another secret, or with none", async () => {
    for (const secret of ["whsec_of_somebody_else", `${on.webhookSecret} `, ""]) {
      await expectNothingOf(deliver(anEvent(), { secret }), 400);
    }
  });

  test("one whose body was changed by a byte, wherever", async () => {
    const body = JSON.stringify(anEvent());
    const signature = signatureOf(body);
    const bytes = new TextEncoder().encode(body);
    for (const at of [0, 7, Math.floor(bytes.length / 2), bytes.length - 1]) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expectNothingOf(post(changed, signature), 400);
    }
    await expectNothingOf(post(`${body} `, signature), 400);
    await expectNothingOf(post(body.slice(0, -1), signature), 400);
    await expectNothingOf(post(`\ufeff${body}`, signature), 400);
  });

  test("one that carries the signature of another", async () => {
    const other = JSON.stringify(anEvent());
    await expectNothingOf(post(JSON.stringify(anEvent()), signatureOf(other)), 400);
  });

  test("one that was signed 301 seconds ago; 299 are still fine", async () => {
    await expectNothingOf(deliver(anEvent(), { secondsAgo: 301 }), 400);
    expect((await deliver(anEvent(), { secondsAgo: 299 })).status).toBe(200);
  });

  test.each(["", "not JSON", '{"id":', "null", "[]", '"text"', "7", "{}", '{"object":"event"}'])(
    "one that was signed and is no event: %s",
    async (body) => {
      await expectNothingOf(post(body, signatureOf(body)), 400);
    },
  );

  test("one without an id, a type, a time or a mode, or with fields of another kind", async () => {
    const event = anEvent();
    for (const field of ["id", "type", "created", "livemode", "data"]) {
      for (const value of [undefined, null, {}, [], ""]) {
        await expectNothingOf(deliver({ ...event, [field]: value }), 400);
      }
    }
  });

  test.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])("the method %s", async (method) => {
    const body = JSON.stringify(anEvent());
    const headers = { "stripe-signature": signatureOf(body) };
    const hasBody = method !== "GET";
    const asked = fetch(`${on.url}/webhooks/stripe`, {
      method,
      headers,
      ...(hasBody && { body }),
    });
    await expectNothingOf(asked, 405);
  });

  test("one that is too large, whether it says so or not", async () => {
    const event = anEvent({ object: { description: "x".repeat(600_000) } });
    await expectNothingOf(deliver(event), 413);
    const body = JSON.stringify(event);
    expect(await postInPieces(body, signatureOf(body))).toBe(413);
    expect((await deliver(anEvent({ object: { description: "x".repeat(400_000) } }))).status).toBe(
      200,
    );
  });
});

/** Without a length, so that it has to be counted as it arrives. */
function postInPieces(body: string, signature: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "stripe-signature": signature };
    const sent = request(`${on.url}/webhooks/stripe`, { method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    // The answer may come before the last piece was taken.
    sent.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ECONNRESET") reject(error);
    });
    for (let at = 0; at < body.length; at += 65_536) sent.write(body.slice(at, at + 65_536));
    sent.end();
  });
}

describe("a genuine delivery", () => {
  test("is stored before it is answered, and is due at once", async () => {
    const event = anEvent({ type: "payment_intent.succeeded" });
    expect((await deliver(event)).status).toBe(200);
    const { rows } = await on.operations.database.read({
      sql: "SELECT type, state, attempts, received_at = next_attempt_at FROM gateway_events WHERE id = ?",
      args: [event.id],
    });
    expect(rows.map((row) => Object.values(row).slice(0, 4))).toEqual([
      ["payment_intent.succeeded", "received", 0, 1],
    ]);
  });

  test("five times at once is five times fine, one row and one call to work", async () => {
    const event = anEvent();
    const woken: unknown[] = [];
    on.operations.wakeThrough((work) => void woken.push(work));
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 5 }, () => deliver(event)));
    on.operations.wakeThrough(() => {});
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await stored()).toBe(before + 1);
    expect(woken).toEqual([{ about: "gateway_event", eventId: event.id }]);
  });

  test("that comes again within its time, or once more signed anew, changes nothing", async () => {
    const body = JSON.stringify(anEvent({ type: "something.of.the.future" }));
    const signature = signatureOf(body, { secondsAgo: 200 });
    expect((await post(body, signature)).status).toBe(200);
    await work(JSON.parse(body).id);
    const before = await dumpOf(on.operations.database);
    expect((await post(body, signature)).status).toBe(200);
    expect((await post(body, signatureOf(body))).status).toBe(200);
    await work(JSON.parse(body).id);
    expect(await dumpOf(on.operations.database)).toEqual(before);
  });

  test("with the id of another that is stored already does not replace it", async () => {
    const event = anEvent();
    await deliver(event);
    const before = await dumpOf(on.operations.database);
    const other = { ...anEvent({ type: "payment_intent.succeeded" }), id: event.id };
    expect((await deliver(other)).status).toBe(200);
    expect(await dumpOf(on.operations.database)).toEqual(before);
  });

  test("needs no content type and no session, and is nobody's cross-site request", async () => {
    const body = JSON.stringify(anEvent());
    const headers = {
      "stripe-signature": signatureOf(body),
      "content-type": "text/plain",
      origin: "https://elsewhere.example",
      "sec-fetch-site": "cross-site",
    };
    const answer = await fetch(`${on.url}/webhooks/stripe`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
  });

  test("keeps nothing that is secret or somebody's: no secrets, names, addresses, numbers", async () => {
    const event = anEvent({
      type: "payment_intent.succeeded",
      object: {
        id: "pi_1",
        object: "payment_intent",
        client_secret: "pi_1_secret_x",
        billing_details: { name: "Ada Example", email: "ada@example.test" },
        payment_method_details: { card: { number: "4242424242424242", last4: "4242" } },
      },
    });
    await deliver(event);
    const { rows } = await on.operations.database.read({
      sql: "SELECT payload FROM gateway_events WHERE id = ?",
      args: [event.id],
    });
    expect(JSON.stringify(rows)).not.toMatch(/secret|Ada|example|4242/);
    expect(on.logged.join("\n")).not.toMatch(/pi_1_secret|whsec|v1=/);
  });
});

const work = async (eventId: string) => on.operations.buying?.handleEvent(eventId);

describe("what nobody has heard of", () => {
  test.each([
    ["a type", { type: "payment_intent.frobnicated" }],
    ["a family of types", { type: "wormhole.opened" }],
    ["a type that is only a word", { type: "x" }],
    ["a type with a name every object has", { type: "constructor.__proto__" }],
    ["a status", { type: "payment_intent.succeeded", object: { status: "thinking" } }],
    ["an object", { type: "payment_intent.succeeded", object: { object: "wormhole", id: null } }],
    [
      "a payment that claims to be somebody's",
      {
        type: "payment_intent.succeeded",
        object: {
          object: "payment_intent",
          id: "pi_of_nobody",
          status: "succeeded",
          amount: 9_500,
          amount_received: 9_500,
          metadata: { top_up_id: "top_01m81cmyhffb883wzq75aen7zz" },
        },
      },
    ],
  ])("%s is taken, worked on without a crash, and credits nobody", async (_, about) => {
    const event = anEvent(about);
    const before = await ada.api.account.overview.query();
    expect((await deliver(event)).status).toBe(200);
    await work(event.id);
    const { rows } = await on.operations.database.read({
      sql: "SELECT state FROM gateway_events WHERE id = ?",
      args: [event.id],
    });
    expect(rows[0]?.state).toMatch(/^(handled|ignored)$/);
    const after = await ada.api.account.overview.query();
    expect([after.balance, after.version]).toEqual([before.balance, before.version]);
  });
});

/** A delivery that could not be stored must come again, so it is not answered with 200. */
test("while the database is locked a delivery fails, and the next one is stored", async () => {
  const event = anEvent();
  const before = await stored();
  locker.tell("lock");
  expect(await locker.says()).toBe("locked");
  // Each look at the clock finds the patience with a locked database at its end.
  let now = performance.now();
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 60_000;
    return now;
  });
  const refused = await deliver(event);
  vi.restoreAllMocks();
  locker.tell("unlock");
  expect(await locker.says()).toBe("unlocked");
  expect(refused.status).toBe(500);
  expect(await stored()).toBe(before);

  expect((await deliver(event)).status).toBe(200);
  expect(await stored()).toBe(before + 1);
});
