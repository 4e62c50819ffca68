import {
  accept,
  type Credits,
  decideGrant,
  decideResume,
  type Instant,
  isWaitingForCredits,
  type LotKind,
  type Outcome,
  type Refusal,
  refuse,
  settings,
} from "@scanmeter/core";
import { addMonths } from "@scanmeter/core/calendar";
import { findAccount } from "@scanmeter/db";
import type { Deps } from "./deps.ts";
import { mintId } from "./mint-id.ts";

export interface GrantCommand {
  readonly accountId: string;
  readonly credits: Credits;
  readonly kind: LotKind;
  readonly source: string;
  /** Chosen by whoever grants; the same key again grants nothing more. */
  readonly key: string;
  /** Twelve calendar months from now in the account's time zone, unless said otherwise. */
  readonly expiresAt?: Instant | undefined;
}

export interface Granted {
  readonly version: number;
}

/** Adds a lot, then lets scans that waited for credits go on, the longest waiting first. */
export async function grantCredits(
  deps: Deps,
  command: GrantCommand,
): Promise<Outcome<Granted, Refusal>> {
  const { accountId, credits, kind, source } = command;
  const account = await findAccount(deps.db, accountId);
  if (account === null) return refuse({ code: "account_not_found" });
  const lotId = mintId("lot");
  const key = `grant-${accountId}-${command.key}`;
  const fingerprint = JSON.stringify([credits, kind, source, command.expiresAt ?? null]);
  const granted = await deps.writer.submit<Granted>({
    accountId,
    wants: { postingKey: key },
    decide: (books, { posting }) => {
      if (posting !== null) {
        return posting.fingerprint === fingerprint
          ? accept(posting)
          : refuse({ code: "idempotency_key_reused", key: command.key } as const);
      }
      const expiresAt =
        command.expiresAt ?? addMonths(books.now, settings.creditMonths, account.timeZone);
      return decideGrant(books, { lotId, credits, kind, source, expiresAt, key, fingerprint });
    },
  });
  if (granted.ok) await resumeWaiting(deps, accountId);
  return granted;
}

/**
 * Lets scans that wait for credits go on for as long as there are credits. Also what a sweep does
 * for an account it finds with both, so a crash after a grant only delays it.
 */
export async function resumeWaiting(deps: Pick<Deps, "writer">, accountId: string): Promise<void> {
  for (let resumed = Infinity; resumed > 0; ) {
    const outcome = await deps.writer.submit<number>({
      accountId,
      wants: { waitingScans: true },
      decide: (books) => {
        let count = 0;
        const waiting = [...books.scans]
          .filter(isWaitingForCredits)
          .sort((a, b) => (a.waitingSince ?? 0) - (b.waitingSince ?? 0) || (a.id < b.id ? -1 : 1));
        for (const scan of waiting) {
          if (!decideResume(books, scan, "credits").ok) break;
          count += 1;
        }
        return accept(count);
      },
    });
    resumed = outcome.ok ? outcome.value : 0;
  }
}
