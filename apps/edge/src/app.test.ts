import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goodBilling } from "./testing/good-input.ts";
import { ask, command, commandWith } from "./testing/raw-calls.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let webDir: string;
const parts = { database: true, queue: true };

beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), "scanmeter-web-"));
  await mkdir(join(webDir, "assets"));
  await writeFile(join(webDir, "index.html"), "<!doctype html><title>Scanmeter</title>");
  await writeFile(join(webDir, "assets", "index-Ab12.js"), "console.log(1);\n".repeat(100));
  await writeFile(join(webDir, "favicon.svg"), "<svg/>");
  on = await startTestEdge({ webDir, ready: async () => ({ ...parts }) });
  ada = await on.signUp("Ada");
});
afterAll(async () => {
  await on.stop();
  await rm(webDir, { recursive: true });
});

describe("health", () => {
  test("a running process is alive", async () => {
    expect((await fetch(`${on.url}/healthz`)).status).toBe(200);
  });

  test("a process is ready with its database and its queue, and says which one is away", async () => {
    expect(await (await fetch(`${on.url}/readyz`)).json()).toEqual({
      status: "ready",
      database: true,
      queue: true,
    });
    parts.queue = false;
    const response = await fetch(`${on.url}/readyz`);
    parts.queue = true;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ reason: "The queue does not answer." });
  });

  test("metrics are there for Prometheus, and name only procedures that exist", async () => {
    await ask(on.url, "no.such.procedure.xyz", undefined);
    const text = await (await fetch(`${on.url}/metrics`)).text();
    expect(text).toContain("scanmeter_http_request_seconds_count");
    expect(text).toContain('scanmeter_call_seconds_count{path="me",outcome="ok"}');
    expect(text).not.toContain("xyz");
  });
});

describe("every answer", () => {
  const paths = ["/", "/healthz", "/trpc/me", "/api/auth/get-session", "/nothing.js", "/api/x"];

  test.each(paths)("%s tells the browser to be careful", async (path) => {
    const { headers } = await fetch(on.url + path);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ${on.url.replace("http", "ws")}`);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("same-origin");
  });

  test("carries an id that is in its one line of the log, without the query", async () => {
    const before = on.logged.length;
    const { headers, body } = await ask(on.url, "me", { secret: "in-the-query" });
    const id = headers.get("x-request-id");
    expect(body.error?.data.requestId).toBe(id);
    const lines = on.logged.slice(before).map((line) => JSON.parse(line));
    const mine = lines.filter(({ requestId }) => requestId === id);
    expect(mine).toEqual([
      expect.objectContaining({ method: "GET", path: "/trpc/me", status: 401, level: 30 }),
    ]);
    expect(on.logged.join()).not.toContain("in-the-query");
  });

  test("keeps a proxy's request id and replaces an odd one", async () => {
    const idFor = async (given: string) =>
      (await fetch(`${on.url}/healthz`, { headers: { "x-request-id": given } })).headers.get(
        "x-request-id",
      );
    expect(await idFor("proxy-12345678")).toBe("proxy-12345678");
    expect(await idFor("x y <script>")).toMatch(/^[\w-]{36}$/);
  });
});

describe("the web app", () => {
  test("its addresses all answer with its page", async () => {
    for (const path of ["/", "/account", "/checkout/order"]) {
      const response = await fetch(on.url + path);
      expect(response.headers.get("content-type")).toContain("text/html");
      expect(response.headers.get("cache-control")).toBe("no-cache");
      expect(await response.text()).toContain("<title>Scanmeter</title>");
    }
  });

  test("an asset is kept for ever and sent compressed", async () => {
    const response = await fetch(`${on.url}/assets/index-Ab12.js`);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("content-type")).toContain("text/javascript");
    expect(await response.text()).toContain("console.log(1);");
  });

  test.each([
    "/assets/old-Xy99.js",
    "/missing.css",
    "/api/nothing",
    "/webhooks/nothing",
    "/sandbox/mailbox",
    "/assets/../../package.json",
    "/assets/%2e%2e/index.html",
    "//assets/index-Ab12.js",
  ])("%s is missing, not a page", async (path) => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(on.url);
      request({ hostname, port, path }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toBe(404);
  });
});

describe("what is sent to a procedure", () => {
  const asAda = () => ({ cookie: ada.cookie, origin: on.url });
  const create = (body: string, headers = {}) =>
    commandWith(on.url, "targets.create", body, { ...asAda(), ...headers });

  test("a body over the limit is refused, with its length told", async () => {
    const answer = await create(JSON.stringify({ url: "x".repeat(70_000) }));
    expect(answer).toMatchObject({
      status: 413,
      body: { error: { data: { code: "PAYLOAD_TOO_LARGE", path: "targets.create" } } },
    });
  });

  test("a body over the limit is refused, sent in pieces without a length", async () => {
    const pieces = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(Buffer.alloc(10_000, "x"));
        controller.close();
      },
    });
    const response = await fetch(`${on.url}/trpc/targets.create`, {
      method: "POST",
      headers: { ...asAda(), "content-type": "application/json" },
      body: pieces,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  test.each([
    ["nothing", ""],
    ["half an object", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["a number", "7"],
    ["text", '"text"'],
    ["very deep", `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`],
    ["a zero byte", "\u0000"],
  ])("a body that is not an object of fields is bad input: %s", async (_name, body) => {
    const answer = await create(body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { data: { code: "BAD_REQUEST" } } },
    });
    expect(answer.body.error?.message).toMatch(/^[A-Z].*\.$/);
  });

  test.each(["__proto__", "constructor", "prototype", "toString"])(
    "a field called %s is refused and changes no object",
    async (field) => {
      const body = `{"url":"https://example.com","mode":"credits","${field}":{"isOwner":true}}`;
      expect(await create(body)).toMatchObject({
        status: 400,
        body: { error: { data: { code: "BAD_REQUEST" } } },
      });
      expect(({} as { isOwner?: boolean }).isOwner).toBeUndefined();
    },
  );

  test("anything but JSON is refused", async () => {
    const valid = JSON.stringify({ url: "https://example.com", mode: "credits" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect((await create(valid, { "content-type": type })).status).toBe(415);
    }
  });

  test("a command is never run by a GET, nor by a POST that says it is one", async () => {
    const input = { url: "https://example.com", mode: "credits" };
    expect((await ask(on.url, "targets.create", input, asAda())).status).toBe(405);
    const overridden = await fetch(`${on.url}/trpc/targets.list`, {
      method: "POST",
      headers: { ...asAda(), "content-type": "application/json", "x-http-method-override": "GET" },
    });
    expect(overridden.status).toBe(405);
    expect(await ada.api.targets.list.query()).toEqual([]);
  });

  test("a batch over ten calls runs none of them", async () => {
    const paths = Array(11).fill("targets.create").join(",");
    const inputs = Object.fromEntries(
      [...Array(11).keys()].map((i) => [i, { url: `https://example.com/${i}`, mode: "credits" }]),
    );
    const answer = await commandWith(on.url, `${paths}?batch=1`, JSON.stringify(inputs), asAda());
    expect(answer.status).toBe(400);
    expect(await ada.api.targets.list.query()).toEqual([]);
  });

  test("a subscription is not answered over HTTP", async () => {
    expect((await ask(on.url, "account.live", undefined, asAda())).status).toBe(405);
  });

  test("a procedure that is not there is missing, whatever its name", async () => {
    for (const path of ["sandbox.clock", "nothing", "__proto__", "account.__proto__", "account"]) {
      expect(await ask(on.url, path, undefined, asAda())).toMatchObject({
        status: 404,
        body: { error: { data: { code: "NOT_FOUND" } } },
      });
    }
  });
});

describe("where a command comes from", () => {
  const target = { url: "https://example.com/csrf", mode: "credits" };

  test.each([
    ["a foreign origin", { origin: "https://evil.example" }],
    ["a null origin", { origin: "null" }],
    ["another port", { origin: "http://localhost:1" }],
    ["our name with another scheme", { origin: "https://localhost" }],
    ["a sandboxed page of another site", { "sec-fetch-site": "cross-site" }],
    ["a neighbouring site", { "sec-fetch-site": "same-site" }],
    ["a link or bookmark", { "sec-fetch-site": "none" }],
  ])("%s may not command with our cookie", async (_name, headers) => {
    const answer = await command(on.url, "targets.create", target, {
      ...(headers as Record<string, string>),
      cookie: ada.cookie,
    });
    expect(answer).toMatchObject({
      status: 403,
      body: { error: { data: { code: "FORBIDDEN" } } },
    });
    expect(await ada.api.targets.list.query()).toEqual([]);
  });

  test("our own pages and programs may", async () => {
    const mode = "credits";
    const fromPage = { cookie: ada.cookie, origin: on.url, "sec-fetch-site": "same-origin" };
    const page = await command(
      on.url,
      "targets.create",
      { url: "https://a.example", mode },
      fromPage,
    );
    const fromProgram = { cookie: ada.cookie };
    const program = await command(
      on.url,
      "targets.create",
      { url: "https://b.example", mode },
      fromProgram,
    );
    expect([page.status, program.status]).toEqual([200, 200]);
  });
});

describe("an error nobody expected", () => {
  test("is told without its reason, and logged once with it, under one id", async () => {
    const before = on.logged.length;
    await on.operations.database.write(["ALTER TABLE targets RENAME TO targets_away"]);
    const answer = await ask(on.url, "targets.list", undefined, { cookie: ada.cookie });
    await on.operations.database.write(["ALTER TABLE targets_away RENAME TO targets"]);

    const requestId = answer.headers.get("x-request-id");
    expect(answer.body.error).toEqual({
      message: "Something went wrong on our side. Try again in a moment.",
      code: -32603,
      data: { code: "INTERNAL_SERVER_ERROR", httpStatus: 500, path: "targets.list", requestId },
    });
    const errors = on.logged
      .slice(before)
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level === 50);
    expect(errors).toEqual([
      expect.objectContaining({
        requestId,
        path: "targets.list",
        err: expect.objectContaining({ message: expect.stringContaining("no such table") }),
      }),
    ]);
  });
});

describe("where nothing can be bought", () => {
  test("prices are shown as closed, nothing is saved, and there is no doorway for webhooks", async () => {
    const { pricing, paymentMethods, account, invoices } = ada.api;
    expect((await pricing.tiers.query()).isOpen).toBe(false);
    const looked = [paymentMethods.list.query(), invoices.list.query(), account.billing.query()];
    expect(await Promise.all<unknown>(looked)).toEqual([[], [], null]);
    expect((await fetch(`${on.url}/webhooks/stripe`, { method: "POST", body: "{}" })).status).toBe(
      404,
    );
  });

  test("whoever tries to buy is told in one sentence", async () => {
    const { pricing, checkout, account } = ada.api;
    for (const call of [
      () => pricing.quote.query({ quantity: 1 }),
      () => checkout.open.mutate({ quantity: 1, idempotencyKey: "one" }),
      () => checkout.get.query({ checkoutId: "chk_1" }),
      () => checkout.finalize.mutate({ checkoutId: "chk_1", expectedTotalMinor: 1 }),
      () => account.saveBilling.mutate(goodBilling),
    ]) {
      await expect(call()).rejects.toMatchObject({
        message: "Buying is switched off here; credits come from the operator.",
        data: { code: "PRECONDITION_FAILED", refusal: { code: "payments_off" } },
      });
    }
  });
});
