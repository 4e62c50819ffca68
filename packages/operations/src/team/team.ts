/** Who acts for an account: reading it, and what members ask to have changed. */
import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { mailKeys } from "@scanmeter/core/documents";
import {
  decideAccept,
  decideInvite,
  decideRemove,
  decideSetRole,
  decideWithdraw,
  type Invitation,
  type Invited,
  isFor,
  isOpenAt,
  type Member,
  type Role,
  type TeamChange,
} from "@scanmeter/core/team";
import {
  type Acting,
  chooseAccount,
  dropMail,
  findInvitation,
  findInvitationOfLink,
  listOwnAccounts,
  listOwnerNames,
  mailStatement,
  type NamedInvitation,
  type OwnAccount,
  readTeam,
  type Statement,
} from "@scanmeter/db";
import type { Deps } from "../deps.ts";
import { mintId } from "../mint-id.ts";
import { makeTeamChanges } from "./change-team.ts";
import { hashOfSecret } from "./invitation-link.ts";

export interface TeamState {
  /** Owners first, then by name. */
  readonly members: readonly Member[];
  /** Those that can still be accepted, the newest first. */
  readonly invitations: readonly Invitation[];
}

/** Whoever asks for something, in the account they act for. */
interface InAccount {
  readonly accountId: string;
  readonly by: string;
}

export interface InviteCommand extends InAccount {
  readonly email: string;
  readonly role: Role;
  /** Where the mailed link leads. */
  readonly site: string;
}

export interface Offer extends NamedInvitation {
  readonly isForYou: boolean;
}

const OWNERS_TO_ASK = 3;

type Answer<Value = TeamState> = Promise<Outcome<Value, Refusal>>;

export type Teams = ReturnType<typeof makeTeams>;

export function makeTeams(deps: Pick<Deps, "db" | "clock" | "wake">) {
  const { db, clock } = deps;
  const changeTeam = makeTeamChanges(deps);

  async function list(accountId: string): Promise<TeamState> {
    const now = clock.now();
    const team = await readTeam(db, { accountId, invitedSince: now });
    if (team === null) throw new Error("A member's account exists.");
    const { members, invitations } = team;
    return { members, invitations: invitations.filter((one) => isOpenAt(one, now)) };
  }

  const listOf = async (accountId: string, changed: Outcome<unknown, Refusal>) =>
    changed.ok ? accept(await list(accountId)) : changed;

  return {
    list,

    async invite({ accountId, by, email: entered, role, site }: InviteCommand): Answer {
      const invitationId = mintId("invitation");
      const email = entered.toLowerCase();
      const changed = await changeTeam({
        accountId,
        decide: (team, now) => decideInvite(team, { by, invitationId, email, role }, now),
        also: (changes, sendAt) => [
          ...droppedMails(changes),
          mailStatement({
            key: mailKeys.invitation(invitationId),
            accountId,
            to: email,
            template: "invitation",
            data: { invitationId, site },
            sendAt,
          }),
        ],
      });
      if (changed.ok) deps.wake({ about: "mail" });
      return listOf(accountId, changed);
    },

    async withdraw(command: InAccount & { readonly invitationId: string }): Answer {
      const { accountId, by, invitationId } = command;
      const changed = await changeTeam({
        accountId,
        invitationId,
        decide: (team, now) => decideWithdraw(team, { by, invitationId }, now),
        also: droppedMails,
      });
      return listOf(accountId, changed);
    },

    async setRole(command: InAccount & { readonly userId: string; readonly role: Role }): Answer {
      const { accountId } = command;
      const changed = await changeTeam({
        accountId,
        decide: (team, now) => decideSetRole(team, command, now),
        also: droppedMails,
      });
      return listOf(accountId, changed);
    },

    /** Removing oneself is leaving; who is left is told to those who stay. */
    async remove(command: InAccount & { readonly userId: string }): Answer {
      const { accountId } = command;
      const changed = await changeTeam({
        accountId,
        decide: (team, now) => decideRemove(team, command, now),
        also: droppedMails,
      });
      return listOf(accountId, changed);
    },

    /** What the holder of a mailed link is asked. */
    async offer(token: string, who: Pick<Invited, "email">): Answer<Offer> {
      const link = await findInvitationOfLink(db, hashOfSecret(token));
      const found = link && (await findInvitation(db, link.invitationId));
      if (found === null || !isOpenAt(found.invitation, clock.now())) {
        return refuse({ code: "invitation_not_found" });
      }
      return accept({ ...found, isForYou: isFor(found.invitation, who.email) });
    },

    /** The session acts for the joined account from then on. */
    async accept(token: string, who: Invited & Acting): Answer<OwnAccount[]> {
      const link = await findInvitationOfLink(db, hashOfSecret(token));
      if (link === null) return refuse({ code: "invitation_not_found" });
      const { accountId, invitationId } = link;
      const changed = await changeTeam({
        accountId,
        invitationId,
        decide: (team, now) => decideAccept(team, { invitationId, who }, now),
        also: () => chooseAccount(who, accountId),
      });
      return changed.ok ? accept(await listOwnAccounts(db, who)) : changed;
    },

    listOwn: (acting: Acting) => listOwnAccounts(db, acting),

    /** Whom to ask for what one may not do oneself; a few are enough. */
    ownersToAsk: (accountId: string) => listOwnerNames(db, accountId, OWNERS_TO_ASK),

    async switchTo(acting: Acting, accountId: string): Answer<OwnAccount[]> {
      const [chosen] = await db.write(chooseAccount(acting, accountId));
      if (chosen?.rowsAffected !== 1) return refuse({ code: "account_not_found" });
      return accept(await listOwnAccounts(db, acting));
    },
  };
}

/** A letter that did not go out yet need not tell of an invitation that was taken back. */
function droppedMails(changes: readonly TeamChange[]): Statement[] {
  return changes.flatMap((change) =>
    change.is === "withdrawn" ? [dropMail(mailKeys.invitation(change.invitationId))] : [],
  );
}
