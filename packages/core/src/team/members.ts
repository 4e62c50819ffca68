/** Changes among those who are members already. An account never loses its last owner. */
import { accept, type Outcome, refuse } from "../outcome.ts";
import type { Refusal } from "../refusals.ts";
import type { Instant } from "../units.ts";
import {
  isUnanswered,
  type Member,
  memberOf,
  type Role,
  type Team,
  type TeamChange,
} from "./team.ts";

type Decided = Outcome<readonly TeamChange[], Refusal>;

/** Asked anew with what is stored, because a role may have changed since somebody's page was made. */
export function refusalUnlessOwner(team: Team, userId: string): Refusal | null {
  const member = memberOf(team, userId);
  if (member === undefined) return { code: "account_not_found" };
  return member.role === "owner" ? null : { code: "forbidden", role: member.role };
}

export function decideSetRole(
  team: Team,
  { by, userId, role }: { readonly by: string; readonly userId: string; readonly role: Role },
  now: Instant,
): Decided {
  const refusal = refusalUnlessOwner(team, by);
  if (refusal !== null) return refuse(refusal);
  const member = memberOf(team, userId);
  if (member === undefined) return refuse({ code: "member_not_found", userId });
  if (member.role === role) return accept([]);
  if (isLastOwner(team, member)) return refuse({ code: "last_owner" });
  return accept([{ is: "role_set", userId, role }, ...takenBack(team, userId, now)]);
}

/** Whoever removes themselves leaves, which takes no role. */
export function decideRemove(
  team: Team,
  { by, userId }: { readonly by: string; readonly userId: string },
  now: Instant,
): Decided {
  const refusal = by === userId ? null : refusalUnlessOwner(team, by);
  if (refusal !== null) return refuse(refusal);
  const member = memberOf(team, userId);
  if (member === undefined) return refuse({ code: "member_not_found", userId });
  if (isLastOwner(team, member)) return refuse({ code: "last_owner" });
  return accept([{ is: "left", userId }, ...takenBack(team, userId, now)]);
}

/** What somebody offered while they were an owner, so that nobody who is removed comes back by it. */
function takenBack({ invitations }: Team, by: string, now: Instant): TeamChange[] {
  return invitations
    .filter((one) => one.invitedBy === by && isUnanswered(one))
    .map(({ id }) => ({ is: "withdrawn", invitationId: id, at: now }));
}

function isLastOwner({ members }: Team, member: Member): boolean {
  return member.role === "owner" && members.filter(({ role }) => role === "owner").length === 1;
}
