/**
 * Another account's things: every procedure that is told an id, told one that belongs to somebody
 * else, answers as if there were no such thing, and nothing happens to it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type CallAnswer, callAny } from "./testing/any-call.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { goodInput, type Things } from "./testing/good-input.ts";
import { type Household, settle } from "./testing/households.ts";
import { isRunners, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: Household;
let bob: Household;

beforeAll(async () => {
  on = await startTestEdge({ payments: "over a silent gateway" });
  ada = await settle(on, "Ada");
  bob = await settle(on, "Bob");
});
afterAll(() => on.stop());

const unknown: Things = {
  targetId: "tgt_01m81cmyh4fte018tt5c52g6zz",
  scanId: "scan_01m81cmyhffb883wzq75aen7zz",
  runnerKeyId: "rk_01m81cmyhffb883wzq75aen7zz",
  checkoutId: "chk_01m81cmyhffb883wzq75aen7zz",
  topUpId: "top_01m81cmyhffb883wzq75aen7zz",
  paymentMethodId: "pm_01m81cmyhffb883wzq75aen7zz",
  accountId: "acc_01m81cmyhffb883wzq75aen7zz",
  invitationId: "ivt_01m81cmyhffb883wzq75aen7zz",
  userId: "nobodyEverSignedUpAsThisPerson00",
};

test("the ids do belong to somebody: their owner is answered", async () => {
  const { api } = ada.who;
  const { scanId, checkoutId, topUpId, paymentMethodId } = ada.things;
  expect(await api.scans.get.query({ scanId })).toMatchObject({ scanId });
  expect(await api.checkout.get.query({ checkoutId })).toMatchObject({ id: checkoutId });
  expect(await api.topUps.get.query({ topUpId })).toMatchObject({ id: topUpId });
  expect(await api.paymentMethods.list.query()).toMatchObject([{ id: paymentMethodId }]);
  expect(await api.topUps.list.query()).toMatchObject({ items: [{ id: topUpId }] });
  expect(await bob.who.api.scans.list.query()).toMatchObject({
    items: [{ scanId: bob.things.scanId }],
  });
});

test("two accounts may use one idempotency key; each has a scan and a checkout of its own", () => {
  expect(ada.things.scanId).not.toBe(bob.things.scanId);
  expect(ada.things.checkoutId).not.toBe(bob.things.checkoutId);
});

/** A page that begins after somebody else's thing begins where their id sorts, and shows our own. */
const pages: readonly ProcedurePath[] = ["scans.list", "topUps.list"];

const told = procedures.flatMap((procedure) => {
  const { path, input } = procedure;
  const inputFor = goodInput[path];
  const schema = JSON.stringify(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  const takesId =
    /"(\w*Id|cursor)":\{"type":"string","pattern":"\^[a-z]+_/.test(schema) ||
    // A person's id has no prefix: it is the auth library's.
    schema.includes('"userId":{');
  return inputFor !== null && takesId ? [{ ...procedure, inputFor }] : [];
});

test("what takes an id is found by its pattern: these do", () => {
  expect(told.map(({ path }) => path)).toEqual([
    "accounts.switchTo",
    "members.withdraw",
    "members.setRole",
    "members.remove",
    "checkout.get",
    "checkout.setQuantity",
    "checkout.setBilling",
    "checkout.addCard",
    "checkout.setPayment",
    "checkout.finalize",
    "checkout.cancel",
    "paymentMethods.setDefault",
    "paymentMethods.remove",
    "topUps.list",
    "topUps.get",
    "topUps.authenticate",
    "topUps.cancel",
    "targets.setMode",
    "targets.archive",
    "scans.list",
    "scans.get",
    "scans.stop",
    "scans.pause",
    "scans.resume",
    "runnerKeys.revoke",
    "runner.startScan",
    "runner.heartbeat",
    "runner.pauseScan",
    "runner.resumeScan",
    "runner.finishScan",
    "runner.directives",
  ]);
});

/** Of an input with several ids each may be somebody else's while the others are one's own. */
const cases = told.flatMap((procedure) => {
  const named = Object.keys(unknown).filter((key) =>
    JSON.stringify(procedure.inputFor(unknown)).includes(unknown[key as keyof Things]),
  ) as (keyof Things)[];
  return named.map((theirs) => ({ ...procedure, theirs }));
});

test.each(cases)(
  "$path answers another account's $theirs like one that never was, and touches nothing",
  async ({ inputFor, theirs, ...procedure }) => {
    const caller = isRunners(procedure.path) ? bob.runner : bob.customer;
    const call = async (id: string) => {
      const things = { ...bob.things, [theirs]: id };
      const answer = await callAny(caller, procedure, JSON.stringify(inputFor(things)));
      return { answer, said: comparable(answer, id) };
    };
    const before = await dumpOf(on.operations.database);
    const another = await call(ada.things[theirs]);
    const nobodys = await call(unknown[theirs]);
    expect(await dumpOf(on.operations.database)).toEqual(before);
    if (pages.includes(procedure.path)) {
      expect(another.answer.error).toBeUndefined();
      const seen = JSON.stringify(another.answer.data);
      for (const id of Object.values(ada.things)) expect(seen).not.toContain(id);
      return;
    }
    expect(another.said).toEqual(nobodys.said);
    expect(another.answer.error?.data).toMatchObject({
      code: "NOT_FOUND",
      refusal: { code: expect.stringMatching(/_not_found$/) },
    });
  },
);

test("an account sees its own purchases, cards, documents and billing details, and nobody else's", async () => {
  const { api } = bob.who;
  const seen = JSON.stringify([
    await api.topUps.list.query(),
    await api.paymentMethods.list.query(),
    await api.invoices.list.query(),
    await api.account.billing.query(),
    await api.account.overview.query(),
  ]);
  for (const id of [ada.who.accountId, ...Object.values(ada.things)])
    expect(seen).not.toContain(id);
});

/** The answer without the two things that may differ: the id that was asked for and the request's. */
function comparable(answer: CallAnswer, id: string): unknown {
  const text = JSON.stringify(answer, (key, value) => (key === "requestId" ? "id" : value));
  const withoutId = text.replaceAll(id, "asked-for");
  return JSON.parse(withoutId.replace(/"activeSeconds":\d+/g, '"activeSeconds":0'));
}
