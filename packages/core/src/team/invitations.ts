/** Asking somebody to act for an account, taking that back, and saying yes. Each is final. */
import type { InvitationId } from "../ids.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import { after, type Instant } from "../units.ts";
import { refusalUnlessOwner } from "./members.ts";
import {
  type Invitation,
  isOpenAt,
  isUnanswered,
  maskedAddress,
  memberOf,
  type Role,
  type Team,
  type TeamChange,
  teamSettings,
} from "./team.ts";

type Decided = Outcome<readonly TeamChange[], Refusal>;

export interface InviteRequest {
  readonly by: string;
  readonly invitationId: InvitationId;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
}

/**
 * Inviting an address again takes the earlier invitation back, so that what was mailed last is what
 * counts. Whether anybody signed up with the address is not asked: the answer would tell.
 */
export function decideInvite(team: Team, request: InviteRequest, now: Instant): Decided {
  const { by, invitationId, email, role } = request;
  const refusal = refusalUnlessOwner(team, by);
  if (refusal !== null) return refuse(refusal);
  if (team.members.some((member) => member.email === email)) {
    return refuse({ code: "already_a_member", email });
  }
  const earlier = team.invitations.filter((one) => one.email === email && isUnanswered(one));
  const others = team.invitations.filter((one) => one.email !== email && isOpenAt(one, now));
  const { openInvitationsMax, invitationsPerHourMax, invitationMs, hourMs } = teamSettings;
  const { invitationsOfAddressPerHourMax: max } = teamSettings;
  if (others.length >= openInvitationsMax) {
    return refuse({ code: "too_many", what: "open invitations", max: openInvitationsMax });
  }
  const lately = team.invitations.filter(({ createdAt }) => now < after(createdAt, hourMs));
  if (lately.length >= invitationsPerHourMax) {
    return refuse({ code: "too_many", what: "invitations an hour", max: invitationsPerHourMax });
  }
  if (lately.filter((one) => one.email === email).length >= max) {
    return refuse({ code: "too_many", what: "invitations of one address an hour", max });
  }
  const invitation: Invitation = {
    id: invitationId,
    email,
    role,
    invitedBy: by,
    createdAt: now,
    expiresAt: after(now, invitationMs),
    acceptedBy: null,
    withdrawnAt: null,
  };
  return accept([
    ...earlier.map(({ id }) => ({ is: "withdrawn", invitationId: id, at: now }) as const),
    { is: "invited", invitation },
  ]);
}

export function decideWithdraw(
  team: Team,
  { by, invitationId }: { readonly by: string; readonly invitationId: string },
  now: Instant,
): Decided {
  const refusal = refusalUnlessOwner(team, by);
  if (refusal !== null) return refuse(refusal);
  const invitation = team.invitations.find(({ id }) => id === invitationId);
  if (invitation === undefined || !isOpenAt(invitation, now)) {
    return refuse({ code: "invitation_not_found" });
  }
  return accept([{ is: "withdrawn", invitationId: invitation.id, at: now }]);
}

/** Somebody who holds the mailed link, with the address they signed in with. */
export interface Invited {
  readonly userId: string;
  readonly email: string;
}

/**
 * The link proves that the invited mailbox is theirs and the address that it is the same person. Saying
 * yes twice is one membership; once they have left, the link is as good as any other that was used.
 */
export function decideAccept(
  team: Team,
  { invitationId, who }: { readonly invitationId: string; readonly who: Invited },
  now: Instant,
): Decided {
  const invitation = team.invitations.find(({ id }) => id === invitationId);
  if (invitation === undefined) return refuse({ code: "invitation_not_found" });
  const { userId } = who;
  const isMember = memberOf(team, userId) !== undefined;
  if (invitation.acceptedBy === userId && isMember) return accept([]);
  if (!isOpenAt(invitation, now)) return refuse({ code: "invitation_not_found" });
  if (!isFor(invitation, who.email)) {
    return refuse({ code: "invitation_for_another", email: maskedAddress(invitation.email) });
  }
  const accepted = { is: "accepted", invitationId: invitation.id, userId, at: now } as const;
  return accept(
    isMember ? [accepted] : [accepted, { is: "joined", userId, role: invitation.role }],
  );
}

export function isFor(invitation: Pick<Invitation, "email">, email: string): boolean {
  return invitation.email === email.toLowerCase();
}
