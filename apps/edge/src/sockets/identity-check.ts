import type { Operations } from "@scanmeter/operations";
import type { IdentityCheck } from "./socket-registry.ts";

/** Asks the database about everybody who holds a socket: one question for all sessions. */
export function identityCheckOver(operations: Operations): IdentityCheck {
  return {
    async sessions(tokens) {
      const { rows } = await operations.database.read({
        sql: `SELECT s.token, m.account_id FROM auth_session s JOIN members m ON m.user_id = s.user_id
          WHERE s.token IN (SELECT value FROM json_each(?)) AND s.expires_at > ?`,
        args: [JSON.stringify(tokens), Date.now()],
      });
      return new Map(rows.map((row) => [row[0] as string, row[1] as string]));
    },
    async isRunnerKeyValid(secret) {
      return (await operations.authenticateRunnerKey(secret)) !== null;
    },
  };
}
