import { expect, test } from "vitest";
import { isSandboxOfOurs } from "./payment-mode.mjs";

test.each([
  ["nothing said", {}, true],
  ["empty variables", { STRIPE_SECRET_KEY: " ", NODE_ENV: "" }, true],
  ["real keys", { STRIPE_SECRET_KEY: "sk_live_1" }, false],
  ["a local Stripe of somebody else", { STRIPE_API_BASE: "http://127.0.0.1:1" }, false],
  ["production", { NODE_ENV: "production" }, false],
  ["production with a sandbox asked for", { NODE_ENV: "production", SANDBOX_SEED: "none" }, true],
])("with %s a local Stripe is started or not", (_, env, expected) => {
  expect(isSandboxOfOurs(env)).toBe(expected);
});
