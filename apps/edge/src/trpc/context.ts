import type { RunnerIdentity } from "@scanmeter/operations";
import type { SignedIn } from "../auth/sessions.ts";
import type { Services } from "../services.ts";
import type { Connection } from "../sockets/connection.ts";

/**
 * What a call comes with. Who is calling is asked, not known: a procedure of one doorway never looks
 * at the credentials of the other. On a socket the question is asked anew with every call, so an
 * ended session or a revoked key stops working there too.
 */
export interface Context {
  readonly requestId: string;
  /** Where it comes from, as limits count it: of an IPv6 address only the network. */
  readonly address: string;
  readonly services: Services;
  signedIn(): Promise<SignedIn | null>;
  runner(): Promise<RunnerIdentity | null>;
  /** The account whose page a command comes from, where the page says so, or that a socket is for. */
  readonly meantAccountId: string | null;
  /** The socket the call came by; null over HTTP. */
  readonly connection: Connection | null;
}

const BEARER = /^Bearer ([\x21-\x7e]{1,256})$/i;

export function runnerKeyOf(authorization: unknown): string | null {
  if (typeof authorization !== "string") return null;
  return BEARER.exec(authorization)?.[1] ?? null;
}
