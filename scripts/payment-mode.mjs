/**
 * Whether the local Stripe is ours to start. The application decides what its environment means, see
 * its `env.ts`; this is the one part of that decision that has to be made before it runs.
 */

/**
 * Any of Stripe's variables means that somebody else decided. On a production server payments without
 * keys are off, unless a sandbox is asked for by name.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function isSandboxOfOurs(env) {
  const isGiven = (name) => (env[name] ?? "").trim() !== "";
  if (STRIPE_VARIABLES.some(isGiven)) return false;
  return env.NODE_ENV?.trim() !== "production" || isGiven("SANDBOX_SEED");
}

const STRIPE_VARIABLES = [
  "STRIPE_SECRET_KEY",
  "STRIPE_PUBLISHABLE_KEY",
  "STRIPE_WEBHOOK_SECRET",
  "STRIPE_API_BASE",
];
