/**
 * Input that is not what a procedure takes, generated for every procedure and every field: each must
 * be told so, in one sentence, and change nothing.
 */
import { instant } from "@scanmeter/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ZodType, z } from "zod";
import { callAny } from "./testing/any-call.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { type Fields, goodInput } from "./testing/good-input.ts";
import { type Household, settle } from "./testing/households.ts";
import { isRunners, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestEdge } from "./testing/test-edge.ts";

/** Which fields may be left out. A field that is not named here is needed. */
const optional: Partial<Record<ProcedurePath, readonly string[]>> = {
  "account.live": ["lastEventId"],
  "account.usage": ["days"],
  "account.activity": ["cursor", "limit", "kinds", "from", "to"],
  "account.saveBilling": ["company", "line2", "state", "taxId"],
  "account.saveSettings": ["currency"],
  "autoTopUp.save": ["threshold", "monthlyLimitMinor", "expectedTotalMinor"],
  "autoTopUp.preview": ["threshold", "monthlyLimitMinor"],
  "checkout.setBilling": ["company", "line2", "state", "taxId"],
  "checkout.setPayment": ["keep"],
  "topUps.list": ["cursor", "limit"],
  "notices.list": ["cursor", "limit"],
  "notices.savePreferences": ["lowBalance"],
  "targets.list": ["archived"],
  "targets.create": ["name"],
  "scans.list": ["cursor", "limit", "states", "targetId"],
  "runner.startScan": ["label"],
  "runner.finishScan": ["fault"],
  "runner.directives": ["lastEventId"],
  "sandbox.advance": ["months", "days", "hours", "minutes", "seconds"],
};

/** What looks bad and is not: the field is spared from it. */
const fine: Readonly<Record<string, readonly string[]>> = {
  // The library's own event id may be null, which means there is none.
  lastEventId: ["null"],
  company: ["null"],
  line2: ["null"],
  state: ["null"],
  taxId: ["null"],
  // Not every country has postal codes.
  postalCode: ['""'],
  // No credits: the checkout only saves a card. And then there is nothing to pay.
  quantity: ["0"],
  expectedTotalMinor: ["0"],
  // Only the last credit calls for more; no limit of one's own; nothing was ever saved.
  threshold: ["0"],
  monthlyLimitMinor: ["null"],
  revision: ["0"],
  // Everything is mailed, and a balance is never low.
  muted: ["[]"],
  lowBalance: ["0"],
  months: ["0"],
  days: ["0"],
  hours: ["0"],
  minutes: ["0"],
  seconds: ["0"],
};

const long = (length: number, end = "") => JSON.stringify("x".repeat(length - end.length) + end);
const domain = `@${`${"d".repeat(60)}.`.repeat(4)}test`;

/** What is bad for one kind of field only. */
const alsoBad: Readonly<Record<string, readonly string[]>> = {
  quantity: ["10001", "1000001", "1e21", "0.1"],
  expectedTotalMinor: ["100000000", "11305.5", '"11305"'],
  threshold: ["10001", "1e21", "0.1"],
  triggers: ['{"outOfCredits":false,"beforeExpiry":false}'],
  surface: ['"Overview"', '"mail"'],
  revision: ["1000000001"],
  limit: ["201"],
  lowBalance: ["1000001"],
  muted: ['["problems"]', '["expiry","weather"]'],
  checkoutId: ['"chk_"', '"scan_01m81cmyhffb883wzq75aen7zz"', '"chk_a\'--"', long(200)],
  topUpId: ['"top_"', '"chk_01m81cmyhffb883wzq75aen7zz"'],
  paymentMethodId: ['"pm_"', '"card_1"', '"pm_1/detach"', '"pm_1?x=y"', '"pm_\\u0430"', long(200)],
  card: ['"pm_1"', '"4242424242424242"', '"pm_card_visa/x"'],
  accountId: ['"acc_"', '"scan_01m81cmyhffb883wzq75aen7zz"'],
  invitationId: ['"ivt_"', '"inv_01m81cmyhffb883wzq75aen7zz"', long(200)],
  userId: ['"a b"', '"a\'--"', long(65)],
  token: ['"a b"', '"a/b"', '"a?b"', long(201)],
  role: ['"Owner"', '"admin"'],
  timeZone: ['"Mars/Olympus"', '"+01:00"', '"2020-01-01T00:00Z[Europe/Lisbon]"', '" UTC"'],
  currency: ['"USD"', '"eur"', '"EURO"'],
  idempotencyKey: ['"a b"', '"\\u00e4"', long(201)],
  email: [
    '"ada"',
    '"ada@"',
    '"@example.test"',
    '"ada@example"',
    '"ada@example..test"',
    '"a da@example.test"',
    '"ada@example.test,eve@example.test"',
    '"Ada <ada@example.test>"',
    '"ada@example.test\\r\\nBcc: eve@example.test"',
    '"ada@\\u0435xample.test"',
    long(255, domain),
  ],
  country: [
    '"ZZ"',
    '"pt"',
    '"PRT"',
    '"P"',
    '"UK"',
    '"EL"',
    '"EU"',
    '"DD"',
    '"FX"',
    '"XK"',
    '"P T"',
  ],
  name: [long(201), '"\\u200b"', '"\\u2060\\u200d"'],
  company: [long(201), '"\\ufeff"'],
  line1: [long(201)],
  city: [long(101)],
  postalCode: [long(21), '"1\\u00002"'],
  taxId: [long(41), '" .-/ "', '"--"'],
  keep: ['"true"', "1", "0", '"on"'],
};

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
let ada: Household;
let moved = 0;

beforeAll(async () => {
  on = await startTestEdge({
    limits: {
      socketsPerRunnerKeyMax: 1_000,
      socketsPerUserMax: 1_000,
      socketsPerAddressMax: 1_000,
    },
    payments: "over a silent gateway",
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
  ada = await settle(on, "Ada");
});
afterAll(() => on.stop());

describe.each(procedures)("$path", (procedure) => {
  const { path } = procedure;
  const valid = () => goodInput[path]?.(ada.things);
  const call = (json: string | undefined) =>
    callAny(isRunners(path) ? ada.runner : ada.customer, procedure, json);

  test("the table holds good input with every field it takes", () => {
    const input = valid();
    expect(procedure.input.safeParse(input).error?.issues).toBeUndefined();
    const missing = fieldsOf(procedure.input).filter((field) => !(field in (input ?? {})));
    expect(missing).toEqual(path === "sandbox.advance" ? ["to"] : []);
  });

  test("bad input is told in one sentence and changes nothing", async () => {
    const before = await dumpOf(on.operations.database);
    const movedBefore = moved;
    const wrong: string[] = [];
    for (const json of badInputs(valid(), optional[path] ?? [])) {
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
  const base = valid ?? {};
  return [
    ...["null", "7", '"text"', "[]", "true"].filter((json) => json !== "null" || valid),
    ...withMore(base),
    ...badFields(base, optional).map(([field, json]) => withField(base, field, json)),
  ];
}

const unknown = ["unknown", "accountId", "userId", "role", "isOwner", "balance", "constructor"];

/** With a field that is not known, or that every object seems to have. */
function withMore(fields: Fields): string[] {
  return [
    ...unknown.map((name) => withField(fields, name, "1")),
    withField(fields, "__proto__", "{}"),
  ];
}

/** Each field with something that is bad for it, or with null for leaving it out. */
function badFields(fields: Fields, optional: readonly string[]): [string, string | null][] {
  return Object.entries(fields).flatMap(([field, value]) => {
    const spared = fine[field] ?? [];
    const missing: [string, null][] = optional.includes(field) ? [] : [[field, null]];
    const bad = ["null", ...badValues(value, optional), ...(alsoBad[field] ?? [])];
    const wrong = bad
      .filter((json) => !spared.includes(json))
      .map((json): [string, string] => [field, json]);
    return [...missing, ...wrong];
  });
}

function badValues(value: unknown, optional: readonly string[]): string[] {
  if (typeof value === "number") return [...neverANumber, "0", ...never];
  if (typeof value === "string") return [...neverAText, ...never];
  if (typeof value === "boolean") return ["7", '"text"', '"true"', ...never];
  if (Array.isArray(value)) return ["{}", "[]", "[7]", '["nothing"]', "[null]", "7"];
  const inner = badFields(value as Fields, optional);
  return [
    ...["7", '"text"', "{}", "[]", '{"unknown":1}'],
    ...withMore(value as Fields),
    ...inner.map(([name, json]) => withField(value as Fields, name, json)),
  ];
}

/** The fields as JSON with one replaced, added or, for null, left out. */
function withField(fields: Fields, name: string, json: string | null): string {
  const others = Object.entries(fields).filter(([field]) => field !== name);
  const parts = others.map(([field, value]) => `${JSON.stringify(field)}:${JSON.stringify(value)}`);
  if (json !== null) parts.push(`${JSON.stringify(name)}:${json}`);
  return `{${parts.join(",")}}`;
}
