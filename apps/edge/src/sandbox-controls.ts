import type { Instant } from "@scanmeter/core";

/** A span of calendar and clock time; months are calendar months. */
export interface TimeSpan {
  readonly months?: number | undefined;
  readonly days?: number | undefined;
  readonly hours?: number | undefined;
  readonly minutes?: number | undefined;
  readonly seconds?: number | undefined;
}

export interface ClockReading {
  readonly now: Instant;
  readonly rate: number;
}

/**
 * The test clock and its neighbours, given by whoever composes a sandbox; there is none elsewhere.
 * What the clock cannot do, such as run back, is a `RangeError` with a sentence for people.
 */
export interface SandboxControls {
  clock(): ClockReading;
  /** Settles once everything that came due up to then has run, in order. */
  advance(to: { readonly by: TimeSpan } | { readonly to: Instant }): Promise<{
    readonly now: Instant;
    readonly ran: number;
  }>;
  setRate(rate: number): Promise<ClockReading>;
  info(): { readonly stripeUrl: string | null; readonly mailboxUrl: string | null };
  /** Answers `/sandbox/…`: what a person looks at beside the product, such as the mailbox. */
  page(request: Request): Promise<Response>;
}
