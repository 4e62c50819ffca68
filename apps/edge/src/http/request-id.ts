import { randomUUID } from "node:crypto";

const GIVEN = /^[A-Za-z0-9_-]{8,64}$/;

/**
 * A proxy's id is kept, so that one id leads through all logs; anything odd gets a new one. The
 * runtime draws the bytes of UUIDs in advance; asking for as many random bytes costs ten times as much.
 */
export function requestIdFor(given: string | undefined): string {
  return given !== undefined && GIVEN.test(given) ? given : randomUUID();
}
