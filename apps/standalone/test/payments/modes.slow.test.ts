/**
 * Case 79: where the money goes is never guessed. Half of a set of keys, keys of two modes, or a key
 * and a place that do not belong together keep the product from starting, in sentences that say what
 * to do and repeat no key. How it runs without any keys, in a sandbox and in production, is told in
 * `local-stripe.slow.test.ts`.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProduct, launchProduct } from "../support/product.ts";
import { endPrograms } from "../support/program.ts";

const LIVE = {
  STRIPE_SECRET_KEY: "sk_live_AAAAAAAA0123456789",
  STRIPE_PUBLISHABLE_KEY: "pk_live_BBBBBBBB0123456789",
  STRIPE_WEBHOOK_SECRET: "whsec_CCCCCCCC0123456789",
};
const STAND_IN = "sk_test_standin_0123456789";
const ELSEWHERE = "http://127.0.0.1:12111";

let dir: string;
beforeAll(async () => {
  await buildProduct("standalone");
  dir = mkdtempSync(join(tmpdir(), "modes-"));
});
afterAll(async () => {
  await endPrograms();
  rmSync(dir, { recursive: true, force: true });
});

const { STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY, STRIPE_WEBHOOK_SECRET } = LIVE;

test.each([
  [
    "a live key is sent to no other host",
    { ...LIVE, STRIPE_API_BASE: ELSEWHERE },
    "STRIPE_API_BASE is set although STRIPE_SECRET_KEY is a real key",
  ],
  [
    "nor is a test key of the real gateway",
    {
      ...LIVE,
      STRIPE_SECRET_KEY: "sk_test_AAAAAAAA0123456789",
      STRIPE_PUBLISHABLE_KEY: "pk_test_BBBBBBBB0123456789",
      STRIPE_API_BASE: ELSEWHERE,
    },
    "STRIPE_API_BASE is set although STRIPE_SECRET_KEY is a real key",
  ],
  [
    "a live key and a test key do not go together",
    { ...LIVE, STRIPE_PUBLISHABLE_KEY: "pk_test_BBBBBBBB0123456789" },
    "not of the same mode: one is live, one is test",
  ],
  [
    "a key for a local gateway needs one on this machine",
    {
      STRIPE_SECRET_KEY: STAND_IN,
      STRIPE_WEBHOOK_SECRET,
      STRIPE_API_BASE: "https://stripe.example",
    },
    "STRIPE_API_BASE must be an address of this machine",
  ],
  [
    "and is never sent to the real one",
    { STRIPE_SECRET_KEY: STAND_IN, STRIPE_WEBHOOK_SECRET },
    "STRIPE_API_BASE is missing, although STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are set",
  ],
  [
    "nothing is sold without what proves webhooks genuine",
    { STRIPE_SECRET_KEY, STRIPE_PUBLISHABLE_KEY },
    "STRIPE_WEBHOOK_SECRET is missing",
  ],
  [
    "and three of those are one too many",
    {
      ...LIVE,
      STRIPE_WEBHOOK_SECRET: "whsec_CCCCCCCC0123456789,whsec_D0123456789,whsec_E0123456789",
    },
    "STRIPE_WEBHOOK_SECRET must start with whsec_; two of them",
  ],
])("case 79: %s", async (_, env, sentence) => {
  const dataDir = join(dir, "data");
  const outside = { AUTH_SECRET: "x".repeat(32), PUBLIC_URL: "https://scanmeter.example" };
  const product = launchProduct({
    dataDir,
    redisUrl: "redis://127.0.0.1:1",
    env: { ...outside, ...env },
  });
  const { code, errors, output } = await product.ended;
  expect(code).toBe(2);
  expect(errors).toContain(sentence);
  expect(errors + output).not.toMatch(/0123456789|AAAAAAAA|BBBBBBBB|CCCCCCCC/);
  expect(existsSync(dataDir)).toBe(false);
});
