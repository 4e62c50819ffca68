/**
 * What a caller learns about an error: its code, one sentence and the id to ask about. Whatever went
 * wrong inside stays inside; the log has it under the same id.
 */
import type { Refusal } from "@scanmeter/core";
import { DatabaseUnavailable } from "@scanmeter/db";
import type { TRPCError } from "@trpc/server";
import { getStatusCodeFromKey } from "@trpc/server/http";
import { TRPC_ERROR_CODES_BY_KEY, type TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import { ZodError } from "zod";
import { sentenceOfBadInput } from "./bad-input.ts";
import { RefusedCommand } from "./refusals.ts";

export interface ErrorData {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  path: string | null;
  requestId: string | null;
  refusal?: Refusal;
}

export interface ErrorShape {
  message: string;
  code: (typeof TRPC_ERROR_CODES_BY_KEY)[TRPC_ERROR_CODE_KEY];
  data: ErrorData;
}

interface Where {
  readonly path: string | undefined;
  readonly requestId: string | undefined;
}

export function errorShapeOf(error: TRPCError, where: Where): ErrorShape {
  const { cause } = error;
  if (cause instanceof RefusedCommand) {
    return { ...shapeOf(error.code, error.message, where, cause.refusal) };
  }
  if (cause instanceof ZodError) return shapeOf("BAD_REQUEST", sentenceOfBadInput(cause), where);
  const code = codeOf(error);
  return shapeOf(code, fixedSentences[code] ?? error.message, where);
}

/** An answer that no procedure gives, such as "too large", in the same shape. */
export function shapeOf(
  code: TRPC_ERROR_CODE_KEY,
  message: string,
  { path, requestId }: Where,
  refusal?: Refusal,
): ErrorShape {
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: {
      code,
      httpStatus: getStatusCodeFromKey(code),
      path: path ?? null,
      requestId: requestId ?? null,
      ...(refusal && { refusal }),
    },
  };
}

/** An error nobody expected: a bug, or something outside that broke. It is logged with its cause. */
export function isUnexpected(error: TRPCError): boolean {
  return error.code === "INTERNAL_SERVER_ERROR";
}

function codeOf(error: TRPCError): TRPC_ERROR_CODE_KEY {
  if (error.code === "PARSE_ERROR" || error.cause instanceof SyntaxError) return "BAD_REQUEST";
  if (error.cause instanceof DatabaseUnavailable) return "SERVICE_UNAVAILABLE";
  return error.code;
}

/** Where the library's own words would say too much, or say it in its language. */
const fixedSentences: Partial<Record<TRPC_ERROR_CODE_KEY, string>> = {
  INTERNAL_SERVER_ERROR: "Something went wrong on our side. Try again in a moment.",
  SERVICE_UNAVAILABLE: "The service cannot answer right now. Try again in a moment.",
};
