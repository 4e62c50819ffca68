import type { LiveFrame } from "@scanmeter/contracts/live";

/**
 * The version orders what was written. Credits also expire by the clock alone, without a write, so
 * of two frames of one version the later one counts, if it tells another balance.
 */
export function isNewerFrame(frame: LiveFrame, than: LiveFrame): boolean {
  if (frame.version !== than.version) return frame.version > than.version;
  return frame.now > than.now && !hasSameBalance(frame, than);
}

function hasSameBalance(a: LiveFrame, b: LiveFrame): boolean {
  return (
    a.balance.available === b.balance.available &&
    a.balance.paid === b.balance.paid &&
    a.balance.free === b.balance.free &&
    a.balance.frozen === b.balance.frozen &&
    a.balance.debt === b.balance.debt
  );
}
