import type { Tour } from "./tour.ts";

/** What auto top-up is against. Whatever the account had, the rest of the tour starts from nothing. */
export async function letCreditsEnd({ calls, account, seen, say }: Tour): Promise<void> {
  say("\n1. Without auto top-up, credits end on their date");
  say("The test clock jumps from one date to the next, and a day further.");
  const { enabled, quantity, triggers, revision } = await calls.autoTopUp.get.query();
  if (enabled) {
    const off = { enabled: false, quantity, triggers, revision, surface: "overview" } as const;
    await calls.autoTopUp.save.mutate(off);
  }
  for (;;) {
    const { nextExpiry } = await calls.account.overview.query();
    if (nextExpiry === null) break;
    await calls.sandbox.advance.mutate({ to: nextExpiry.at });
  }
  // An earlier tour may have been cut short: what it left under way, and what counts in the caps, is over.
  await calls.sandbox.advance.mutate({ by: { days: 1 } });
  await seen.until("no credit is left", () => account.frame.balance.available === 0);
}
