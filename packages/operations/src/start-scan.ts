import {
  decideStartScan,
  type Outcome,
  type Refusal,
  type RunnerKeyId,
  type Scan,
} from "@scanmeter/core";
import type { Deps } from "./deps.ts";
import { mintId } from "./mint-id.ts";

export interface StartScanCommand {
  readonly accountId: string;
  readonly runnerKeyId: RunnerKeyId | null;
  readonly targetId: string;
  /** Chosen by the runner; the same key again answers with the scan it started. */
  readonly idempotencyKey: string;
  readonly label?: string | undefined;
}

/** Starts a scan and debits its first hour in one commit. */
export function startScan(deps: Deps, command: StartScanCommand): Promise<Outcome<Scan, Refusal>> {
  const { accountId, runnerKeyId, targetId, idempotencyKey: startKey } = command;
  const label = command.label ?? null;
  const scanId = mintId("scan");
  return deps.writer.submit({
    accountId,
    wants: { targetId, startKey },
    decide: (books, { target, scanOfStartKey }) =>
      decideStartScan(books, {
        scanId,
        targetId,
        target: target as Parameters<typeof decideStartScan>[1]["target"],
        runnerKeyId,
        label,
        startKey,
        fingerprint: JSON.stringify([targetId, label]),
        earlier: scanOfStartKey,
      }),
  });
}
