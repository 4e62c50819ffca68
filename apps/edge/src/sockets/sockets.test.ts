import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BareSocket, openBareSocket } from "../testing/clients.ts";
import { joinAs, signOut } from "../testing/members.ts";
import { eventually, metricOf } from "../testing/metric.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "../testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let opened: BareSocket[] = [];

beforeAll(async () => {
  on = await startTestEdge({
    limits: {
      socketSpeaksWithinMs: 500,
      identityCheckEveryMs: 100,
      socketsPerAddressMax: 30,
      socketMessagesPerSecondMax: 50,
    },
  });
  ada = await on.signUp("Ada");
});
afterAll(() => on.stop());

async function open(options: Parameters<typeof openBareSocket>[1] = {}): Promise<BareSocket> {
  const bare = await openBareSocket(on.url, options);
  opened.push(bare);
  return bare;
}

/** Every socket a test opened is gone before the next one counts. */
async function closeAll(): Promise<void> {
  for (const { socket } of opened) socket.terminate();
  opened = [];
  await eventually(async () => (await metricOf(on, "scanmeter_sockets")) === 0);
}

const asAda = () => ({ headers: { origin: on.url, cookie: ada.cookie } });
const forRunner = { path: "/trpc?connectionParams=1" };
const live = (id: number) => ({ id, method: "subscription", params: { path: "account.live" } });
const isFirstFrame = (message: { result?: { type: string } }) => message.result?.type === "data";
const codeIn = (message: { id?: unknown; error?: { data: { code: string } } }) =>
  message.error?.data.code;

async function openLive(cookie = ada.cookie): Promise<BareSocket> {
  const bare = await open({ headers: { origin: on.url, cookie } });
  bare.send(live(1));
  await bare.until(isFirstFrame);
  return bare;
}

describe("where a socket comes from", () => {
  test("our own pages may open one", async () => {
    expect((await open(asAda())).refused).toBeNull();
    await closeAll();
  });

  const forged: [string, (own: URL) => string | undefined][] = [
    ["no origin at all", () => undefined],
    ["an empty origin", () => ""],
    ["a null origin", () => "null"],
    ["another site", () => "https://evil.example"],
    ["our name in front of theirs", (own) => `${own.origin}.evil.example`],
    ["our name behind theirs", (own) => `http://evil.example/${own.host}`],
    ["our name as a user", (own) => `http://${own.host}@evil.example`],
    ["another scheme", (own) => `https://${own.host}`],
    ["another port", (own) => `http://${own.hostname}:1`],
    ["no port", (own) => `http://${own.hostname}`],
    ["another name for this machine", (own) => `http://127.0.0.1:${own.port}`],
    ["a path behind it", (own) => `${own.origin}/`],
    ["two origins", (own) => `${own.origin}, ${own.origin}`],
    ["capitals", (own) => own.origin.toUpperCase()],
    ["a file", () => "file://"],
  ];

  test.each(forged)("%s may not, with our cookie", async (_name, forge) => {
    const origin = forge(new URL(on.url));
    const headers = { cookie: ada.cookie, ...(origin !== undefined && { origin }) };
    expect((await open({ headers })).refused).toBe(403);
  });

  test.each(forged.slice(1))("%s may not, by saying it is a runner", async (_name, forge) => {
    const origin = forge(new URL(on.url)) ?? "";
    expect((await open({ ...forRunner, headers: { origin } })).refused).toBe(403);
  });

  test("a program without an origin may promise a runner's key, and its cookie counts for nothing", async () => {
    const bare = await open({ ...forRunner, headers: { cookie: ada.cookie } });
    expect(bare.refused).toBeNull();
    bare.send({ method: "connectionParams", data: {} });
    bare.send(live(1));
    expect(codeIn(await bare.until((message) => codeIn(message as never) !== undefined))).toBe(
      "UNAUTHORIZED",
    );
    await closeAll();
  });

  test("other paths have no sockets", async () => {
    for (const path of ["/", "/trpc/", "/trpc/account.live", "/api/auth", "//trpc"]) {
      expect((await open({ ...asAda(), path })).refused).toBe(404);
    }
  });
});

describe("how much one may hold", () => {
  test("a person has at most ten sockets, and room again when one closes", async () => {
    const sockets = [];
    for (let i = 0; i < 10; i++) sockets.push(await openLive());
    expect((await open(asAda())).refused).toBe(429);
    const bob = await on.signUp("Bob");
    expect((await open({ headers: { origin: on.url, cookie: bob.cookie } })).refused).toBeNull();
    sockets[0]?.socket.close();
    await sockets[0]?.closed;
    await eventually(async () => (await metricOf(on, "scanmeter_sockets")) === 10);
    expect((await open(asAda())).refused).toBeNull();
    await closeAll();
  });

  test("twenty sockets that come at once are still ten", async () => {
    const cookie = await on.openSession(ada.userId);
    const headers = { origin: on.url, cookie };
    const all = await Promise.all(Array.from({ length: 20 }, () => open({ headers })));
    expect(all.filter(({ refused }) => refused === null)).toHaveLength(10);
    await closeAll();
  });

  test("twenty that wait for one look at their session together are still ten", async () => {
    const headers = { origin: on.url, cookie: await on.openSession(ada.userId) };
    const { findMembership } = on.operations;
    let look = () => {};
    const looked = new Promise<void>((resolve) => {
      look = resolve;
    });
    on.operations.findMembership = async (...asked) => {
      await looked;
      return findMembership(...asked);
    };
    const opening = Promise.all(Array.from({ length: 20 }, () => open({ headers })));
    // A request that comes after theirs is answered, so they have been taken in and wait.
    for (let asked = 0; asked < 20; asked += 1) await fetch(`${on.url}/healthz`);
    on.operations.findMembership = findMembership;
    look();
    const all = await opening;
    expect(all.filter(({ refused }) => refused === null)).toHaveLength(10);
    await closeAll();
  });

  test("a runner's key has at most ten, and the eleventh is told why", async () => {
    const key = await ada.api.runnerKeys.create.mutate({ name: "many" });
    const answers = [];
    for (let i = 0; i < 11; i++) {
      const bare = await open(forRunner);
      bare.send({ method: "connectionParams", data: { authorization: `Bearer ${key.secret}` } });
      bare.send({ id: 1, method: "query", params: { path: "runner.targets" } });
      answers.push(await bare.until<{ id: number }>(({ id }) => id === 1));
    }
    expect(answers.slice(0, 10)).toEqual(
      Array(10).fill(expect.objectContaining({ result: expect.anything() })),
    );
    expect(answers[10]).toMatchObject({
      error: { data: { code: "TOO_MANY_REQUESTS", refusal: { code: "too_many", max: 10 } } },
    });
    await closeAll();
  });

  test("an address has a limit", async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => open(forRunner)));
    expect(all.filter(({ refused }) => refused === 429)).toHaveLength(10);
    await closeAll();
  });

  test("a socket has at most five subscriptions; stopped and refused ones do not count", async () => {
    const bare = await open(asAda());
    for (let id = 1; id <= 5; id++) {
      bare.send({ id, method: "subscription", params: { path: "runner.directives", input: {} } });
    }
    await bare.until(() => bare.messages.length >= 5);
    expect(bare.messages.map((message) => codeIn(message as never))).toEqual(
      Array(5).fill("UNAUTHORIZED"),
    );

    for (let id = 11; id <= 16; id++) bare.send(live(id));
    const sixth = await bare.until((message) => codeIn(message as never) === "TOO_MANY_REQUESTS");
    expect(sixth).toMatchObject({ id: 16 });
    bare.send({ id: 11, method: "subscription.stop" });
    await bare.until(
      (message: { id?: number; result?: { type: string } }) =>
        message.id === 11 && message.result?.type === "stopped",
    );
    bare.send(live(17));
    await bare.until(
      (message: { id?: number; result?: { type: string } }) =>
        message.id === 17 && message.result?.type === "data",
    );
    expect(await metricOf(on, "scanmeter_subscriptions")).toBe(5);
    await closeAll();
    expect(await metricOf(on, "scanmeter_subscriptions")).toBe(0);
  });

  test("a batch has at most ten calls, and a larger one runs none", async () => {
    const bare = await open(asAda());
    const create = (id: number) => ({
      id,
      method: "mutation",
      params: {
        path: "targets.create",
        input: { url: `https://example.com/batch/${id}`, mode: "credits" },
      },
    });
    bare.send(Array.from({ length: 11 }, (_, id) => create(id)));
    await bare.until(() => bare.messages.length === 11);
    expect(new Set(bare.messages.map((message) => codeIn(message as never)))).toEqual(
      new Set(["BAD_REQUEST"]),
    );
    expect(await ada.api.targets.list.query()).toEqual([]);
    await closeAll();
  });

  test("a message has a size, and a number of fragments", async () => {
    const large = await open(asAda());
    large.send("x".repeat(17 * 1_024));
    expect(await large.closed).toBe(1009);
    const many = await open(asAda());
    for (let i = 0; i < 20; i++) many.socket.send("x", { fin: false });
    expect(await many.closed).toBe(1008);
    await closeAll();
  });

  test("a socket that never stops talking is ended", async () => {
    const bare = await open(asAda());
    for (let i = 0; i < 120; i++) bare.send("PING");
    expect(await bare.closed).toBe(4429);
  });
});

describe("how long a socket lives", () => {
  test("one that says nothing is ended", async () => {
    expect(await (await open(asAda())).closed).toBe(4408);
  });

  test("one that does not send the params it promised is ended", async () => {
    expect(await (await open(forRunner)).closed).toBe(4408);
  });

  test("one that never says who it is is ended", async () => {
    const bare = await open({ headers: { origin: on.url } });
    bare.send("PING");
    expect(await bare.closed).toBe(4401);
  });

  test("one that a message cannot be read from stays open and is told", async () => {
    const bare = await open(asAda());
    bare.send("not json");
    bare.send('{"id":1,"method":"nothing","params":{}}');
    await bare.until(() => bare.messages.length === 2);
    expect(bare.messages.map((message) => codeIn(message as never))).toEqual([
      "BAD_REQUEST",
      "BAD_REQUEST",
    ]);
    await closeAll();
  });
});

describe("a socket ends with what it was opened with", () => {
  test("when its person signs out", async () => {
    const cookie = await on.openSession(ada.userId);
    const mine = await openLive(cookie);
    const other = await openLive();
    await signOut(on.url, cookie);
    expect(await mine.closed).toBe(4401);
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    await closeAll();
  });

  test("when the session ends in another process", async () => {
    const bare = await openLive(await on.openSession(ada.userId));
    await on.operations.database.write([
      "DELETE FROM auth_session WHERE rowid = (SELECT max(rowid) FROM auth_session)",
    ]);
    expect(await bare.closed).toBe(4401);
  });

  test("when the session expires", async () => {
    const bob = await on.signUp("Bob");
    const bare = await openLive(bob.cookie);
    await on.operations.database.write([
      {
        sql: "UPDATE auth_session SET expires_at = ? WHERE user_id = ?",
        args: [Date.now() - 1, bob.userId],
      },
    ]);
    expect(await bare.closed).toBe(4401);
  });

  test("when its person is removed from the account in another process", async () => {
    const mate = await on.signUp("Mate");
    const cookie = await joinAs(on, mate, { accountId: ada.accountId, role: "member" });
    const bare = await openLive(cookie);
    await on.operations.database.write([
      {
        sql: "DELETE FROM members WHERE account_id = ? AND user_id = ?",
        args: [ada.accountId, mate.userId],
      },
    ]);
    expect(await bare.closed).toBe(4403);
  });

  test("when its runner's key is revoked, within five seconds", async () => {
    const key = await ada.api.runnerKeys.create.mutate({ name: "lost" });
    const target = await ada.api.targets.create.mutate({
      url: "https://example.com",
      mode: "unlimited",
    });
    const bare = await open(forRunner);
    bare.send({ method: "connectionParams", data: { authorization: `Bearer ${key.secret}` } });
    bare.send({
      id: 1,
      method: "mutation",
      params: { path: "runner.startScan", input: { targetId: target.id, idempotencyKey: "one" } },
    });
    await bare.until(isFirstFrame);
    const startedAt = performance.now();
    await ada.api.runnerKeys.revoke.mutate({ runnerKeyId: key.id });
    expect(await bare.closed).toBe(4401);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
