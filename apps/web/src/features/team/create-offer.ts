import type { InvitationOffer } from "@scanmeter/contracts/team";
import { api } from "../../api/client.ts";
import { createRefreshed, type Refreshed } from "../../live/create-refreshed.ts";
import type { Session } from "../../session/session.tsx";

/** What the holder of a mailed link is asked. It depends on who holds it, so nobody is not asked. */
export function createOffer(
  token: string,
  session: Session,
): Refreshed<InvitationOffer | undefined> {
  return createRefreshed(
    async () => (session.me() ? await api.members.offer.query({ token }) : undefined),
    () => session.me()?.user.id,
  );
}
