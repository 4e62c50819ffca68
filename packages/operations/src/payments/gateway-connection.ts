/** The SDK, told where Stripe is. What it would do by itself is switched off or bounded here. */
import { invariant } from "@scanmeter/core";
import Stripe from "stripe";
import { fieldsOf } from "./gateway-fields.ts";

/** The SDK's next minor release brings another; a webhook endpoint is created with this one too. */
export const gatewayApiVersion = "2026-10-28.endive";

export interface ConnectionOptions {
  readonly secretKey: string;
  /** Where the local Stripe listens; null for Stripe itself. */
  readonly apiBase: string | null;
  readonly timeoutMs?: number;
}

// Less than the half minute after which an unanswered call is made again.
const TIMEOUT_MS = 20_000;
const RETRIES_OF_READINGS = 2;

export function connect({ secretKey, apiBase, timeoutMs = TIMEOUT_MS }: ConnectionOptions): Stripe {
  invariant(
    apiBase === null || secretKey.startsWith("sk_test_standin_"),
    "a key of a real account is sent to Stripe and to nobody else",
  );
  return new Stripe(secretKey, {
    apiVersion: gatewayApiVersion,
    timeout: timeoutMs,
    maxNetworkRetries: RETRIES_OF_READINGS,
    // It would write a file into the home directory.
    telemetry: false,
    httpClient: objectsOnly(Stripe.createNodeHttpClient()),
    ...(apiBase !== null && addressOf(apiBase)),
  });
}

type HttpClient = NonNullable<Stripe.StripeConfig["httpClient"]>;

/**
 * An answer that is JSON but no object, such as a proxy's "ok", makes the SDK throw where nobody can
 * catch it: the call never ends, and the rejection that nobody handles ends the process. So it is not
 * let through and counts as no JSON at all.
 */
function objectsOnly(client: HttpClient): HttpClient {
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const response = await client.makeRequest(...request);
      const toJSON = response.toJSON.bind(response);
      response.toJSON = async () => {
        const body: unknown = await toJSON();
        if (fieldsOf(body) === null) throw new SyntaxError("The answer is no object.");
        return body;
      };
      return response;
    },
  };
}

/** The SDK takes port 443 for any protocol unless it is told. */
function addressOf(apiBase: string) {
  const { protocol, hostname, port } = new URL(apiBase);
  const isSecure = protocol === "https:";
  return {
    host: hostname,
    port: port === "" ? (isSecure ? 443 : 80) : Number(port),
    protocol: isSecure ? ("https" as const) : ("http" as const),
  };
}

export function isLive(secretKey: string): boolean {
  return /^[rs]k_live_/.test(secretKey);
}
