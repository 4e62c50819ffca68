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
  /** A declined automatic purchase is tried again so long after its first try, if that can help. */
  retryAfterMs: [24 * HOUR, 72 * HOUR, 120 * HOUR],
  /** Tries of one purchase are at least this far apart, however late one came. */
  retryGapMs: 24 * HOUR,
  /** One that is to keep credits from expiring is tried again so long before their date. */
  retryBeforeExpiryMs: [48 * HOUR, 24 * HOUR],
  /** Shorter than between other tries, because the date does not wait for a try that came late. */
  retryGapBeforeExpiryMs: 12 * HOUR,
  /** A card that was declined too often rests this long (docs.stripe.com/error-codes). */
  declineLimitRestMs: 24 * HOUR,
  /** All tries of an automatic purchase that is about no expiry fall within this: seven days. */
  automaticOpenForMs: 168 * HOUR,
  /** A customer whom the bank wants to ask about an automatic purchase has this long. */
  authenticateWithinMs: 72 * HOUR,
} as const;
