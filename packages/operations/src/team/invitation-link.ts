/**
 * The secret of a mailed invitation. It is made while its mail is handed over, and only its hash is
 * stored: the row of a mail keeps its data for ever, and whoever could read a secret there, or in a
 * backup, could join the account by signing up with an address that is not theirs. So nothing at rest
 * opens anything, and a mail that is tried again carries another secret, which opens the same invitation.
 */
import { createHash, randomBytes } from "node:crypto";
import { invitationLetter, type Letter, type MailData } from "@scanmeter/core/documents";
import { addInvitationLink, type Database, findInvitation } from "@scanmeter/db";

const SECRET_BYTES = 32;

/** A fast hash is enough, because the secret is 256 random bits and not a password. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

export async function writeInvitation(
  db: Database,
  { invitationId, site }: MailData["invitation"],
): Promise<Letter> {
  const found = await findInvitation(db, invitationId);
  if (found === null) throw new Error(`There is no invitation ${invitationId}.`);
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  await db.write([addInvitationLink(invitationId, hashOfSecret(secret))]);
  const { accountName, invitedBy, timeZone, invitation } = found;
  const { role, expiresAt } = invitation;
  const url = `${site}/join/${secret}`;
  return invitationLetter({ accountName, invitedBy, role, url, expiresAt, timeZone });
}
