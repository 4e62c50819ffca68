/**
 * Another account's things: every procedure that is told an id, told one that belongs to somebody
 * else, answers as if there were no such thing, and nothing happens to it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type CallAnswer, type Caller, callAny } from "./testing/any-call.ts";
import { httpClient } from "./testing/clients.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { isRunners, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";

interface Things {
  readonly targetId: string;
  readonly scanId: string;
  readonly runnerKeyId: string;
}

interface Household extends Things {
  readonly who: TestCustomer;
  readonly customer: Caller;
  readonly runner: Caller;
}

type Row = "takes no id" | ((things: Things) => Record<string, unknown>);

/** A new procedure does not compile before it has a row. */
const rows: Record<ProcedurePath, Row> = {
  me: "takes no id",
  "account.overview": "takes no id",
  "account.live": "takes no id",
  "account.balanceAt": "takes no id",
  "account.activity": "takes no id",
  "account.setWhenOutOfCredits": "takes no id",
  "targets.list": "takes no id",
  "targets.create": "takes no id",
  "targets.setMode": ({ targetId }) => ({ targetId, mode: "unlimited" }),
  "targets.archive": ({ targetId }) => ({ targetId }),
  "scans.list": ({ scanId }) => ({ cursor: scanId }),
  "scans.get": ({ scanId }) => ({ scanId }),
  "scans.stop": ({ scanId }) => ({ scanId }),
  "scans.pause": ({ scanId }) => ({ scanId }),
  "scans.resume": ({ scanId }) => ({ scanId }),
  "runnerKeys.list": "takes no id",
  "runnerKeys.create": "takes no id",
  "runnerKeys.revoke": ({ runnerKeyId }) => ({ runnerKeyId }),
  "runner.targets": "takes no id",
  "runner.startScan": ({ targetId }) => ({ targetId, idempotencyKey: "somebody-elses" }),
  "runner.heartbeat": ({ scanId }) => ({ scanId }),
  "runner.pauseScan": ({ scanId }) => ({ scanId }),
  "runner.resumeScan": ({ scanId }) => ({ scanId }),
  "runner.finishScan": ({ scanId }) => ({ scanId, outcome: "completed" }),
  "runner.directives": ({ scanId }) => ({ scanId }),
  "sandbox.clock": "takes no id",
  "sandbox.advance": "takes no id",
  "sandbox.setRate": "takes no id",
  "sandbox.addTestCard": "takes no id",
  "sandbox.info": "takes no id",
};

let on: TestEdge;
let ada: Household;
let bob: Household;

beforeAll(async () => {
  on = await startTestEdge();
  ada = await settle("Ada");
  bob = await settle("Bob");
});
afterAll(() => on.stop());

async function settle(name: string): Promise<Household> {
  const who = await on.signUp(name);
  const key = await who.api.runnerKeys.create.mutate({ name: "CI" });
  const target = await who.api.targets.create.mutate({
    url: "https://example.com",
    mode: "credits",
  });
  const authorization = `Bearer ${key.secret}`;
  const api = httpClient(on.url, { authorization });
  const scan = await api.runner.startScan.mutate({ targetId: target.id, idempotencyKey: "same" });
  const headers = { cookie: who.cookie, origin: on.url };
  return {
    who,
    targetId: target.id,
    scanId: scan.scanId,
    runnerKeyId: key.id,
    customer: { url: on.url, headers, socket: { headers } },
    runner: { url: on.url, headers: { authorization }, socket: { runnerKey: key.secret } },
  };
}

const unknown: Things = {
  targetId: "tgt_01m81cmyh4fte018tt5c52g6zz",
  scanId: "scan_01m81cmyhffb883wzq75aen7zz",
  runnerKeyId: "rk_01m81cmyhffb883wzq75aen7zz",
};

test("the ids do belong to somebody: their owner is answered", async () => {
  expect(await ada.who.api.scans.get.query({ scanId: ada.scanId })).toMatchObject({
    scanId: ada.scanId,
  });
  expect(await bob.who.api.scans.list.query()).toMatchObject({ items: [{ scanId: bob.scanId }] });
});

test("two accounts may use one idempotency key; each has a scan of its own", () => {
  expect(ada.scanId).not.toBe(bob.scanId);
});

test.each(procedures)("the table says truly whether $path takes an id", ({ path, input }) => {
  const schema = JSON.stringify(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  const takesId = /"(\w*Id|cursor)":\{"type":"string","pattern":"\^[a-z]+_/.test(schema);
  expect(takesId).toBe(rows[path] !== "takes no id");
});

const told = procedures.flatMap((procedure) => {
  const row = rows[procedure.path];
  return row === "takes no id" ? [] : [{ ...procedure, inputFor: row }];
});

test.each(told)(
  "$path answers another account's id like one that never was, and touches nothing",
  async ({ inputFor, ...procedure }) => {
    const caller = isRunners(procedure.path) ? bob.runner : bob.customer;
    const before = await dumpOf(on.operations.database);
    const theirs = await callAny(caller, procedure, JSON.stringify(inputFor(ada)));
    const nobodys = await callAny(caller, procedure, JSON.stringify(inputFor(unknown)));
    expect(await dumpOf(on.operations.database)).toEqual(before);
    expect(comparable(theirs, ada)).toEqual(comparable(nobodys, unknown));
    // A page that begins after somebody else's scan begins where their id sorts, and shows our own.
    if (procedure.path === "scans.list") return;
    expect(theirs.error?.data).toMatchObject({
      code: "NOT_FOUND",
      refusal: { code: expect.stringMatching(/_not_found$/) },
    });
  },
);

/** The answer without the two things that may differ: the id that was asked for and the request's. */
function comparable(answer: CallAnswer, things: Things): unknown {
  let text = JSON.stringify(answer, (key, value) => (key === "requestId" ? "id" : value));
  for (const id of [things.targetId, things.scanId, things.runnerKeyId]) {
    text = text.replaceAll(id, "asked-for");
  }
  return JSON.parse(text.replace(/"activeSeconds":\d+/g, '"activeSeconds":0'));
}
