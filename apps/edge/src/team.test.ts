/** Who acts for which account: asked, joined, switched, removed, and what a page and a socket notice of it. */
import { TRPCClientError } from "@trpc/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type BareSocket, type HttpClient, httpClient, openBareSocket } from "./testing/clients.ts";
import { dumpOf } from "./testing/database-dump.ts";
import { joinAs, signIn } from "./testing/members.ts";
import { startTestEdge, type TestCustomer, type TestEdge } from "./testing/test-edge.ts";
import type { ErrorData } from "./trpc/error-shape.ts";

let on: TestEdge;
let ada: TestCustomer;

beforeAll(async () => {
  on = await startTestEdge({ limits: { socketsPerAddressMax: 1_000 } });
});
afterAll(() => on.stop());
beforeEach(async () => {
  ada = await on.signUp("Ada");
});

const refusalOf = async (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => (error as TRPCClientError<never>).data as unknown as ErrorData,
  );

/** The end of the link that was mailed to an address last. */
async function mailedTo(email: string): Promise<string> {
  const links: string[] = [];
  await on.operations.sendDueMails(async ({ to, text }) => {
    if (to === email) links.push(/\/join\/(\S+)/.exec(text)?.[1] ?? "");
  }, 100);
  return links.at(-1) ?? "";
}

async function invited(who: TestCustomer, role: "owner" | "billing" | "member" = "member") {
  await ada.api.members.invite.mutate({ email: who.email, role });
  return mailedTo(who.email);
}

/** Somebody who joined Ada's account by the mailed link, in the session they signed up with. */
async function joined(role: "owner" | "billing" | "member" = "member"): Promise<TestCustomer> {
  const mate = await on.signUp("Mate");
  await mate.api.members.accept.mutate({ token: await invited(mate, role) });
  return mate;
}

const accountOf = async (api: HttpClient) => (await api.me.query()).account.id;

async function openLive({ cookie }: TestCustomer): Promise<BareSocket> {
  const bare = await openBareSocket(on.url, { headers: { cookie, origin: on.url } });
  bare.send({ id: 1, method: "subscription", params: { path: "account.live", input: {} } });
  await bare.until<{ result?: { type: string } }>(({ result }) => result?.type === "data");
  return bare;
}

describe("an invitation", () => {
  test("leads its reader into the account, who acts for it at once and can go back", async () => {
    const mate = await on.signUp("Mate");
    const token = await invited(mate, "billing");
    const team = await ada.api.members.list.query();
    expect(team.invitations).toMatchObject([{ email: mate.email, role: "billing" }]);
    expect(await mate.api.members.offer.query({ token })).toMatchObject({
      accountName: "Ada",
      invitedBy: "Ada",
      email: mate.email,
      role: "billing",
      isForYou: true,
    });
    expect(await ada.api.members.offer.query({ token })).toMatchObject({ isForYou: false });

    const own = await mate.api.members.accept.mutate({ token });
    expect(own).toEqual([
      { id: ada.accountId, name: "Ada", role: "billing", isActive: true },
      { id: mate.accountId, name: "Mate", role: "owner", isActive: false },
    ]);
    expect(await mate.api.members.accept.mutate({ token })).toEqual(own);
    expect(await mate.api.me.query()).toMatchObject({
      account: { id: ada.accountId },
      role: "billing",
      owners: ["Ada"],
    });
    expect((await ada.api.me.query()).owners).toEqual([]);
    expect(await ada.api.members.list.query()).toEqual({
      members: [
        { userId: ada.userId, name: "Ada", email: ada.email, role: "owner", isYou: true },
        { userId: mate.userId, name: "Mate", email: mate.email, role: "billing", isYou: false },
      ],
      invitations: [],
    });
    const back = await mate.api.accounts.switchTo.mutate({ accountId: mate.accountId });
    expect(back.map(({ id, isActive }) => [id, isActive])).toEqual([
      [mate.accountId, true],
      [ada.accountId, false],
    ]);
    expect(await mate.api.accounts.list.query()).toEqual(back);
    expect(await accountOf(mate.api)).toBe(mate.accountId);
  });

  test("is for nobody else, and names as much of its address as its owner needs", async () => {
    const mate = await on.signUp("Mate");
    const eve = await on.signUp("Eve");
    const token = await invited(mate);
    const before = await dumpOf(on.operations.database);
    expect(await eve.api.members.offer.query({ token })).toMatchObject({
      email: "m…@example.test",
      isForYou: false,
    });
    expect(await refusalOf(eve.api.members.accept.mutate({ token }))).toMatchObject({
      code: "FORBIDDEN",
      refusal: { code: "invitation_for_another", email: "m…@example.test" },
    });
    expect(await dumpOf(on.operations.database)).toEqual(before);
    expect(await accountOf(eve.api)).toBe(eve.accountId);
  });

  test("that was used, withdrawn or never was has one answer", async () => {
    const [used, withdrawn] = [await on.signUp("Used"), await on.signUp("Withdrawn")];
    const usedToken = await invited(used);
    await used.api.members.accept.mutate({ token: usedToken });
    const withdrawnToken = await invited(withdrawn);
    const { invitations } = await ada.api.members.list.query();
    await ada.api.members.withdraw.mutate({ invitationId: invitations[0]?.id ?? "" });
    const answers = [];
    for (const token of [usedToken, withdrawnToken, "never-was"]) {
      for (const call of [
        withdrawn.api.members.offer.query({ token }),
        withdrawn.api.members.accept.mutate({ token }),
      ]) {
        const { requestId: _, path: __, ...said } = (await refusalOf(call)) as ErrorData;
        answers.push(said);
      }
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ refusal: { code: "invitation_not_found" } });
  });

  test("answers the same whether or not anybody signed up with the address", async () => {
    const somebody = await on.signUp("Somebody");
    const emails = [somebody.email, "nobody-knows-me@example.test"];
    const answers = [];
    for (const email of emails) {
      const { invitations } = await ada.api.members.invite.mutate({ email, role: "member" });
      const [{ email: asked, ...told } = { email: "" }] = invitations;
      expect(asked).toBe(email);
      answers.push(Object.keys(told));
      await ada.api.members.withdraw.mutate({ invitationId: invitations[0]?.id ?? "" });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  test("is in no log, as little as who accepted it", async () => {
    const mate = await on.signUp("Mate");
    const token = await invited(mate);
    await mate.api.members.accept.mutate({ token });
    expect(on.logged.join("\n")).not.toContain(token);
  });
});

describe("a member who is removed", () => {
  test("acts for their own account at the next call, and their socket ends", async () => {
    const mate = await joined();
    const bare = await openLive(mate);
    const startedAt = performance.now();
    const team = await ada.api.members.remove.mutate({ userId: mate.userId });
    expect(team.members.map(({ userId }) => userId)).toEqual([ada.userId]);
    expect(await accountOf(mate.api)).toBe(mate.accountId);
    expect(await bare.closed).toBe(4403);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(
      await refusalOf(mate.api.accounts.switchTo.mutate({ accountId: ada.accountId })),
    ).toMatchObject({ code: "NOT_FOUND", refusal: { code: "account_not_found" } });
  });

  test("and has no other account is given one of their own", async () => {
    const mate = await joined();
    const heir = await on.signUp("Heir");
    await joinAs(on, heir, { accountId: mate.accountId, role: "owner" });
    await mate.api.accounts.switchTo.mutate({ accountId: mate.accountId });
    await mate.api.members.remove.mutate({ userId: mate.userId });
    expect(await accountOf(mate.api)).toBe(ada.accountId);
    await ada.api.members.remove.mutate({ userId: mate.userId });
    const own = await mate.api.accounts.list.query();
    expect(own).toMatchObject([{ name: "Mate", role: "owner", isActive: true }]);
    expect([ada.accountId, mate.accountId]).not.toContain(own[0]?.id);
  });

  test("may be asked back, and acts for the account only once they said yes again", async () => {
    const mate = await joined();
    await ada.api.members.remove.mutate({ userId: mate.userId });
    await mate.api.members.accept.mutate({ token: await invited(mate, "billing") });
    expect(await mate.api.me.query()).toMatchObject({
      account: { id: ada.accountId },
      role: "billing",
    });
  });
});

describe("a role", () => {
  test("counts from the next call on, and its holder stays connected", async () => {
    const mate = await joined("billing");
    const bare = await openLive(mate);
    await ada.api.members.setRole.mutate({ userId: mate.userId, role: "owner" });
    expect((await mate.api.me.query()).role).toBe("owner");
    await mate.api.members.setRole.mutate({ userId: ada.userId, role: "member" });
    expect(await refusalOf(ada.api.members.invite.mutate({ email: "x@y.zz", role: "member" }))) //
      .toMatchObject({ code: "FORBIDDEN", refusal: { code: "forbidden", role: "member" } });
    expect((await ada.api.members.list.query()).invitations).toEqual([]);
    expect(bare.socket.readyState).toBe(bare.socket.OPEN);
    bare.socket.terminate();
  });

  test("of the last owner stays, and the last owner with it", async () => {
    const mate = await joined("billing");
    const last = { code: "CONFLICT", refusal: { code: "last_owner" } };
    const { userId } = ada;
    expect(
      await refusalOf(ada.api.members.setRole.mutate({ userId, role: "member" })),
    ).toMatchObject(last);
    expect(await refusalOf(ada.api.members.remove.mutate({ userId }))).toMatchObject(last);
    // Anybody else may leave.
    await mate.api.members.remove.mutate({ userId: mate.userId });
    expect((await ada.api.members.list.query()).members).toHaveLength(1);
  });

  test("that is not an owner's sees the team, and nobody who was only asked", async () => {
    await ada.api.members.invite.mutate({ email: "guest@example.test", role: "owner" });
    const mate = await joined();
    const { members, invitations } = await mate.api.members.list.query();
    expect(members.map(({ isYou }) => isYou)).toEqual([false, true]);
    expect(invitations).toEqual([]);
  });
});

describe("switching", () => {
  test("is nothing the sign-in library can be told to do, or tells", async () => {
    const mate = await joined();
    await mate.api.accounts.switchTo.mutate({ accountId: mate.accountId });
    const headers = { "content-type": "application/json", origin: on.url, cookie: mate.cookie };
    await fetch(`${on.url}/api/auth/update-user`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: "Mate", lastAccountId: ada.accountId }),
    });
    const anew = httpClient(on.url, { cookie: await signIn(on.url, mate), origin: on.url });
    expect(await accountOf(anew)).toBe(mate.accountId);
    const session = await fetch(`${on.url}/api/auth/get-session`, { headers });
    expect(await session.text()).not.toContain("acc_");
  });

  test("leaves a page that shows the last account without commands, until it is loaded anew", async () => {
    const mate = await joined("owner");
    const left = httpClient(on.url, {
      cookie: mate.cookie,
      origin: on.url,
      "x-account": ada.accountId,
    });
    const rename = (name: string) =>
      left.account.saveSettings.mutate({ name, timeZone: "Asia/Tokyo" });
    await rename("Ours");
    await mate.api.accounts.switchTo.mutate({ accountId: mate.accountId });
    expect(await refusalOf(rename("Theirs"))).toMatchObject({
      code: "CONFLICT",
      refusal: { code: "account_changed" },
    });
    expect((await mate.api.me.query()).account.name).toBe("Mate");
    await left.accounts.switchTo.mutate({ accountId: ada.accountId });
    await rename("Theirs");
    expect((await ada.api.me.query()).account.name).toBe("Theirs");
  });

  test("is of one session: its sockets end, and another of the same person stays where it is", async () => {
    const mate = await joined();
    const cookie = await signIn(on.url, mate);
    const elsewhere = httpClient(on.url, { cookie, origin: on.url });
    // It began with what was chosen last.
    expect(await accountOf(elsewhere)).toBe(ada.accountId);
    const [here, there] = [await openLive(mate), await openLive({ ...mate, cookie })];
    await elsewhere.accounts.switchTo.mutate({ accountId: mate.accountId });
    expect(await there.closed).toBe(4403);
    expect(await accountOf(elsewhere)).toBe(mate.accountId);
    expect(await accountOf(mate.api)).toBe(ada.accountId);
    expect(here.socket.readyState).toBe(here.socket.OPEN);
    here.socket.terminate();
  });
});

describe("the settings of an account", () => {
  const settings = { name: "Acme Ltd", timeZone: "Asia/Tokyo" };

  test("are what everybody sees from the next call on", async () => {
    const mate = await joined();
    // Their session was just read, and is believed for a while.
    expect((await mate.api.me.query()).account.name).toBe("Ada");
    const saved = await ada.api.account.saveSettings.mutate(settings);
    expect(saved).toEqual({ id: ada.accountId, ...settings, currency: "EUR" });
    expect((await mate.api.me.query()).account).toMatchObject(saved);
    expect((await mate.api.accounts.list.query())[0]?.name).toBe("Acme Ltd");
  });

  test("are refused with a sentence when they cannot be", async () => {
    for (const [change, code] of [
      [{ timeZone: "Mars/Olympus" }, "unknown_time_zone"],
      [{ currency: "USD" }, "currency_not_sold"],
    ] as const) {
      const call = ada.api.account.saveSettings.mutate({ ...settings, ...change });
      await expect(call).rejects.toBeInstanceOf(TRPCClientError);
      expect(await refusalOf(call)).toMatchObject({ code: "BAD_REQUEST", refusal: { code } });
    }
    expect((await ada.api.me.query()).account.name).toBe("Ada");
  });
});
