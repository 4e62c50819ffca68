import type { TRPCError } from "@trpc/server";
import type { Logger } from "pino";

/** The one place where an error nobody expected is written down, under the id its caller was given. */
export function logUnexpected(
  log: Logger,
  what: {
    readonly error: TRPCError;
    readonly path: string | undefined;
    readonly requestId: string;
  },
): void {
  const { error, path, requestId } = what;
  log.error({ requestId, path, err: error.cause ?? error }, "a call failed");
}
