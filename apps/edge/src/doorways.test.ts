import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, callAny } from "./testing/any-call.ts";
import { httpClient } from "./testing/clients.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { joinAs } from "./testing/members.ts";
import { isRunners, isSandboxes, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: TestCustomer;
let customer: Caller;
let runner: Caller;
let keyId: string;

beforeAll(async () => {
  on = await startTestEdge({ sandbox: () => standingClock });
  ada = await on.signUp("Ada");
  const key = await ada.api.runnerKeys.create.mutate({ name: "CI" });
  keyId = key.id;
  customer = {
    url: on.url,
    headers: { cookie: ada.cookie, origin: on.url },
    socket: { headers: { cookie: ada.cookie, origin: on.url } },
  };
  runner = {
    url: on.url,
    headers: { authorization: `Bearer ${key.secret}` },
    socket: { runnerKey: key.secret },
  };
});
afterAll(() => on.stop());

const standingClock = {
  clock: () => ({ now: 0 as never, rate: 1 }),
  advance: async () => ({ now: 0 as never, ran: 0 }),
  setRate: async (rate: number) => ({ now: 0 as never, rate }),
  info: () => ({ stripeUrl: null, mailboxUrl: null }),
  page: async () => new Response(),
};

const guarded = procedures.filter(({ path }) => !isSandboxes(path));
const customers = guarded.filter(({ path }) => !isRunners(path));
const runners = guarded.filter(({ path }) => isRunners(path));
const codeOf = async (caller: Caller, procedure: (typeof procedures)[number]) =>
  (await callAny(caller, procedure, "{}")).error?.data.code ?? "ok";

describe("who may come in", () => {
  test.each(guarded)("$path is closed to nobody in particular", async (procedure) => {
    const nobody: Caller = {
      url: on.url,
      headers: {},
      socket: { headers: { origin: on.url } },
    };
    expect(await codeOf(nobody, procedure)).toBe("UNAUTHORIZED");
  });

  test.each(customers)("$path is closed to a runner's key", async (procedure) => {
    expect(await codeOf(runner, procedure)).toBe("UNAUTHORIZED");
  });

  test.each(runners)("$path is closed to a customer's cookie", async (procedure) => {
    expect(await codeOf(customer, procedure)).toBe("UNAUTHORIZED");
  });

  test.each(runners)("$path is closed to a key that was made up", async (procedure) => {
    for (const key of ["smk_madeup", "Bearer", "x".repeat(256)]) {
      const caller = {
        url: on.url,
        headers: { authorization: `Bearer ${key}` },
        socket: { runnerKey: key },
      };
      expect(await codeOf(caller, procedure)).toBe("UNAUTHORIZED");
    }
  });

  test("a cookie nobody was given is nobody's", async () => {
    const [name] = ada.cookie.split("=", 1);
    for (const cookie of [
      `${name}=made.up`,
      `${name}=`,
      ada.cookie.slice(0, -3),
      "x".repeat(4_000),
    ]) {
      const api = httpClient(on.url, { cookie, origin: on.url });
      await expect(api.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
    }
  });

  test("a revoked key opens nothing", async () => {
    const key = await ada.api.runnerKeys.create.mutate({ name: "old" });
    const api = httpClient(on.url, { authorization: `Bearer ${key.secret}` });
    await ada.api.runnerKeys.revoke.mutate({ runnerKeyId: key.id });
    await expect(api.runner.targets.query()).rejects.toMatchObject({
      data: { code: "UNAUTHORIZED" },
    });
  });
});

/** Who may do what. A new procedure has no row until somebody decides. */
const ownersOnly: Record<ProcedurePath, boolean> = {
  me: false,
  "account.overview": false,
  "account.live": false,
  "account.balanceAt": false,
  "account.activity": false,
  "account.setWhenOutOfCredits": true,
  "targets.list": false,
  "targets.create": true,
  "targets.setMode": true,
  "targets.archive": true,
  "scans.list": false,
  "scans.get": false,
  "scans.stop": false,
  "scans.pause": false,
  "scans.resume": false,
  "runnerKeys.list": false,
  "runnerKeys.create": true,
  "runnerKeys.revoke": true,
  "runner.targets": false,
  "runner.startScan": false,
  "runner.heartbeat": false,
  "runner.pauseScan": false,
  "runner.resumeScan": false,
  "runner.finishScan": false,
  "runner.directives": false,
  "sandbox.clock": false,
  "sandbox.advance": false,
  "sandbox.setRate": false,
  "sandbox.addTestCard": false,
  "sandbox.info": false,
};

describe.each(["member", "billing"] as const)("a %s", (role) => {
  let caller: Caller;
  beforeAll(async () => {
    const mate = await on.signUp("Mate");
    const cookie = await joinAs(on, mate, { accountId: ada.accountId, role });
    const headers = { cookie, origin: on.url };
    caller = { url: on.url, headers, socket: { headers } };
  });

  test.each(customers.filter(({ path }) => ownersOnly[path]))(
    "may not call $path, and changes nothing",
    async (procedure) => {
      const before = await dumpOf(on.operations.database);
      const valid: Partial<Record<ProcedurePath, object>> = {
        "account.setWhenOutOfCredits": { value: "finish" },
        "targets.create": { url: "https://example.com/by-a-mate", mode: "credits" },
        "runnerKeys.create": { name: "mine" },
        "runnerKeys.revoke": { runnerKeyId: keyId },
      };
      const input = JSON.stringify(valid[procedure.path] ?? {});
      const { error } = await callAny(caller, procedure, input);
      expect(error?.data).toMatchObject({
        code: "FORBIDDEN",
        refusal: { code: "forbidden", role },
      });
      expect(await dumpOf(on.operations.database)).toEqual(before);
    },
  );

  test.each(customers.filter(({ path }) => !ownersOnly[path]))(
    "may call $path",
    async (procedure) => {
      expect(await codeOf(caller, procedure)).not.toBe("FORBIDDEN");
    },
  );
});
