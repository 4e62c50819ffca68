import { type InvitationId, instant } from "@scanmeter/core";
import type { Invitation } from "@scanmeter/core/team";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../client.ts";
import { ConstraintViolated } from "../failures.ts";
import {
  aMember,
  anAccount,
  DAY,
  databases,
  NOON,
  noonPlus,
  type TempDatabase,
  type TestAccount,
  unique,
} from "../testing/index.ts";
import {
  addInvitationLink,
  findInvitation,
  findInvitationOfLink,
  readTeam,
  teamStatements,
} from "./teams.ts";

describe.each(databases)("a team in $name", ({ open }) => {
  let temp: TempDatabase;
  let db: Database;
  let account: TestAccount;

  beforeAll(async () => {
    temp = await open();
    db = temp.database;
  });
  afterAll(() => temp.close());
  beforeEach(async () => {
    account = await anAccount(db);
  });

  const anInvitation = (about: Partial<Invitation> = {}): Invitation => ({
    id: `ivt_${unique()}` as InvitationId,
    email: "ada@example.test",
    role: "billing",
    invitedBy: account.ownerId,
    createdAt: NOON,
    expiresAt: noonPlus(DAY),
    acceptedBy: null,
    withdrawnAt: null,
    ...about,
  });

  const read = (invitationId?: string) =>
    readTeam(db, { accountId: account.id, invitedSince: noonPlus(DAY), invitationId });

  async function change(...changes: Parameters<typeof teamStatements>[1]): Promise<void> {
    const { revision } = (await read()) ?? { revision: -1 };
    await db.write(teamStatements({ accountId: account.id, revision }, changes));
  }

  test("an unknown account has none", async () => {
    expect(await readTeam(db, { accountId: "acc_unknown", invitedSince: NOON })).toBeNull();
  });

  test("is read whole: owners first, then by name, and nobody is left out", async () => {
    const mates = [
      await aMember(db, account.id, { role: "member" }),
      await aMember(db, account.id, { role: "billing" }),
      await aMember(db, account.id, { role: "owner" }),
    ];
    const team = await read();
    expect(team).toMatchObject({ accountName: "Acme", timeZone: "Europe/Vienna", revision: 0 });
    // Nothing is known of the first owner but the id.
    expect(team?.members.map(({ userId }) => userId)).toEqual([
      account.ownerId,
      mates[2]?.userId,
      mates[1]?.userId,
      mates[0]?.userId,
    ]);
    expect(team?.members[3]).toEqual({ ...mates[0], name: mates[0]?.userId, role: "member" });
  });

  test("an invitation is read back as it was stored, until somebody answered it", async () => {
    const invitation = anInvitation();
    await change({ is: "invited", invitation });
    expect((await read())?.invitations).toEqual([invitation]);
    const { id: invitationId } = invitation;
    const at = noonPlus(5);
    await change(
      { is: "accepted", invitationId, userId: "user_ada", at },
      { is: "joined", userId: "user_ada", role: "billing" },
    );
    expect((await read())?.invitations).toEqual([]);
    const team = await read(invitationId);
    expect(team?.invitations).toEqual([{ ...invitation, acceptedBy: "user_ada" }]);
    expect(team?.members.map(({ role }) => role)).toEqual(["owner", "billing"]);
    expect(team?.revision).toBe(2);
    await change(
      { is: "role_set", userId: "user_ada", role: "owner" },
      { is: "left", userId: account.ownerId },
    );
    expect((await read())?.members).toMatchObject([{ userId: "user_ada", role: "owner" }]);
  });

  test("those of a while ago are read only if nobody answered them", async () => {
    const [kept, gone] = [anInvitation({ email: "a@b.test" }), anInvitation()];
    await change({ is: "invited", invitation: kept }, { is: "invited", invitation: gone });
    await change({ is: "withdrawn", invitationId: gone.id, at: NOON });
    expect((await read())?.invitations).toEqual([kept]);
    const since = { accountId: account.id, invitedSince: instant(NOON - 1) };
    expect((await readTeam(db, since))?.invitations).toEqual([
      { ...gone, withdrawnAt: NOON },
      kept,
    ]);
  });

  test("whoever decided by an older team is told to read again, and nothing of it is stored", async () => {
    const late = teamStatements({ accountId: account.id, revision: 0 }, [
      { is: "invited", invitation: anInvitation() },
    ]);
    await change({ is: "joined", userId: "user_ada", role: "member" });
    await expect(db.write(late)).rejects.toSatisfy(
      (error) => error instanceof ConstraintViolated && error.isConflict,
    );
    expect((await read())?.invitations).toEqual([]);
  });

  test("a link leads to its invitation, however many there are, and an unknown one nowhere", async () => {
    const invitation = anInvitation();
    await change({ is: "invited", invitation });
    const { id: invitationId } = invitation;
    const links = [unique(), unique()];
    await db.write(links.map((link) => addInvitationLink(invitationId, link)));
    for (const link of links) {
      expect(await findInvitationOfLink(db, link)).toEqual({ accountId: account.id, invitationId });
    }
    expect(await findInvitationOfLink(db, "unknown")).toBeNull();
    expect(await findInvitation(db, invitationId)).toEqual({
      invitation,
      accountName: "Acme",
      timeZone: "Europe/Vienna",
      invitedBy: null,
    });
    expect(await findInvitation(db, "ivt_unknown")).toBeNull();
  });

  describe("must never be", () => {
    const refuses = (sql: string, ...args: (string | number)[]) =>
      expect(db.write([{ sql, args }])).rejects.toBeInstanceOf(ConstraintViolated);

    test("without an owner", async () => {
      await aMember(db, account.id, { role: "billing" });
      await refuses("DELETE FROM members WHERE account_id = ?", account.id);
      await refuses("UPDATE members SET role = 'member' WHERE account_id = ?", account.id);
      expect((await read())?.members.map(({ role }) => role)).toEqual(["owner", "billing"]);
    });

    test("another person or account in the place of a membership", async () => {
      await refuses("UPDATE members SET user_id = 'eve' WHERE account_id = ?", account.id);
      const other = await anAccount(db);
      await aMember(db, account.id, { role: "owner" });
      await refuses(
        "UPDATE members SET account_id = ? WHERE account_id = ? AND user_id = ?",
        other.id,
        account.id,
        account.ownerId,
      );
    });

    test("two open invitations of one address, nor an address in capitals", async () => {
      await change({ is: "invited", invitation: anInvitation() });
      await expect(change({ is: "invited", invitation: anInvitation() })).rejects.toThrow(/UNIQUE/);
      const loud = anInvitation({ email: "Eve@example.test" });
      await expect(change({ is: "invited", invitation: loud })).rejects.toThrow(
        /invitations_email/,
      );
    });

    test("another outcome of an invitation, or other words", async () => {
      const invitation = anInvitation();
      const { id } = invitation;
      await change({ is: "invited", invitation });
      await refuses("UPDATE invitations SET role = 'owner' WHERE id = ?", id);
      await refuses("UPDATE invitations SET expires_at = 9999999999999 WHERE id = ?", id);
      await change({ is: "withdrawn", invitationId: id, at: NOON });
      await refuses("UPDATE invitations SET withdrawn_at = NULL WHERE id = ?", id);
      await expect(
        change({ is: "accepted", invitationId: id, userId: "eve", at: NOON }),
      ).rejects.toThrow(/its outcome/);
    });
  });
});
