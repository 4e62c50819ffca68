import { randomUUID } from "node:crypto";
import { listMails, subjectsSince } from "./mails.ts";
import type { Tour } from "./tour.ts";
import { TourStop } from "./tour-stop.ts";
import { frameWords, moneyWords, receiptWords, timeWords } from "./words.ts";

const QUANTITY = 25;

/** A year of silence ends, just before the date, with a purchase that moves every paid credit's date. */
export async function neverExpire({ calls, account, seen, say }: Tour): Promise<void> {
  say(`\n5. ${QUANTITY} credits are bought by hand, and then nothing happens for a year`);
  const mailsBefore = await listMails(calls);
  const { id: checkoutId, quote } = await calls.checkout.open.mutate({
    quantity: QUANTITY,
    idempotencyKey: randomUUID(),
  });
  say(
    `The order: ${moneyWords(quote.totalMinor, quote.currency)}, ${quote.discountPercent} % off, tax included.`,
  );
  const before = account.frame.version;
  await calls.checkout.finalize.mutate({ checkoutId, expectedTotalMinor: quote.totalMinor });
  await seen.until("the credits that were bought by hand", () =>
    account.postings.some(
      ({ version, kind, credits }) => version > before && kind === "grant" && credits === QUANTITY,
    ),
  );
  const expiresAt = account.frame.nextExpiry?.at;
  const { renewalDaysBefore } = await calls.autoTopUp.get.query();
  if (expiresAt === undefined) throw new TourStop("Not seen: credits with a date.");
  say(
    `All of them expire on ${timeWords(expiresAt)}; they are renewed ${renewalDaysBefore} days before.`,
  );
  say("The test clock jumps twelve months.");
  await calls.sandbox.advance.mutate({ by: { months: 12 } });
  await seen.until(
    "the date of the credits moves by the renewal",
    () => account.frame.nextExpiry !== null && account.frame.nextExpiry.at > expiresAt,
  );
  const [renewal] = (await calls.topUps.list.query({ limit: 1 })).items;
  const kept = (renewal?.receipt?.lots ?? []).filter(({ oldExpiresAt }) => oldExpiresAt !== null);
  if (renewal?.trigger !== "before_expiry" || kept.length === 0) {
    throw new TourStop("Not seen: the receipt of a renewal, with the dates it moved.");
  }
  say(receiptWords(renewal));
  say("By mail since then:");
  for (const subject of await subjectsSince(calls, mailsBefore)) say(`  ${subject}`);
  say("Everything that was left is good for another year, with nobody at the keyboard.");
  say(frameWords(account.frame));
}
