import type { InvitationOffer, OwnAccountView, TeamView } from "@scanmeter/contracts/team";
import { isoOf } from "@scanmeter/core";
import { maskedAddress, roles } from "@scanmeter/core/team";
import { z } from "zod";
import { emailAddress, id, nothing, userId } from "../../inputs.ts";
import { ownAccountsViewOf, teamViewOf } from "../../team-view.ts";
import { customerProcedure, ownerProcedure, personProcedure, router } from "../init.ts";
import { acceptedOf } from "../refusals.ts";

const role = z.enum(roles);

/** The secret of a mailed link. Anything that could be one is looked up, so that all others are one. */
const token = z.string().regex(/^[0-9A-Za-z_-]{1,200}$/, "the end of a link that was mailed");

/** Everybody sees who acts for the account; owners decide who does. */
export const membersRouter = router({
  list: customerProcedure
    .input(nothing)
    .query(
      async ({ ctx }): Promise<TeamView> =>
        teamViewOf(await ctx.services.operations.teams.list(ctx.accountId), viewerOf(ctx)),
    ),

  /** Says nothing of whether the address is known, and asks nobody. */
  invite: ownerProcedure
    .input(z.strictObject({ email: emailAddress, role }))
    .mutation(async ({ ctx, input }): Promise<TeamView> => {
      const { operations, publicUrl: site } = ctx.services;
      const invited = await operations.teams.invite({ ...byOf(ctx), ...input, site });
      return teamViewOf(acceptedOf(invited), viewerOf(ctx));
    }),

  withdraw: ownerProcedure
    .input(z.strictObject({ invitationId: id("invitation") }))
    .mutation(async ({ ctx, input }): Promise<TeamView> => {
      const withdrawn = await ctx.services.operations.teams.withdraw({ ...byOf(ctx), ...input });
      return teamViewOf(acceptedOf(withdrawn), viewerOf(ctx));
    }),

  setRole: ownerProcedure
    .input(z.strictObject({ userId, role }))
    .mutation(async ({ ctx, input }): Promise<TeamView> => {
      const set = acceptedOf(
        await ctx.services.operations.teams.setRole({ ...byOf(ctx), ...input }),
      );
      ctx.services.sessionsChanged();
      return teamViewOf(set, viewerOf(ctx));
    }),

  /** Removing oneself is leaving, which everybody may. */
  remove: customerProcedure
    .input(z.strictObject({ userId }))
    .mutation(async ({ ctx, input }): Promise<TeamView> => {
      const left = acceptedOf(
        await ctx.services.operations.teams.remove({ ...byOf(ctx), ...input }),
      );
      ctx.services.sessionsChanged();
      return teamViewOf(left, viewerOf(ctx));
    }),

  /** For whoever holds the mailed link, signed in with whichever address. */
  offer: personProcedure
    .input(z.strictObject({ token }))
    .query(async ({ ctx, input }): Promise<InvitationOffer> => {
      const offer = acceptedOf(
        await ctx.services.operations.teams.offer(input.token, { email: ctx.user.email }),
      );
      const { email, role, expiresAt } = offer.invitation;
      return {
        accountName: offer.accountName,
        invitedBy: offer.invitedBy ?? "An owner",
        email: offer.isForYou ? email : maskedAddress(email),
        role,
        expiresAt: isoOf(expiresAt),
        isForYou: offer.isForYou,
      };
    }),

  /** The session acts for the joined account from then on. Saying yes again changes nothing. */
  accept: personProcedure
    .input(z.strictObject({ token }))
    .mutation(async ({ ctx, input }): Promise<OwnAccountView[]> => {
      const who = { ...ctx.acting, email: ctx.user.email };
      const own = acceptedOf(await ctx.services.operations.teams.accept(input.token, who));
      ctx.services.sessionsChanged();
      return ownAccountsViewOf(own);
    }),
});

interface Caller {
  readonly accountId: string;
  readonly user: { readonly id: string };
}

const byOf = ({ accountId, user }: Caller) => ({ accountId, by: user.id });
const viewerOf = ({ user }: Caller) => ({ userId: user.id });
