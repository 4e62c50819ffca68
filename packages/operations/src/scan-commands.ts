/** What runners and users say about a scan that exists. All share one frame: find it, then let core decide. */
import {
  decideFinish,
  decideHeartbeat,
  decidePause,
  decideResume,
  type Fault,
  type Journal,
  type Outcome,
  type PausedBy,
  type Refusal,
  refuse,
  type Scan,
  type ScanId,
  type ScanOutcome,
} from "@scanmeter/core";
import type { Deps } from "./deps.ts";
import type { Known } from "./writer.ts";

export interface ScanCommand {
  readonly accountId: string;
  readonly scanId: string;
}

type Decide = (books: Journal, scan: Scan, known: Known) => Outcome<Scan, Refusal>;

function onScan(deps: Deps, command: ScanCommand, decide: Decide) {
  const { accountId, scanId } = command;
  return deps.writer.submit({
    accountId,
    wants: { scanId },
    decide: (books, known) => {
      // Another account's scan is not among the facts, so it answers exactly like an unknown id.
      const scan = books.scan(scanId as ScanId);
      return scan === undefined
        ? refuse({ code: "scan_not_found", scanId } as const)
        : decide(books, scan, known);
    },
  });
}

/** Who says so; of a user, which one. */
export interface SaidBy {
  readonly by: PausedBy;
  readonly askedBy?: string;
}

export function heartbeat(deps: Deps, command: ScanCommand) {
  return onScan(deps, command, decideHeartbeat);
}

export function pauseScan(deps: Deps, command: ScanCommand & SaidBy) {
  return onScan(deps, command, (books, scan) => decidePause(books, scan, command.by, command));
}

export function resumeScan(deps: Deps, command: ScanCommand & SaidBy) {
  return onScan(deps, command, (books, scan) => decideResume(books, scan, command.by, command));
}

export function finishScan(
  deps: Deps,
  command: ScanCommand & { readonly outcome: ScanOutcome; readonly fault?: Fault | undefined },
) {
  const { outcome, fault = null } = command;
  return onScan(deps, command, (books, scan) =>
    decideFinish(books, scan, { outcome, fault, by: "runner" }),
  );
}

/** The user's stop. The runner learns of it from its next heartbeat or its directives. */
export function stopScan(deps: Deps, command: ScanCommand & { readonly askedBy: string }) {
  const { askedBy } = command;
  return onScan(deps, command, (books, scan) =>
    decideFinish(books, scan, { outcome: "stopped", fault: null, by: "user", askedBy }),
  );
}
