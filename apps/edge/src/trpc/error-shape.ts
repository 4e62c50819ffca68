/**
 * What a caller learns about an error: its code, one sentence and the id to ask about. Whatever went
 * wrong inside stays inside; the log has it under the same id.
 */
import type { Refusal } from "@scanmeter/core";
import { DatabaseUnavailable, failureOf } from "@scanmeter/db";
import { TRPCError } from "@trpc/server";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
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
  const { code, cause } = error;
  if (cause instanceof RefusedCommand) return shapeOf(code, error.message, where, cause.refusal);
  if (code === "PARSE_ERROR" || (code === "BAD_REQUEST" && cause instanceof SyntaxError)) {
    return shapeOf("BAD_REQUEST", "The request is not valid JSON.", where);
  }
  if (code === "BAD_REQUEST" && cause instanceof ZodError) {
    return shapeOf(code, sentenceOfBadInput(cause), where);
  }
  if (!isUnexpected(error)) return shapeOf(code, error.message, where);
  return failureOf(cause) instanceof DatabaseUnavailable
    ? shapeOf("SERVICE_UNAVAILABLE", "The service cannot answer right now. Try again soon.", where)
    : shapeOf(code, "Something went wrong on our side. Try again in a moment.", where);
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
      httpStatus: getHTTPStatusCodeFromError(new TRPCError({ code })),
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
