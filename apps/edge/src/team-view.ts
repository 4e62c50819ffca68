/** A team, and somebody's accounts, as the wire says them. */
import type { OwnAccountView, TeamView } from "@scanmeter/contracts/team";
import { isoOf } from "@scanmeter/core";
import type { Role } from "@scanmeter/core/team";
import type { TeamState } from "@scanmeter/operations";

/** By what the viewer is now, which may be less than they were when they asked. */
export function teamViewOf(
  { members, invitations }: TeamState,
  viewer: { readonly userId: string },
): TeamView {
  const you = members.find(({ userId }) => userId === viewer.userId);
  return {
    members: members.map(({ userId, name, email, role }) => ({
      userId,
      name,
      email,
      role,
      isYou: userId === viewer.userId,
    })),
    invitations:
      you?.role !== "owner"
        ? []
        : invitations.map(({ id, email, role, createdAt, expiresAt }) => ({
            id,
            email,
            role,
            invitedAt: isoOf(createdAt),
            expiresAt: isoOf(expiresAt),
          })),
  };
}

/** @param own the account that is acted for first. */
export function ownAccountsViewOf(
  own: readonly { readonly id: string; readonly name: string; readonly role: Role }[],
): OwnAccountView[] {
  return own.map(({ id, name, role }, at) => ({ id, name, role, isActive: at === 0 }));
}
