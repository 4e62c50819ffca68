/** Moves the test clock like time that passes for runners that beat: never further than silence may last. */
import type { ScanView } from "@scanmeter/contracts/scans";
import { accepted, type Caller, mutate } from "./call.ts";

const STEP_SECONDS = 270;

/** Until the scan's next hour is so many seconds away; hours before it fall due on the way. */
export async function advanceTowardsNextHour(
  runner: Caller,
  { scanId, secondsBefore }: { readonly scanId: string; readonly secondsBefore: number },
): Promise<ScanView> {
  for (;;) {
    const scan = await accepted(mutate<ScanView>(runner, "runner.heartbeat", { scanId }));
    const { now } = await clockOf(runner, 1);
    if (scan.nextDebitAt === null) throw new Error("The scan has no next hour.");
    const left = (Date.parse(scan.nextDebitAt) - Date.parse(now)) / 1_000 - secondsBefore;
    if (left < 1) return scan;
    await clockOf(runner, Math.min(STEP_SECONDS, Math.floor(left)));
  }
}

function clockOf({ url }: Caller, seconds: number): Promise<{ now: string }> {
  const anybody = { url, headers: {} };
  return accepted(mutate(anybody, "sandbox.advance", { by: { seconds } }));
}
