import { API_VERSION } from "../world.ts";
import { ApiError, invalidRequest } from "./errors.ts";

/** A prefix nobody's real key has, so that a real key sent here by mistake is refused, not used. */
export const KEY_PREFIX = "sk_test_standin_";

export function authenticate(header: (name: string) => string | undefined): void {
  const key = keyOf(header("authorization") ?? "");
  if (key === "")
    throw new ApiError(401, {
      type: "invalid_request_error",
      message: "You did not provide an API key. Provide it in the Authorization header.",
    });
  if (!key.startsWith(KEY_PREFIX) || key.length === KEY_PREFIX.length)
    throw new ApiError(401, {
      type: "invalid_request_error",
      message: `Invalid API Key provided: ${key.slice(0, 8)}*****. The local Stripe takes keys that start with ${KEY_PREFIX}.`,
    });
  const version = header("stripe-version") ?? API_VERSION;
  if (version !== API_VERSION)
    throw invalidRequest(
      `The local Stripe speaks the version ${API_VERSION} only, not ${version}.`,
    );
}

function keyOf(authorization: string): string {
  const [scheme = "", value = ""] = authorization.split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return "";
  return Buffer.from(value, "base64").toString().split(":", 1)[0] ?? "";
}
