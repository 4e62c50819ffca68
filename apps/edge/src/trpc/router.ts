/** Every procedure by its public name. Web and runner know this file as a type only. */
import { router } from "./init.ts";
import { accountRouter } from "./routers/account.ts";
import { accountsRouter } from "./routers/accounts.ts";
import { autoTopUpRouter } from "./routers/auto-top-up.ts";
import { checkoutRouter } from "./routers/checkout.ts";
import { invoicesRouter } from "./routers/invoices.ts";
import { me } from "./routers/me.ts";
import { membersRouter } from "./routers/members.ts";
import { noticesRouter } from "./routers/notices.ts";
import { paymentMethodsRouter } from "./routers/payment-methods.ts";
import { pricingRouter } from "./routers/pricing.ts";
import { runnerRouter } from "./routers/runner.ts";
import { runnerKeysRouter } from "./routers/runner-keys.ts";
import { sandboxRouter } from "./routers/sandbox.ts";
import { scansRouter } from "./routers/scans.ts";
import { targetsRouter } from "./routers/targets.ts";
import { topUpsRouter } from "./routers/top-ups.ts";

const product = {
  me,
  account: accountRouter,
  accounts: accountsRouter,
  members: membersRouter,
  pricing: pricingRouter,
  autoTopUp: autoTopUpRouter,
  checkout: checkoutRouter,
  paymentMethods: paymentMethodsRouter,
  topUps: topUpsRouter,
  invoices: invoicesRouter,
  notices: noticesRouter,
  targets: targetsRouter,
  scans: scansRouter,
  runnerKeys: runnerKeysRouter,
  runner: runnerRouter,
};

export const productRouter = router(product);

/** With the procedures that exist in the sandbox only. */
export const sandboxedRouter = router({ ...product, sandbox: sandboxRouter });

export type AppRouter = typeof sandboxedRouter;
