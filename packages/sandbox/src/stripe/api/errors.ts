/** The answers that are not a success, in Stripe's shapes. A client tells them apart by status, type and code. */

export type ErrorType = "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";

export interface ErrorDetails {
  readonly type: ErrorType;
  readonly message: string;
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  readonly [more: string]: unknown;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly details: ErrorDetails;
  constructor(status: number, details: ErrorDetails) {
    super(details.message);
    this.status = status;
    this.details = details;
  }
  get body() {
    const { code } = this.details;
    const doc =
      code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code}` };
    return { error: { ...this.details, ...doc } };
  }
}

export function invalidRequest(
  message: string,
  details: { code?: string; param?: string; [more: string]: unknown } = {},
): ApiError {
  return new ApiError(400, { type: "invalid_request_error", message, ...details });
}

export function resourceMissing(kind: string, id: string, param = "id", status = 404): ApiError {
  return new ApiError(status, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

export function cardError(details: Omit<ErrorDetails, "type">): ApiError {
  return new ApiError(402, { ...details, type: "card_error" } as ErrorDetails);
}

export const rateLimited = () =>
  new ApiError(429, {
    type: "invalid_request_error",
    code: "rate_limit",
    message: "Testmode request rate limit exceeded.",
  });

export const unexpectedFailure = () =>
  new ApiError(500, {
    type: "api_error",
    message: "An unknown error occurred. The outcome of this request is not known.",
  });

export const keyInUse = (key: string) =>
  new ApiError(409, {
    type: "invalid_request_error",
    code: "idempotency_key_in_use",
    message: `There is currently another in-progress request using this Idempotency Key: ${key}.`,
  });
