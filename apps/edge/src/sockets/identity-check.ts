import type { Operations } from "@scanmeter/operations";
import type { IdentityCheck } from "./socket-registry.ts";

/** Asks the database about everybody who holds a socket: one question for all sessions. */
export function identityCheckOver(operations: Operations): IdentityCheck {
  return {
    sessions: (tokens) => operations.listActing(tokens, Date.now()),
    async isRunnerKeyValid(secret) {
      return (await operations.authenticateRunnerKey(secret)) !== null;
    },
  };
}
