/** Ids for postings of one millisecond; with more, the next millisecond is borrowed. */
const PER_MS = 2_048;
/** Counting from here keeps ids below 2^53 until the year 2150. */
const EPOCH_MS = Date.UTC(2025, 0, 1);

let last = 0;

/**
 * A number that grows with time, so that what is booked together is stored together. Two processes
 * that mint the same one at the same instant collide in the database, and the later decides again.
 */
export function mintPostingId(): number {
  const first = (Date.now() - EPOCH_MS) * PER_MS + Math.floor(Math.random() * (PER_MS / 2));
  last = Math.max(last + 1, first);
  return last;
}
