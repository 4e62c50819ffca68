/**
 * Input that is not what a procedure takes, generated for every procedure and every field: each must
 * be told so, in one sentence, and change nothing.
 */
import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ZodType, z } from "zod";
import { type Caller, callAny } from "./testing/any-call.ts";
import { httpClient } from "./testing/clients.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { isRunners, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestEdge } from "./testing/test-edge.ts";

interface Things {
  readonly targetId: string;
  readonly scanId: string;
  readonly runnerKeyId: string;
}

type Fields = Record<string, unknown>;

interface Row {
  /** Input that is fine, with every field there is. Undefined for a procedure that takes nothing. */
  readonly valid?: (things: Things) => Fields;
  readonly optional?: readonly string[];
}

const at = "2026-01-01T00:00:00Z";

const rows: Record<ProcedurePath, Row> = {
  me: {},
  "account.overview": {},
  "account.live": { valid: () => ({ lastEventId: "1" }), optional: ["lastEventId"] },
  "account.balanceAt": { valid: () => ({ at }) },
  "account.activity": {
    valid: () => ({ cursor: "1", limit: 10, kinds: ["debit"], from: at, to: at }),
    optional: ["cursor", "limit", "kinds", "from", "to"],
  },
  "account.setWhenOutOfCredits": { valid: () => ({ value: "pause" }) },
  "targets.list": {},
  "targets.create": {
    valid: () => ({ url: "https://example.com/new", name: "New", mode: "credits" }),
    optional: ["name"],
  },
  "targets.setMode": { valid: ({ targetId }) => ({ targetId, mode: "unlimited" }) },
  "targets.archive": { valid: ({ targetId }) => ({ targetId }) },
  "scans.list": {
    valid: ({ scanId }) => ({ cursor: scanId, limit: 10 }),
    optional: ["cursor", "limit"],
  },
  "scans.get": { valid: ({ scanId }) => ({ scanId }) },
  "scans.stop": { valid: ({ scanId }) => ({ scanId }) },
  "scans.pause": { valid: ({ scanId }) => ({ scanId }) },
  "scans.resume": { valid: ({ scanId }) => ({ scanId }) },
  "runnerKeys.list": {},
  "runnerKeys.create": { valid: () => ({ name: "New" }) },
  "runnerKeys.revoke": { valid: ({ runnerKeyId }) => ({ runnerKeyId }) },
  "runner.targets": {},
  "runner.startScan": {
    valid: ({ targetId }) => ({ targetId, idempotencyKey: "new", label: "New" }),
    optional: ["label"],
  },
  "runner.heartbeat": { valid: ({ scanId }) => ({ scanId }) },
  "runner.pauseScan": { valid: ({ scanId }) => ({ scanId }) },
  "runner.resumeScan": { valid: ({ scanId }) => ({ scanId }) },
  "runner.finishScan": {
    valid: ({ scanId }) => ({ scanId, outcome: "failed", fault: "target" }),
    optional: ["fault"],
  },
  "runner.directives": {
    valid: ({ scanId }) => ({ scanId, lastEventId: "1" }),
    optional: ["lastEventId"],
  },
  "sandbox.clock": {},
  "sandbox.advance": {
    valid: () => ({ by: { months: 1, days: 1, hours: 1, minutes: 1, seconds: 1 } }),
  },
  "sandbox.setRate": { valid: () => ({ rate: 2 }) },
  "sandbox.addTestCard": { valid: () => ({ card: "pm_card_visa" }) },
  "sandbox.info": {},
};

const optionalSpans = ["months", "days", "hours", "minutes", "seconds"];

/** As JSON, so that numbers can be larger than numbers are. */
const neverANumber = ["-1", "1.5", "-0.5", "1e309", "-1e309", "9007199254740993", '"5"', "true"];
const neverAText = [
  "7",
  "-1",
  "1.5",
  "true",
  '""',
  '"   "',
  `"${"x".repeat(5_000)}"`,
  '"a\\u0000b"',
  '"a\\nb"',
  '"a\\ud800b"',
  '"a\\u202eb"',
];
const never = ["[]", "{}", "[null]", '{"__proto__":{}}'];

let on: TestEdge;
let customer: Caller;
let runner: Caller;
let things: Things;
let moved = 0;

beforeAll(async () => {
  on = await startTestEdge({
    limits: {
      socketsPerRunnerKeyMax: 1_000,
      socketsPerUserMax: 1_000,
      socketsPerAddressMax: 1_000,
    },
    sandbox: () => ({
      clock: () => ({ now: instant(0), rate: 1 }),
      advance: async () => {
        moved += 1;
        return { now: instant(0), ran: 0 };
      },
      setRate: async (rate) => {
        moved += 1;
        return { now: instant(0), rate };
      },
      info: () => ({ stripeUrl: null, mailboxUrl: null }),
      page: async () => new Response(),
    }),
  });
  const ada = await on.signUp("Ada");
  const key = await ada.api.runnerKeys.create.mutate({ name: "CI" });
  const target = await ada.api.targets.create.mutate({
    url: "https://example.com",
    mode: "credits",
  });
  const api = httpClient(on.url, { authorization: `Bearer ${key.secret}` });
  const scan = await api.runner.startScan.mutate({ targetId: target.id, idempotencyKey: "first" });
  things = { targetId: target.id, scanId: scan.scanId, runnerKeyId: key.id };
  const headers = { cookie: ada.cookie, origin: on.url };
  customer = { url: on.url, headers, socket: { headers } };
  runner = {
    url: on.url,
    headers: { authorization: `Bearer ${key.secret}` },
    socket: { runnerKey: key.secret },
  };
});
afterAll(() => on.stop());

describe.each(procedures)("$path", (procedure) => {
  const { path } = procedure;
  const { valid, optional = [] } = rows[path];
  const call = (json: string | undefined) =>
    callAny(isRunners(path) ? runner : customer, procedure, json);

  test("the table holds good input with every field it takes", () => {
    expect(procedure.input.safeParse(valid?.(things)).error?.issues).toBeUndefined();
    const missing = fieldsOf(procedure.input).filter(
      (field) => !(field in (valid?.(things) ?? {})),
    );
    expect(missing).toEqual(path === "sandbox.advance" ? ["to"] : []);
  });

  test("bad input is told in one sentence and changes nothing", async () => {
    const before = await dumpOf(on.operations.database);
    const movedBefore = moved;
    const wrong: string[] = [];
    for (const json of badInputs(valid?.(things), optional)) {
      const { error } = await call(json);
      const isTold =
        error?.data.code === "BAD_REQUEST" && /^[A-Z][^\n]{5,300}\.$/.test(error.message);
      if (!isTold) wrong.push(`${json.slice(0, 200)} -> ${JSON.stringify(error ?? "accepted")}`);
    }
    expect(wrong).toEqual([]);
    expect(await dumpOf(on.operations.database)).toEqual(before);
    expect(moved).toBe(movedBefore);
  });
});

interface JsonSchema {
  readonly properties?: Record<string, unknown>;
  readonly anyOf?: readonly JsonSchema[];
}

function fieldsOf(input: ZodType): string[] {
  const listed = ({ properties = {}, anyOf = [] }: JsonSchema): string[] => [
    ...Object.keys(properties),
    ...anyOf.flatMap(listed),
  ];
  return listed(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as JsonSchema);
}

/** Every way in which one part of an input can be wrong while the rest is right. */
function badInputs(valid: Fields | undefined, optional: readonly string[]): string[] {
  const unknown = [
    ...["unknown", "accountId", "userId", "role", "isOwner", "balance", "constructor"],
  ];
  const base = valid ?? {};
  return [
    ...["null", "7", '"text"', "[]", "true"].filter((json) => json !== "null" || valid),
    ...unknown.map((field) => JSON.stringify({ ...base, [field]: 1 })),
    withField(base, "__proto__", "{}"),
    ...badFields(base, optional).map(([field, json]) => withField(base, field, json)),
  ];
}

function badFields(fields: Fields, optional: readonly string[]): [string, string | null][] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const missing: [string, null][] = optional.includes(field) ? [] : [[field, null]];
    // The library's own event id may be null, which means there is none.
    const isNullable = field === "lastEventId";
    const nulls: [string, string][] = isNullable ? [] : [[field, "null"]];
    const bad = (jsons: readonly string[]) => jsons.map((json): [string, string] => [field, json]);
    if (typeof value === "number") {
      const zero = optionalSpans.includes(field) ? [] : ["0"];
      return [...missing, ...nulls, ...bad([...neverANumber, ...zero, ...never])];
    }
    if (typeof value === "string") return [...missing, ...nulls, ...bad([...neverAText, ...never])];
    if (Array.isArray(value)) {
      return [...missing, ...nulls, ...bad(["{}", "[]", "[7]", '["nothing"]', "[null]", "7"])];
    }
    const inner = badFields(value as Fields, optionalSpans).map(
      ([name, json]): [string, string] => [field, withField(value as Fields, name, json)],
    );
    return [...missing, ...nulls, ...bad(["7", '"text"', "{}", "[]", '{"unknown":1}']), ...inner];
  });
}

/** The fields as JSON with one replaced, added or, for null, left out. */
function withField(fields: Fields, name: string, json: string | null): string {
  const others = Object.entries(fields).filter(([field]) => field !== name);
  const parts = others.map(([field, value]) => `${JSON.stringify(field)}:${JSON.stringify(value)}`);
  if (json !== null) parts.push(`${JSON.stringify(name)}:${json}`);
  return `{${parts.join(",")}}`;
}
