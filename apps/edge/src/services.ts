import type { Operations } from "@scanmeter/operations";
import type { Logger } from "pino";
import type { Calls } from "./calls.ts";
import type { EdgeLimits } from "./limits.ts";
import type { BalanceHub } from "./live/balance-hub.ts";
import type { ConnectedScans } from "./live/connected-scans.ts";
import type { SandboxControls } from "./sandbox-controls.ts";
import type { Views } from "./views.ts";

/** What every procedure may use. Made once per process. */
export interface Services {
  readonly operations: Operations;
  readonly views: Views;
  readonly hub: BalanceHub;
  readonly connectedScans: ConnectedScans;
  readonly calls: Calls;
  /** Looks for sockets whose session ended or key was revoked now, rather than at the next round. */
  readonly checkIdentitiesSoon: () => void;
  /** Who acts for which account, as what, or what the account is called has changed: nothing that was believed stands. */
  readonly sessionsChanged: () => void;
  /** Where people reach the web app. */
  readonly publicUrl: string;
  readonly sandbox: SandboxControls | null;
  readonly limits: EdgeLimits;
  readonly log: Logger;
}
