/**
 * What crosses Redis: wake-ups and live notices. Both are hints that carry ids only; the database
 * is read again before anything is done, so a lost, late or doubled one is harmless.
 */

/** The braces keep all keys of the queue on one node of a Redis Cluster. */
export const METERING_QUEUE = "{scanmeter-metering}";

export const jobNames = { scanDue: "scan-due", sweep: "sweep" } as const;

/** Apart from metering: what waits for the payment gateway must not make an hour wait with it. */
export const PAYMENTS_QUEUE = "{scanmeter-payments}";

export const paymentJobNames = {
  gatewayEvent: "gateway-event",
  topUpDue: "top-up-due",
  accountLook: "account-look",
  writeOff: "write-off",
  sendMails: "send-mails",
  sweep: "payments-sweep",
} as const;

export interface ScanDue {
  accountId: string;
  scanId: string;
}

export interface WakeUp extends ScanDue {
  hour: number;
  /** Epoch milliseconds. */
  dueAt: number;
}

/**
 * The due instant is part of the id, because BullMQ silently ignores an id it still knows: a scan
 * that was paused and resumed is due for the same hour at another instant.
 */
export function jobIdForScanDue(wakeUp: WakeUp): string {
  return `hour-${wakeUp.scanId}-${wakeUp.hour}-${wakeUp.dueAt.toString(36)}`;
}

export interface GatewayEventStored {
  eventId: string;
}

/** The gateway chose the event's id, and BullMQ takes neither a colon nor a bare number. */
export function jobIdForGatewayEvent({ eventId }: GatewayEventStored): string {
  return `event-${eventId.replaceAll(":", "_")}`;
}

export interface TopUpDue {
  accountId: string;
  topUpId: string;
}

export interface TopUpWakeUp extends TopUpDue {
  /** Epoch milliseconds. */
  dueAt: number;
}

/** With the due instant, as for scans: the next step of the same purchase is another job. */
export function jobIdForTopUpDue({ topUpId, dueAt }: TopUpWakeUp): string {
  return `topup-${topUpId}-${dueAt.toString(36)}`;
}

/** Something is due in an account; what it is, the account says. */
export interface AccountDue {
  accountId: string;
}

export interface AccountWakeUp extends AccountDue {
  /** Epoch milliseconds. */
  dueAt: number;
}

/**
 * Of looks that are wanted now one waits per account, and one more while another runs, which may
 * have passed by what the newest is about. An id would swallow that one.
 */
export function turnOfLook({ accountId }: AccountDue): string {
  return `look-${accountId}`;
}

/** The same for mail, of which whatever is due is sent. */
export const TURN_OF_MAILS = "mails";

export function jobIdForLook({ accountId, dueAt }: AccountWakeUp): string {
  return `look-${accountId}-${dueAt.toString(36)}`;
}

/** Apart from the look that is near: this one waits for a year, and goes when the date moves. */
export function jobIdForRenewal({ accountId, dueAt }: AccountWakeUp): string {
  return `renewal-${accountId}-${dueAt.toString(36)}`;
}

export function jobIdForWriteOff({ accountId, dueAt }: AccountWakeUp): string {
  return `write-off-${accountId}-${dueAt.toString(36)}`;
}

export const LIVE_CHANNEL = "scanmeter:live";

export interface LiveNotice {
  accountId: string;
  version: number;
}

/** One message per shared commit: the accounts it changed, each with its newest version. */
export function encodeLiveNotices(notices: readonly LiveNotice[]): string {
  return notices.map((notice) => `${notice.accountId} ${notice.version}`).join("\n");
}

export function decodeLiveNotices(message: string): LiveNotice[] {
  return message.split("\n").flatMap((line) => {
    const [accountId, version] = line.split(" ");
    const parsed = Number(version);
    return accountId && Number.isSafeInteger(parsed) ? [{ accountId, version: parsed }] : [];
  });
}
