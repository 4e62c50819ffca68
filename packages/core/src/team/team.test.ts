import { describe, expect, test } from "vitest";
import { type InvitationId, idOf } from "../ids.ts";
import { after, type Instant, instant } from "../units.ts";
import { decideAccept, decideInvite, decideWithdraw, isFor } from "./invitations.ts";
import { decideRemove, decideSetRole } from "./members.ts";
import {
  type Invitation,
  isOpenAt,
  type Member,
  maskedAddress,
  type Role,
  type Team,
  teamSettings,
} from "./team.ts";

const noon = instant(Date.UTC(2026, 0, 15, 12));
const { hourMs, invitationMs } = teamSettings;

const aMember = (userId: string, role: Role): Member => ({
  userId,
  role,
  name: userId,
  email: `${userId}@example.test`,
});

let made = 0;
function anInvitation(about: Partial<Invitation> = {}): Invitation {
  made += 1;
  return {
    id: idOf("invitation", String(made)),
    email: "guest@example.test",
    role: "member",
    invitedBy: "olga",
    createdAt: noon,
    expiresAt: after(noon, invitationMs),
    acceptedBy: null,
    withdrawnAt: null,
    ...about,
  };
}

const team = (about: Partial<Team> = {}): Team => ({
  members: [aMember("olga", "owner"), aMember("bill", "billing"), aMember("max", "member")],
  invitations: [],
  ...about,
});

const refused = (code: string, facts: object = {}) => ({ ok: false, refusal: { code, ...facts } });
const accepted = (...value: unknown[]) => ({ ok: true, value });

describe("only owners decide who acts for an account", () => {
  const at = { invitationId: "ivt_1" as InvitationId, email: "new@example.test" };
  const acts = {
    invite: (by: string) => decideInvite(team(), { by, ...at, role: "member" }, noon),
    withdraw: (by: string) => decideWithdraw(team(), { by, ...at }, noon),
    "set a role": (by: string) => decideSetRole(team(), { by, userId: "max", role: "owner" }, noon),
    "remove somebody": (by: string) => decideRemove(team(), { by, userId: "olga" }, noon),
  };

  test.each(Object.entries(acts))("to %s", (_name, act) => {
    expect(act("bill")).toEqual(refused("forbidden", { role: "billing" }));
    expect(act("max")).toEqual(refused("forbidden", { role: "member" }));
    // Somebody who was removed since their page was made is told what a stranger is.
    expect(act("gone")).toEqual(refused("account_not_found"));
  });
});

describe("a role", () => {
  const set = (userId: string, role: Role, members = team().members) =>
    decideSetRole(team({ members }), { by: "olga", userId, role }, noon);

  test("is set, and setting what is there changes nothing", () => {
    expect(set("max", "billing")).toEqual(
      accepted({ is: "role_set", userId: "max", role: "billing" }),
    );
    expect(set("max", "member")).toEqual(accepted());
    expect(set("nobody", "member")).toEqual(refused("member_not_found", { userId: "nobody" }));
  });

  test("of the last owner stays, of one of two does not", () => {
    expect(set("olga", "member")).toEqual(refused("last_owner"));
    expect(set("olga", "owner")).toEqual(accepted());
    const two = [...team().members, aMember("otto", "owner")];
    expect(set("olga", "member", two)).toMatchObject({ ok: true });
  });
});

describe("removing", () => {
  const remove = (by: string, userId: string, members = team().members) =>
    decideRemove(team({ members }), { by, userId }, noon);

  test("oneself takes no role", () => {
    expect(remove("max", "max")).toEqual(accepted({ is: "left", userId: "max" }));
    expect(remove("gone", "gone")).toEqual(refused("member_not_found", { userId: "gone" }));
  });

  test("the last owner is refused, whoever asks", () => {
    expect(remove("olga", "olga")).toEqual(refused("last_owner"));
    const two = [...team().members, aMember("otto", "owner")];
    expect(remove("olga", "otto", two)).toEqual(accepted({ is: "left", userId: "otto" }));
    expect(remove("olga", "olga", two)).toEqual(accepted({ is: "left", userId: "olga" }));
  });
});

test("what somebody offered ends with their being an owner, and what others offered stays", () => {
  const offered = [
    anInvitation({ invitedBy: "otto" }),
    anInvitation({ invitedBy: "otto", withdrawnAt: noon }),
    anInvitation({ invitedBy: "otto", acceptedBy: "max" }),
    anInvitation(),
  ];
  const both = team({
    members: [...team().members, aMember("otto", "owner")],
    invitations: offered,
  });
  const takenBack = { is: "withdrawn", invitationId: offered[0]?.id, at: noon };
  const about = { by: "olga", userId: "otto" };
  expect(decideRemove(both, about, noon)).toEqual(
    accepted({ is: "left", userId: "otto" }, takenBack),
  );
  expect(decideSetRole(both, { ...about, role: "member" }, noon)).toEqual(
    accepted({ is: "role_set", userId: "otto", role: "member" }, takenBack),
  );
  expect(decideSetRole(both, { ...about, role: "owner" }, noon)).toEqual(accepted());
});

describe("inviting", () => {
  const invitationId = idOf("invitation", "new");
  const invite = (invitations: readonly Invitation[], email = "guest@example.test", now = noon) =>
    decideInvite(
      team({ invitations }),
      { by: "olga", invitationId, email, role: "billing" },
      now as Instant,
    );
  const invited = {
    is: "invited",
    invitation: anInvitation({ id: invitationId, role: "billing" }),
  };

  test("makes an invitation that ends a week later", () => {
    expect(invite([])).toEqual(accepted(invited));
    const { invitation } = invited;
    expect(isOpenAt(invitation, instant(after(noon, invitationMs) - 1))).toBe(true);
    expect(isOpenAt(invitation, after(noon, invitationMs))).toBe(false);
  });

  test("again takes the earlier one back, also one whose time is over", () => {
    const earlier = anInvitation();
    const withdrawn = { is: "withdrawn", invitationId: earlier.id, at: noon };
    expect(invite([earlier])).toEqual(accepted(withdrawn, invited));
    expect(invite([{ ...earlier, expiresAt: noon }])).toEqual(accepted(withdrawn, invited));
    expect(invite([{ ...earlier, withdrawnAt: noon }])).toEqual(accepted(invited));
  });

  test("a member is refused", () => {
    expect(invite([], "max@example.test")).toEqual(
      refused("already_a_member", { email: "max@example.test" }),
    );
  });

  test("more than fifty at a time is refused; those that are over do not count, nor the one that is replaced", () => {
    const dayAgo = after(noon, -24 * hourMs);
    const open = Array.from({ length: 50 }, (_, index) =>
      anInvitation({ email: `guest-${index}@example.test`, createdAt: dayAgo }),
    );
    const max = { what: "open invitations", max: 50 };
    expect(invite(open)).toEqual(refused("too_many", max));
    expect(invite(open, "guest-7@example.test")).toMatchObject({ ok: true });
    const [first, ...others] = open;
    expect(invite([...others, { ...(first as Invitation), expiresAt: noon }])).toMatchObject({
      ok: true,
    });
  });

  test("more than twenty in an hour is refused, whatever became of them", () => {
    const lately = Array.from({ length: 20 }, (_, index) =>
      anInvitation({ email: `guest-${index}@example.test`, withdrawnAt: noon }),
    );
    const max = { what: "invitations an hour", max: 20 };
    expect(invite(lately)).toEqual(refused("too_many", max));
    const hourLater = after(noon, hourMs);
    expect(invite(lately, undefined, instant(hourLater - 1))).toEqual(refused("too_many", max));
    expect(invite(lately, undefined, hourLater)).toMatchObject({ ok: true });
  });
});

test("an address is mailed three times in an hour at most, however often it is invited", () => {
  const invitationId = idOf("invitation", "new");
  const lately = Array.from({ length: 3 }, () => anInvitation({ withdrawnAt: noon }));
  const invite = (email: string, now: number) =>
    decideInvite(
      team({ invitations: lately }),
      { by: "olga", invitationId, email, role: "member" },
      instant(now),
    );
  const max = { what: "invitations of one address an hour", max: 3 };
  expect(invite("guest@example.test", after(noon, hourMs) - 1)).toEqual(refused("too_many", max));
  expect(invite("guest@example.test", after(noon, hourMs))).toMatchObject({ ok: true });
  expect(invite("other@example.test", noon)).toMatchObject({ ok: true });
});

describe("withdrawing", () => {
  const invitation = anInvitation();
  const withdraw = (invitations: readonly Invitation[], invitationId = invitation.id) =>
    decideWithdraw(team({ invitations }), { by: "olga", invitationId }, noon);

  test("takes an open one back, and nothing else", () => {
    expect(withdraw([invitation])).toEqual(
      accepted({ is: "withdrawn", invitationId: invitation.id, at: noon }),
    );
    for (const over of [
      { ...invitation, withdrawnAt: noon },
      { ...invitation, acceptedBy: "max" },
      { ...invitation, expiresAt: noon },
    ]) {
      expect(withdraw([over])).toEqual(refused("invitation_not_found"));
    }
    expect(withdraw([])).toEqual(refused("invitation_not_found"));
  });
});

describe("accepting", () => {
  const invitation = anInvitation({ role: "billing" });
  const { id: invitationId } = invitation;
  const guest = { userId: "guest", email: "guest@example.test" };
  const say = (about: Partial<Invitation> = {}, who = guest, members = team().members) =>
    decideAccept(
      team({ members, invitations: [{ ...invitation, ...about }] }),
      { invitationId, who },
      noon,
    );
  const yes = { is: "accepted", invitationId, userId: "guest", at: noon };

  test("makes a member with the role that was offered", () => {
    expect(say()).toEqual(accepted(yes, { is: "joined", userId: "guest", role: "billing" }));
    expect(say({}, { ...guest, email: "Guest@Example.test" })).toMatchObject({ ok: true });
  });

  test("is for nobody but the invited address, and says as little of it as it can", () => {
    expect(say({}, { userId: "eve", email: "eve@example.test" })).toEqual(
      refused("invitation_for_another", { email: "g…@example.test" }),
    );
    expect(maskedAddress("a@b.test")).toBe("a…@b.test");
    expect(isFor(invitation, "guest@example.test.evil")).toBe(false);
  });

  test("again changes nothing, as long as one is a member", () => {
    const members = [...team().members, aMember("guest", "billing")];
    expect(say({ acceptedBy: "guest" }, guest, members)).toEqual(accepted());
    expect(say({ acceptedBy: "guest" })).toEqual(refused("invitation_not_found"));
    expect(say({ acceptedBy: "somebody" })).toEqual(refused("invitation_not_found"));
  });

  test("what is over is not found, whoever asks", () => {
    for (const over of [{ withdrawnAt: noon }, { expiresAt: noon }]) {
      expect(say(over)).toEqual(refused("invitation_not_found"));
      expect(say(over, { userId: "eve", email: "eve@example.test" })).toEqual(
        refused("invitation_not_found"),
      );
    }
  });

  test("a member keeps the role they have", () => {
    const members = [...team().members, aMember("guest", "owner")];
    expect(say({}, guest, members)).toEqual(accepted(yes));
  });
});
