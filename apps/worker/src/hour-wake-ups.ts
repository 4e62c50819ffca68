import { jobIdForScanDue, jobNames, type WakeUp } from "@scanmeter/contracts/jobs";
import type { MeteringOperations } from "./operations.ts";
import type { WakeUpKind } from "./wake-ups.ts";

/** The next hours of running scans. */
export function hourWakeUps(
  operations: Pick<MeteringOperations, "listWakeUps">,
): WakeUpKind<WakeUp> {
  return {
    idOf: jobIdForScanDue,
    jobOf: ({ accountId, scanId }) => ({ name: jobNames.scanDue, data: { accountId, scanId } }),
    async list({ until, afterId, limit }) {
      const page = await operations.listWakeUps({ until, afterScanId: afterId, limit });
      return { wakeUps: page.wakeUps, lastId: page.lastScanId };
    },
  };
}
