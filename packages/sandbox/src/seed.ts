/**
 * What a fresh sandbox starts with: one person, one account with credits that expire on two dates, a
 * saved test card and billing details where something can be bought, two targets and a runner key. Each step is done only if it is missing, so a seed that was cut short
 * goes on where it stopped, and a second run changes nothing.
 */
import { after, credits } from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import type { Operations } from "@scanmeter/operations";

export const demoSignIn = {
  email: "demo@scanmeter.test",
  password: "demo-scanmeter",
  name: "Demo",
} as const;

export type SignIn = typeof demoSignIn;

export interface SeedDeps {
  readonly operations: Pick<
    Operations,
    | "buying"
    | "clock"
    | "createRunnerKey"
    | "createTarget"
    | "findAccount"
    | "grantCredits"
    | "listRunnerKeys"
    | "listTargets"
    | "openAccount"
  >;
  /** Makes the user the way the sign-up page does, or finds it; answers its id. */
  readonly signUp: (signIn: SignIn) => Promise<string>;
}

const TARGETS = [
  { url: "http://127.0.0.1:8080/", name: "Demo shop", mode: "credits" },
  { url: "http://127.0.0.1:8081/", name: "Demo intranet", mode: "unlimited" },
] as const;

const RUNNER_KEY = "Demo runner";
const CARD = "pm_card_visa";
const BILLING = {
  name: "Demo Person",
  company: "Demo Ltd",
  email: demoSignIn.email,
  address: {
    line1: "1 Example Street",
    line2: null,
    city: "Berlin",
    postalCode: "10115",
    state: null,
    country: "DE",
  },
  taxId: null,
} as const;
const FREE_CREDITS_LAST_MS = 30 * 24 * 60 * 60 * 1_000;

/** Answers the runner key's secret if this run made it; it is shown only once. */
export async function seedDemo({
  operations,
  signUp,
}: SeedDeps): Promise<{ runnerKey: string | null }> {
  const accountId =
    (await operations.findAccount(demoSignIn.email))?.id ??
    (await openDemoAccount(operations, signUp));
  // The last step is done, so all are. What somebody archived or renamed since stays as it is.
  const keys = await operations.listRunnerKeys(accountId);
  if (keys.some((key) => key.name === RUNNER_KEY)) return { runnerKey: null };

  const now = operations.clock.now();
  await operations.grantCredits({
    accountId,
    credits: credits(20),
    kind: "free",
    source: "Welcome credits",
    key: "seed-free",
    expiresAt: after(now, FREE_CREDITS_LAST_MS),
  });
  await operations.grantCredits({
    accountId,
    credits: credits(50),
    kind: "paid",
    source: "Demo credits",
    key: "seed-paid",
    expiresAt: addMonths(now, 12, "UTC"),
  });

  await readyToBuy(operations.buying, accountId);
  const known = new Set((await operations.listTargets(accountId)).map(({ url }) => url));
  for (const target of TARGETS) {
    if (!known.has(target.url)) await operations.createTarget({ accountId, ...target });
  }
  const created = await operations.createRunnerKey({ accountId, name: RUNNER_KEY });
  return { runnerKey: created.ok ? created.value.secret : null };
}

/** A card is a convenience: without the local Stripe's answer the demo starts without one. */
async function readyToBuy(
  buying: SeedDeps["operations"]["buying"],
  accountId: string,
): Promise<void> {
  if (buying === null) return;
  if ((await buying.findBilling(accountId)) === null)
    await buying.saveBilling({ accountId, billing: BILLING });
  if ((await buying.listCards(accountId)).length === 0)
    await buying.addTestCard({ accountId, card: CARD });
}

async function openDemoAccount(
  operations: SeedDeps["operations"],
  signUp: SeedDeps["signUp"],
): Promise<string> {
  const userId = await signUp(demoSignIn);
  const { account } = await operations.openAccount({ userId, name: demoSignIn.name });
  return account.id;
}
