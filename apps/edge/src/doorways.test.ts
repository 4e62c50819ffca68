import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, callAny } from "./testing/any-call.ts";
import { httpClient } from "./testing/clients.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { goodInput } from "./testing/good-input.ts";
import { callerOf, type Household, settle } from "./testing/households.ts";
import { joinAs } from "./testing/members.ts";
import { isRunners, isSandboxes, type ProcedurePath, procedures } from "./testing/procedures.ts";
import { startTestEdge, type TestEdge } from "./testing/test-edge.ts";

let on: TestEdge;
let ada: Household;

beforeAll(async () => {
  on = await startTestEdge({
    sandbox: () => standingClock,
    payments: "over a silent gateway",
  });
  ada = await settle(on, "Ada");
});
afterAll(() => on.stop());

const standingClock = {
  clock: () => ({ now: 0 as never, rate: 1 }),
  advance: async () => ({ now: 0 as never, ran: 0 }),
  setRate: async (rate: number) => ({ now: 0 as never, rate }),
  info: () => ({ stripeUrl: null, mailboxUrl: null }),
  page: async () => new Response(),
};

/** The sandbox's clock is open to everybody who reaches it; its short cut to a card is not. */
const guarded = procedures.filter(
  ({ path }) => !isSandboxes(path) || path === "sandbox.addTestCard",
);
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
    expect(await codeOf(ada.runner, procedure)).toBe("UNAUTHORIZED");
  });

  test.each(runners)("$path is closed to a customer's cookie", async (procedure) => {
    expect(await codeOf(ada.customer, procedure)).toBe("UNAUTHORIZED");
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
    const [name] = ada.who.cookie.split("=", 1);
    for (const cookie of [
      `${name}=made.up`,
      `${name}=`,
      ada.who.cookie.slice(0, -3),
      "x".repeat(4_000),
    ]) {
      const api = httpClient(on.url, { cookie, origin: on.url });
      await expect(api.me.query()).rejects.toMatchObject({ data: { code: "UNAUTHORIZED" } });
    }
  });

  test("a revoked key opens nothing", async () => {
    const key = await ada.who.api.runnerKeys.create.mutate({ name: "old" });
    const api = httpClient(on.url, { authorization: `Bearer ${key.secret}` });
    await ada.who.api.runnerKeys.revoke.mutate({ runnerKeyId: key.id });
    await expect(api.runner.targets.query()).rejects.toMatchObject({
      data: { code: "UNAUTHORIZED" },
    });
  });
});

const everybody = ["owner", "billing", "member"] as const;
const buyers = ["owner", "billing"] as const;
const owners = ["owner"] as const;
type Role = (typeof everybody)[number];

/** Who may do what. A new procedure has no row until somebody decides. Null where there are no roles. */
const rolesFor: Record<ProcedurePath, readonly Role[] | null> = {
  me: everybody,
  "account.overview": everybody,
  "account.live": everybody,
  "account.usage": everybody,
  "account.balanceAt": everybody,
  "account.activity": everybody,
  "account.posting": everybody,
  "account.checkLedger": everybody,
  "account.billing": everybody,
  "account.saveBilling": buyers,
  "account.setWhenOutOfCredits": owners,
  "account.saveSettings": owners,
  "accounts.list": everybody,
  "accounts.switchTo": everybody,
  "members.list": everybody,
  "members.invite": owners,
  "members.withdraw": owners,
  "members.setRole": owners,
  // Somebody else, that is: everybody may leave.
  "members.remove": owners,
  "members.offer": everybody,
  "members.accept": everybody,
  "pricing.tiers": everybody,
  "pricing.quote": everybody,
  "autoTopUp.get": everybody,
  "autoTopUp.save": buyers,
  "autoTopUp.preview": buyers,
  "checkout.open": buyers,
  "checkout.get": buyers,
  "checkout.setQuantity": buyers,
  "checkout.setBilling": buyers,
  "checkout.addCard": buyers,
  "checkout.setPayment": buyers,
  "checkout.finalize": buyers,
  "checkout.cancel": buyers,
  "paymentMethods.list": everybody,
  "paymentMethods.setDefault": buyers,
  "paymentMethods.remove": buyers,
  "topUps.list": everybody,
  "topUps.get": everybody,
  "topUps.authenticate": buyers,
  "topUps.cancel": buyers,
  "invoices.list": everybody,
  "notices.list": everybody,
  "notices.markRead": everybody,
  "notices.preferences": everybody,
  // With every field there is: the balance that counts as low is for whoever pays.
  "notices.savePreferences": buyers,
  "targets.list": everybody,
  "targets.create": owners,
  "targets.setMode": owners,
  "targets.archive": owners,
  "scans.list": everybody,
  "scans.get": everybody,
  "scans.stop": everybody,
  "scans.pause": everybody,
  "scans.resume": everybody,
  "runnerKeys.list": everybody,
  "runnerKeys.create": owners,
  "runnerKeys.revoke": owners,
  "runner.targets": null,
  "runner.startScan": null,
  "runner.heartbeat": null,
  "runner.pauseScan": null,
  "runner.resumeScan": null,
  "runner.finishScan": null,
  "runner.directives": null,
  "sandbox.clock": null,
  "sandbox.advance": null,
  "sandbox.setRate": null,
  "sandbox.addTestCard": buyers,
  "sandbox.info": null,
};

const withRoles = procedures.flatMap((procedure) => {
  const roles = rolesFor[procedure.path];
  return roles === null ? [] : [{ ...procedure, roles }];
});

describe.each(everybody)("a person with the role %s", (role) => {
  let caller: Caller;
  beforeAll(async () => {
    const mate = await on.signUp("Mate");
    caller = callerOf(on, await joinAs(on, mate, { accountId: ada.who.accountId, role }));
  });

  const closed = withRoles.filter(({ roles }) => !roles.includes(role));
  test.runIf(closed.length > 0).each(closed)(
    "may not call $path, and changes nothing",
    async (procedure) => {
      const before = await dumpOf(on.operations.database);
      const input = JSON.stringify(goodInput[procedure.path]?.(ada.things) ?? {});
      const { error } = await callAny(caller, procedure, input);
      expect(error?.data).toMatchObject({
        code: "FORBIDDEN",
        refusal: { code: "forbidden", role },
      });
      expect(error?.message).toMatch(/^The role \w+ may not do this; ask .*owner.*\.$/);
      expect(await dumpOf(on.operations.database)).toEqual(before);
    },
  );

  test.each(withRoles.filter(({ roles }) => roles.includes(role)))(
    "may call $path",
    async (procedure) => {
      expect(await codeOf(caller, procedure)).not.toBe("FORBIDDEN");
    },
  );
});
