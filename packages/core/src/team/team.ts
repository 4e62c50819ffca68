/**
 * Who acts for an account and who was asked to. A team is read whole, decided about and stored as the
 * changes that were decided; its revision is the compare-and-set, so what a decision saw is what it changes.
 */
import type { InvitationId } from "../ids.ts";
import type { Instant } from "../units.ts";

/** `owner` everything, `billing` what concerns money, `member` scanning and looking. */
export const roles = ["owner", "billing", "member"] as const;
export type Role = (typeof roles)[number];

export interface Member {
  readonly userId: string;
  readonly name: string;
  /** In lower case, as everybody signs up with it. */
  readonly email: string;
  readonly role: Role;
}

/** The address somebody was invited by, until the first of: accepted, withdrawn, expired. */
export interface Invitation {
  readonly id: InvitationId;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  /** It stands as long as they are an owner. */
  readonly invitedBy: string;
  readonly createdAt: Instant;
  /** From this instant on it opens nothing. */
  readonly expiresAt: Instant;
  readonly acceptedBy: string | null;
  readonly withdrawnAt: Instant | null;
}

export interface Team {
  readonly members: readonly Member[];
  /** At least those that are open, those of the last hour and the one a decision is about. */
  readonly invitations: readonly Invitation[];
}

export type TeamChange =
  | { readonly is: "invited"; readonly invitation: Invitation }
  | { readonly is: "withdrawn"; readonly invitationId: InvitationId; readonly at: Instant }
  | {
      readonly is: "accepted";
      readonly invitationId: InvitationId;
      readonly userId: string;
      readonly at: Instant;
    }
  | { readonly is: "joined" | "role_set"; readonly userId: string; readonly role: Role }
  | { readonly is: "left"; readonly userId: string };

export const teamSettings = {
  invitationMs: 7 * 24 * 3_600_000,
  openInvitationsMax: 50,
  /** Each is a mail to somebody who may not know us. */
  invitationsPerHourMax: 20,
  /** Nobody's mailbox is filled by inviting them over and over. */
  invitationsOfAddressPerHourMax: 3,
  hourMs: 3_600_000,
} as const;

export function isOpenAt(invitation: Invitation, now: Instant): boolean {
  return isUnanswered(invitation) && now < invitation.expiresAt;
}

/** Nobody said yes or took it back, whether or not its time is over. */
export function isUnanswered({ acceptedBy, withdrawnAt }: Invitation): boolean {
  return acceptedBy === null && withdrawnAt === null;
}

export function memberOf({ members }: Team, userId: string): Member | undefined {
  return members.find((member) => member.userId === userId);
}

/** Enough of an address to recognise one's own, for somebody who may not be meant. */
export function maskedAddress(email: string): string {
  const at = email.lastIndexOf("@");
  return `${email.slice(0, 1)}…${email.slice(at)}`;
}
