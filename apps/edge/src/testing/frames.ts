import type { LiveFrame } from "@scanmeter/contracts/live";

/** A frame; whatever a test does not mention is unremarkable. */
export function aFrame(fields: Partial<LiveFrame> & { readonly version: number }): LiveFrame {
  const available = fields.balance?.available ?? 10;
  return {
    now: "2026-01-01T00:00:00.000Z",
    balance: { available, paid: available, free: 0, frozen: 0, debt: 0 },
    nextExpiry: null,
    reason: "debit",
    runningScans: [],
    ...fields,
  };
}
