/** The numbers of buying that somebody may want to change. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const purchaseSettings = {
  /** A customer who starts to pay has this long, counted anew from each confirmation. */
  openForMs: 30 * MINUTE,
  /** A call without an answer is sent again, with the same key, after this long. */
  resendAfterMs: 30 * SECOND,
  /** The payment gateway forgets a key after 24 h; a creation older than this is not sent again. */
  resendCreationWithinMs: 23 * HOUR,
  /** A confirmation nobody could get an answer to is settled by cancelling after this long. */
  giveUpAfterMs: 15 * MINUTE,
  /** Cancelling is tried again after twice as long each time, but at least this often. */
  cancelAgainMaxMs: HOUR,
  /** When even the cancellation stays unanswered, a person looks at it. */
  reviewAfterMs: 24 * HOUR,
  /** How often a payment that waits for the customer or the bank is read. */
  readEveryMs: 5 * MINUTE,
} as const;
