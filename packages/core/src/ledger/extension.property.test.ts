/** What a purchase is said to do before it is paid is what settling it does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { idOf } from "../ids.ts";
import { arbitraryInstant, arbitraryLots } from "../testing/arbitraries.ts";
import { books, noon } from "../testing/builders.ts";
import { foreseeExtensions, planExtensions } from "./extension.ts";
import { decideRevive } from "./kept-credits.ts";

test("the dates a purchase is foreseen to move are those it moves", () => {
  const newDates = arbitraryInstant({ from: 1, to: 20 * 60 });
  fc.assert(
    fc.property(arbitraryLots(), newDates, fc.boolean(), (lots, newExpiresAt, keepsExpired) => {
      fc.pre(newExpiresAt > noon);
      const journal = books({ lots, keepsExpired, now: noon });
      const foreseen = foreseeExtensions(journal.account, lots, { newExpiresAt, at: noon });
      const moved = [
        ...planExtensions(journal.lots, newExpiresAt, noon),
        ...decideRevive(journal, {
          paymentIntentId: "pi_1",
          topUpId: idOf("topUp", "t"),
          newExpiresAt,
        }),
      ];
      const datesOf = (
        all: readonly { lotId: string; oldExpiresAt: number; newExpiresAt: number }[],
      ) =>
        all
          .map(({ lotId, oldExpiresAt, newExpiresAt: to }) => `${lotId} ${oldExpiresAt} ${to}`)
          .sort();
      expect(datesOf(foreseen)).toEqual(datesOf(moved));
      for (const { lotId, credits } of foreseen.filter(({ isRevived }) => isRevived)) {
        expect(journal.lot(lotId).remaining).toBe(credits);
      }
    }),
  );
});
