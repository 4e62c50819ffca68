import { createHash } from "node:crypto";
import { accept, type Outcome, type Refusal } from "@scanmeter/core";
import { teamSettings } from "@scanmeter/core/team";
import { findMembership, listMails, readTeam } from "@scanmeter/db";
import {
  aMember,
  anAccount,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  type TestAccount,
  unique,
} from "@scanmeter/db/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sendDueMails } from "../documents/outbox.ts";
import type { OutgoingMail, SendMail } from "../documents/outgoing-mail.ts";
import { depsOver, StandingClock, type TestDeps } from "../testing/index.ts";
import { makeTeamChanges } from "./change-team.ts";
import { makeTeams, type Teams } from "./team.ts";

const site = "https://scanmeter.example";

describe.each(databases)("a team in $name", ({ open }) => {
  let temp: TempDatabase;
  let deps: TestDeps;
  let teams: Teams;
  let account: TestAccount;
  let owner: Person;
  let woken: string[];

  beforeAll(async () => {
    temp = await open();
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    const base = await depsOver(temp.database, { at: NOON, clock: new StandingClock(NOON) });
    woken = [];
    deps = { ...base, wake: ({ about }) => void woken.push(about) };
    teams = makeTeams(deps);
    account = await anAccount(deps.db);
    owner = await joined("owner");
    await remove(account.ownerId);
  });

  interface Person {
    readonly userId: string;
    readonly email: string;
    readonly sessionToken: string;
  }

  /** Somebody who signed up and is signed in. */
  async function somebody(): Promise<Person> {
    const elsewhere = await anAccount(deps.db);
    return signedIn(await aMember(deps.db, elsewhere.id));
  }

  const joined = async (role: "owner" | "billing" | "member") =>
    signedIn(await aMember(deps.db, account.id, { role }));

  async function signedIn(person: { userId: string; email: string }): Promise<Person> {
    const sessionToken = unique();
    await deps.db.write([
      {
        sql: `INSERT INTO auth_session (id, token, user_id, expires_at, created_at, updated_at)
          VALUES (?1, ?1, ?2, ?3, ?3, ?3)`,
        args: [sessionToken, person.userId, NOON],
      },
    ]);
    return { ...person, sessionToken };
  }

  const by = () => ({ accountId: account.id, by: owner.userId });
  const remove = (userId: string) => teams.remove({ ...by(), userId });
  const invite = (email: string, role: "owner" | "billing" | "member" = "member") =>
    teams.invite({ ...by(), email, role, site });

  function given<Value>(outcome: Outcome<Value, Refusal>): Value {
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
    return outcome.value;
  }

  const delivered: OutgoingMail[] = [];
  const deliver: SendMail = async (mail) => void delivered.push(mail);

  /** What is behind the links of the mails an address got, the newest last. */
  async function tokensOf(email: string): Promise<string[]> {
    await sendDueMails(deps, deliver, 100);
    return delivered
      .filter(({ to }) => to === email)
      .map(({ text }) => /https:\/\/scanmeter\.example\/join\/(\S+)/.exec(text)?.[1] ?? "");
  }

  const rolesOf = async () =>
    (await teams.list(account.id)).members.map(({ userId, role }) => [userId, role]);

  test("grows by a mailed link, which its reader is asked about and accepts", async () => {
    const guest = await somebody();
    const { invitations } = given(await invite(guest.email.toUpperCase(), "billing"));
    expect(invitations).toMatchObject([{ email: guest.email, role: "billing" }]);
    expect(woken).toEqual(["mail"]);
    const [token = ""] = await tokensOf(guest.email);
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(given(await teams.offer(token, guest))).toMatchObject({
      accountName: "Acme",
      invitedBy: owner.userId,
      isForYou: true,
    });
    expect(given(await teams.offer(token, owner)).isForYou).toBe(false);
    const own = given(await teams.accept(token, guest));
    expect(own[0]).toEqual({ id: account.id, name: "Acme", role: "billing" });
    expect((await findMembership(deps.db, guest.userId, guest))?.account.id).toBe(account.id);
    expect((await teams.list(account.id)).invitations).toEqual([]);
    expect(await rolesOf()).toEqual([
      [owner.userId, "owner"],
      [guest.userId, "billing"],
    ]);
  });

  test("nothing that is stored opens an invitation: neither its row, nor its mail's, nor a link", async () => {
    const guest = await somebody();
    await invite(guest.email);
    const [token = ""] = await tokensOf(guest.email);
    const { rows: tables } = await deps.db.read(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    for (const { name } of tables as unknown as { name: string }[]) {
      const { rows } = await deps.db.read(`SELECT * FROM "${name}"`);
      expect(JSON.stringify(rows)).not.toContain(token);
    }
    const hash = createHash("sha256").update(token).digest("base64url");
    expect(await teams.accept(hash, guest)).toMatchObject({ ok: false });
  });

  test("a mail that was tried twice opens it with whichever link arrives", async () => {
    const guest = await somebody();
    await invite(guest.email);
    const lost: OutgoingMail[] = [];
    await sendDueMails(
      deps,
      async (mail) => {
        lost.push(mail);
        throw new Error("the line broke behind the last word");
      },
      100,
    );
    deps.clock.advance(24 * 3_600_000);
    const [second = ""] = await tokensOf(guest.email);
    const first = /join\/(\S+)/.exec(lost.find(({ to }) => to === guest.email)?.text ?? "")?.[1];
    expect(first).not.toBe(second);
    expect(await teams.offer(second, guest)).toMatchObject({ ok: true });
    expect(await teams.accept(first ?? "", guest)).toMatchObject({ ok: true });
    expect(await teams.accept(second, guest)).toMatchObject({ ok: true });
    expect(await rolesOf()).toHaveLength(2);
  });

  test("inviting an address again makes the link before it worthless", async () => {
    const guest = await somebody();
    await invite(guest.email, "owner");
    const [first = ""] = await tokensOf(guest.email);
    deps.clock.advance(60_000);
    const { invitations } = given(await invite(guest.email, "member"));
    expect(invitations).toMatchObject([
      { role: "member", expiresAt: noonPlus(60_000 + teamSettings.invitationMs) },
    ]);
    const second = (await tokensOf(guest.email)).at(-1) ?? "";
    const gone = { ok: false, refusal: { code: "invitation_not_found" } };
    expect(await teams.offer(first, guest)).toEqual(gone);
    expect(await teams.accept(first, guest)).toEqual(gone);
    expect(given(await teams.accept(second, guest))[0]?.role).toBe("member");
  });

  test("what was withdrawn, and what is over, opens nothing, and an unsent mail of it is not sent", async () => {
    const [guest, late] = [await somebody(), await somebody()];
    const { invitations } = given(await invite(guest.email));
    const invitationId = invitations[0]?.id ?? "";
    expect(await teams.withdraw({ ...by(), invitationId })).toMatchObject({
      value: { invitations: [] },
    });
    expect(await tokensOf(guest.email)).toEqual([]);
    expect(await listMails(deps.db, account.id)).toEqual([]);
    await invite(late.email);
    const [token = ""] = await tokensOf(late.email);
    deps.clock.advance(teamSettings.invitationMs - 1);
    expect(await teams.offer(token, late)).toMatchObject({ ok: true });
    deps.clock.advance(1);
    expect(await teams.offer(token, late)).toMatchObject({
      refusal: { code: "invitation_not_found" },
    });
    expect(await teams.accept(token, late)).toMatchObject({ ok: false });
    expect((await teams.list(account.id)).invitations).toEqual([]);
  });

  test("a link is for the invited address alone, and nobody else's try changes anything", async () => {
    const [guest, eve] = [await somebody(), await somebody()];
    await invite(guest.email);
    const [token = ""] = await tokensOf(guest.email);
    const theirs = await findMembership(deps.db, eve.userId, eve);
    expect(await teams.accept(token, eve)).toMatchObject({
      refusal: { code: "invitation_for_another" },
    });
    expect(await findMembership(deps.db, eve.userId, eve)).toEqual(theirs);
    expect(await teams.accept("made-up", eve)).toMatchObject({
      refusal: { code: "invitation_not_found" },
    });
    expect(await rolesOf()).toHaveLength(1);
  });

  test("ten who say yes at once are one member, and saying it again later changes nothing", async () => {
    const guest = await somebody();
    await invite(guest.email);
    const [token = ""] = await tokensOf(guest.email);
    const answers = await Promise.all(Array.from({ length: 10 }, () => teams.accept(token, guest)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(await rolesOf()).toHaveLength(2);
    await remove(guest.userId);
    expect(await teams.accept(token, guest)).toMatchObject({
      refusal: { code: "invitation_not_found" },
    });
    expect(await rolesOf()).toHaveLength(1);
  });

  test("whoever is no owner any more leaves no door open: what they offered is taken back", async () => {
    for (const end of [
      (userId: string) => teams.setRole({ ...by(), userId, role: "billing" }),
      (userId: string) => remove(userId),
    ]) {
      const [other, asked, unsent, kept] = [
        await joined("owner"),
        await somebody(),
        await somebody(),
        await somebody(),
      ];
      const their = { accountId: account.id, by: other.userId, role: "owner", site } as const;
      given(await teams.invite({ ...their, email: asked.email }));
      const [token = ""] = await tokensOf(asked.email);
      given(await teams.invite({ ...their, email: unsent.email }));
      given(await invite(kept.email));
      expect(given(await end(other.userId)).invitations).toMatchObject([{ email: kept.email }]);
      expect(await teams.accept(token, asked)).toMatchObject({
        refusal: { code: "invitation_not_found" },
      });
      expect(await tokensOf(unsent.email)).toEqual([]);
      const [still = ""] = await tokensOf(kept.email);
      expect(await teams.accept(still, kept)).toMatchObject({ ok: true });
    }
  });

  test("two owners who demote each other at once leave one", async () => {
    const other = await joined("owner");
    const both = await Promise.all([
      teams.setRole({ ...by(), userId: other.userId, role: "member" }),
      makeTeams(deps).setRole({
        accountId: account.id,
        by: other.userId,
        userId: owner.userId,
        role: "member",
      }),
    ]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await rolesOf()).filter(([, role]) => role === "owner")).toHaveLength(1);
  });

  test("what fails for another reason than a race is not tried again", async () => {
    let times = 0;
    const again = makeTeamChanges(deps)({
      accountId: account.id,
      decide() {
        times += 1;
        return accept([{ is: "joined", userId: owner.userId, role: "member" }]);
      },
    });
    await expect(again).rejects.toThrow(/UNIQUE/);
    expect(times).toBe(1);
  });

  test("two owners who leave at once leave one, who may not leave", async () => {
    const other = await joined("owner");
    const both = await Promise.all(
      [owner, other].map(({ userId }) =>
        makeTeams(deps).remove({ accountId: account.id, by: userId, userId }),
      ),
    );
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ refusal: { code: "last_owner" } });
    expect(await rolesOf()).toHaveLength(1);
  });

  test("many who are invited at once are all asked, and no more than may be", async () => {
    const answers = await Promise.all(
      Array.from({ length: teamSettings.invitationsPerHourMax + 3 }, (_, index) =>
        invite(`guest-${index}@example.test`),
      ),
    );
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal.code]));
    expect(refused).toEqual(["too_many", "too_many", "too_many"]);
    const { invitations } = await teams.list(account.id);
    expect(invitations).toHaveLength(teamSettings.invitationsPerHourMax);
  });

  test("a refusal stores nothing: no mail, and the team stays at its revision", async () => {
    const wanted = { accountId: account.id, invitedSince: NOON };
    const before = await readTeam(deps.db, wanted);
    expect(await invite(owner.email)).toMatchObject({ refusal: { code: "already_a_member" } });
    expect(await readTeam(deps.db, wanted)).toEqual(before);
    expect(await listMails(deps.db, account.id)).toEqual([]);
    expect(woken).toEqual([]);
  });

  test("a session goes to another of one's accounts and back, and to nobody else's", async () => {
    const guest = await somebody();
    const [first] = await teams.listOwn(guest);
    await invite(guest.email);
    const [token = ""] = await tokensOf(guest.email);
    await teams.accept(token, guest);
    const back = given(await teams.switchTo(guest, first?.id ?? ""));
    expect(back.map(({ id }) => id)).toEqual([first?.id, account.id]);
    expect(await teams.listOwn(guest)).toEqual(back);
    const stranger = await anAccount(deps.db);
    for (const id of [stranger.id, "acc_unknown"]) {
      expect(await teams.switchTo(guest, id)).toEqual({
        ok: false,
        refusal: { code: "account_not_found" },
      });
    }
    expect(await teams.listOwn(guest)).toEqual(back);
  });
});
