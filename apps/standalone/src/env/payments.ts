/**
 * Where the money goes, as the environment says it:
 *
 * - real keys: the real Stripe, and nothing of the sandbox;
 * - a stand-in key with the address of a local Stripe: a sandbox that buys there (`npm start` sets both);
 * - no keys: a sandbox in which nothing can be bought;
 * - no keys on a production server (`NODE_ENV=production`): no sandbox either, unless `SANDBOX_SEED`
 *   asks for one by name. Play money never replaces the real one unasked.
 *
 * No message repeats a key, not even a wrong one: it may be right elsewhere.
 */
import { z } from "zod";

export interface PaymentsEnv {
  readonly secretKey: string;
  /** Null for the real Stripe's own address. */
  readonly apiBase: string | null;
  /** Two while one replaces the other. */
  readonly webhookSecrets: readonly string[];
}

export interface PaymentMode {
  readonly isSandbox: boolean;
  readonly payments: PaymentsEnv | null;
  readonly problems: readonly string[];
}

export const paymentFields = {
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, "must start with sk_test_, sk_live_, rk_test_ or rk_live_")
    .optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_\w+$/, "must start with pk_test_ or pk_live_")
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .refine(
      (value) => isRotation(splitSecrets(value)),
      "must start with whsec_; two of them, separated by a comma, while one replaces the other",
    )
    .optional(),
};

const STAND_IN_PREFIX = "sk_test_standin_";

const keys = ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"] as const;

type Values = Readonly<Record<string, string | undefined>>;

export function readPaymentMode(values: Values): PaymentMode {
  const secretKey = values.STRIPE_SECRET_KEY;
  const apiBase = values.STRIPE_API_BASE;
  const isStandIn = secretKey?.startsWith(STAND_IN_PREFIX) ?? false;
  const given = keys.filter((name) => values[name] !== undefined);
  const problems: string[] = [];

  if (given.length === 0) {
    if (apiBase !== undefined)
      problems.push("STRIPE_API_BASE is set without a STRIPE_SECRET_KEY to use there");
    const isProduction = values.NODE_ENV === "production" && values.SANDBOX_SEED === undefined;
    return { isSandbox: !isProduction, payments: null, problems };
  }

  // A stand-in has no pages that would need the publishable key.
  const needed = isStandIn ? (["STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"] as const) : keys;
  for (const name of needed) {
    if (values[name] === undefined)
      problems.push(
        `${name} is missing, although ${given.join(" and ")} ${given.length === 1 ? "is" : "are"} set`,
      );
  }
  if (isStandIn && apiBase !== undefined && !isLoopback(apiBase))
    problems.push(
      "STRIPE_API_BASE must be an address of this machine: a local Stripe has no other",
    );
  if (!isStandIn && secretKey !== undefined && apiBase !== undefined)
    problems.push(
      "STRIPE_API_BASE is set although STRIPE_SECRET_KEY is a real key: it would be sent to a place that is not Stripe; remove one of the two",
    );
  const modes = new Set([secretKey, values.STRIPE_PUBLISHABLE_KEY].flatMap(modeOf));
  if (modes.size > 1)
    problems.push(
      "STRIPE_SECRET_KEY and STRIPE_PUBLISHABLE_KEY are not of the same mode: one is live, one is test",
    );
  const payments = {
    secretKey: secretKey ?? "",
    apiBase: isStandIn ? (apiBase ?? null) : null,
    webhookSecrets: splitSecrets(values.STRIPE_WEBHOOK_SECRET ?? ""),
  };
  return { isSandbox: isStandIn, payments, problems };
}

const splitSecrets = (value: string) => value.split(",").map((secret) => secret.trim());

const isRotation = (secrets: readonly string[]) =>
  secrets.length <= 2 && secrets.every((secret) => /^whsec_\S+$/.test(secret));

function modeOf(key: string | undefined): string[] {
  return /^(?:sk|rk|pk)_(test|live)_/.exec(key ?? "")?.slice(1) ?? [];
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return true;
  const { hostname } = new URL(address);
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
}
