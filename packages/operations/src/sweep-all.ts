/**
 * What is due now wherever it is due: scans, then looks at the accounts they changed, then purchases,
 * then the mail that tells of it all. For whoever moves the clock and must see everything done before
 * time goes on; the worker does each apart from the others, because purchases wait for the gateway.
 */
import { earlier, type Instant } from "@scanmeter/core";
import { findNextLookAt, findNextMailAt, findNextPaymentAt } from "@scanmeter/db";
import { sweepLooks } from "./auto-top-up/look.ts";
import { nextDueAt, type Swept, sweep } from "./catch-up.ts";
import type { Deps } from "./deps.ts";
import type { MailSent, Outbox } from "./documents/outbox.ts";
import type { SendMail } from "./documents/outgoing-mail.ts";

export interface AllDeps extends Deps {
  readonly outbox: Outbox;
  /** Null where nothing can be bought. */
  readonly sweepPayments: ((limit: number) => Promise<Swept>) | null;
}

/**
 * A bounded batch of each; without a mail server mail waits. What fails keeps none of the others from
 * running and is thrown at the end.
 */
export async function sweepAll(
  deps: AllDeps,
  send: SendMail | null,
  limit: number,
): Promise<Swept> {
  const { outbox, sweepPayments } = deps;
  const parts = [
    () => sweep(deps, limit),
    () => sweepLooks(deps, limit),
    () => sweepPayments?.(limit),
    () => (send === null ? undefined : sendMails(outbox, send, limit)),
  ];
  const outcomes: PromiseSettledResult<Swept | undefined>[] = [];
  for (const part of parts) outcomes.push(...(await Promise.allSettled([part()])));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  const swept = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" && outcome.value ? [outcome.value] : [],
  );
  return {
    rescued: swept.reduce((sum, { rescued }) => sum + rescued, 0),
    isFull: swept.some(({ isFull }) => isFull),
  };
}

async function sendMails(outbox: Outbox, send: SendMail, limit: number): Promise<Swept> {
  // A round that runs already may have looked before our mail was written.
  await outbox.idle();
  const { sent, isFull }: MailSent = await outbox.sendDue(send, limit);
  return { rescued: sent, isFull };
}

/** The earliest instant after now at which anything is due anywhere; null when nothing ever is. */
export async function nextDueOfAll(deps: Deps): Promise<Instant | null> {
  const now = deps.clock.now();
  const instants = [
    await nextDueAt(deps),
    await findNextLookAt(deps.db, now),
    await findNextPaymentAt(deps.db, now),
    await findNextMailAt(deps.db, now),
  ].filter((at) => at !== null);
  return instants.length === 0 ? null : instants.reduce(earlier);
}
