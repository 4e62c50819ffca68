/** How the logs are written: JSON lines without secrets. The composition makes the logger from this. */
import { type LoggerOptions, stdSerializers } from "pino";

/** Fields that must never be written, wherever a log line mentions them. */
const secretFields = [
  "authorization",
  "cookie",
  "set-cookie",
  "password",
  "newPassword",
  "currentPassword",
  "secret",
  "token",
  "sessionToken",
  "key",
  "runnerKey",
];

export const logOptions = {
  redact: {
    paths: secretFields.flatMap((field) => [path(field), `*.${path(field)}`, `*.*.${path(field)}`]),
    censor: "[secret]",
  },
  serializers: { err: serializeError },
} satisfies LoggerOptions;

function path(field: string): string {
  return field.includes("-") ? `["${field}"]` : field;
}

/**
 * A failed query is reported without the values that were in it: they may be somebody's session or
 * password hash. Its cause says what the database thought of it. A failed Redis command is reported
 * without its arguments: those of the first one are the password.
 */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (!("query" in error && "params" in error)) {
    const { command: _, ...told } = stdSerializers.err(error);
    return told;
  }
  return {
    type: error.name,
    message: `Failed query: ${String(error.query)}`,
    ...(error.cause instanceof Error && { cause: serializeError(error.cause) }),
  };
}
