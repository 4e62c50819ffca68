/** What a sandbox has beside the product: a mailbox, a clock that can be moved, a line to its local Stripe. */
import { join } from "node:path";
import { isOpen } from "@scanmeter/core";
import { listScansById } from "@scanmeter/db";
import type { SandboxControls } from "@scanmeter/edge";
import type { Operations, SendMail, TestClock } from "@scanmeter/operations";
import { type ClockDriver, createClockDriver } from "@scanmeter/sandbox/clock-driver";
import { type LocalStripeLink, openLocalStripeLink } from "@scanmeter/sandbox/local-stripe-link";
import { respondToStripePages } from "@scanmeter/sandbox/local-stripe-pages";
import { type Mailbox, openMailbox } from "@scanmeter/sandbox/mailbox";
import type { Logger } from "pino";
import type { PaymentsEnv } from "./env.ts";
import { rememberLines } from "./remembered-lines.ts";

export interface SandboxDeps {
  readonly dataDir: string;
  readonly operations: Operations;
  readonly clock: TestClock;
  /** Null where the sandbox was started without one; then nothing can be bought in it. */
  readonly localStripe: PaymentsEnv | null;
  readonly connectedScans: () => readonly { readonly scanId: string }[];
  readonly publicUrl: () => string;
  /** How mail leaves; null where it does not. */
  readonly deliver: () => SendMail | null;
  readonly rearm: () => Promise<void>;
  readonly log: Logger;
}

export interface Sandbox {
  readonly smtpUrl: string;
  readonly controls: SandboxControls;
  /** Tells the local Stripe where webhooks go, once somebody listens there. */
  receiveWebhooksAt(url: string): Promise<void>;
  close(): Promise<void>;
}

export async function openSandbox(deps: SandboxDeps): Promise<Sandbox> {
  const { operations, clock, log } = deps;
  const lines = rememberLines(join(deps.dataDir, "runner-lines.json"), deps.connectedScans);
  const mailbox: Mailbox = await openMailbox({ dir: join(deps.dataDir, "mailbox") });
  const apiBase = deps.localStripe?.apiBase ?? null;
  const stripe: LocalStripeLink | null = apiBase === null ? null : openLocalStripeLink({ apiBase });
  const report = (error: unknown) =>
    log.warn({ err: error }, "The test clock met a failure; sweeps make up for it");
  const driver: ClockDriver = createClockDriver({
    clock,
    operations: {
      heartbeat: operations.heartbeat,
      nextDueAt: operations.nextDueAt,
      // Purchases and mail, too: what a day brings is there when the day is over. One event that
      // cannot be handled must not stop time.
      sweep: (limit) =>
        operations.sweepAll(deps.deliver(), limit).catch((error) => {
          report(error);
          return { rescued: 0, isFull: false };
        }),
    },
    connectedScans: async () => {
      // A runner may hold its line a little longer than its scan lasts.
      const ids = deps.connectedScans().map(({ scanId }) => scanId);
      const scans = ids.length === 0 ? [] : await listScansById(operations.database, ids);
      return scans.filter(isOpen).map(({ accountId, id }) => ({ accountId, scanId: id }));
    },
    isAnybodyMissing: async () => {
      const back = new Set<string>(deps.connectedScans().map(({ scanId }) => scanId));
      const away = lines.before.filter((scanId) => !back.has(scanId));
      if (away.length === 0) return false;
      return (await listScansById(operations.database, away)).some(isOpen);
    },
    rearm: deps.rearm,
    neighbour: stripe,
    report,
  });
  return {
    smtpUrl: mailbox.smtpUrl,
    controls: {
      clock: driver.now,
      advance: driver.advance,
      setRate: driver.setRate,
      info: () => ({ stripeUrl: apiBase, mailboxUrl: `${deps.publicUrl()}/sandbox/mailbox` }),
      page: async (request) =>
        /^\/sandbox\/stripe(\/|$)/.test(new URL(request.url).pathname)
          ? respondToStripePages(apiBase, request)
          : mailbox.handle(request),
    },
    async receiveWebhooksAt(url) {
      const secret = deps.localStripe?.webhookSecrets[0];
      if (stripe === null || secret === undefined) return;
      await stripe
        .receiveAt({ url, secret })
        .catch((error) =>
          log.warn({ err: error }, "Webhooks will not arrive; the reconciler makes up for it"),
        );
    },
    async close() {
      lines.close();
      await driver.close();
      await mailbox.close();
    },
  };
}
