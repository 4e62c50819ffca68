import { randomBytes } from "node:crypto";

const GIVEN = /^[A-Za-z0-9_-]{8,64}$/;

/** A proxy's id is kept, so that one id leads through all logs; anything odd gets a new one. */
export function requestIdFor(given: string | undefined): string {
  return given !== undefined && GIVEN.test(given) ? given : randomBytes(12).toString("base64url");
}
