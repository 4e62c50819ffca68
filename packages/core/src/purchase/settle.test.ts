import { describe, expect, test } from "vitest";
import type { Journal } from "../ledger/journal.ts";
import { aLot, at, books, lotId, lotIn, noon } from "../testing/builders.ts";
import { anIntent, aTopUp } from "../testing/purchases.ts";
import { type Instant, instant, isoOf, parseInstant } from "../units.ts";
import type { PaymentIntentFacts } from "./payment-intent.ts";
import { decideSettle, differencesFromOrder } from "./settle.ts";
import type { TopUp } from "./top-up.ts";

const nextYear = instant(Date.UTC(2027, 2, 10, 12));

interface Settling {
  readonly intent?: Partial<PaymentIntentFacts>;
  readonly topUp?: Partial<TopUp>;
  readonly journal?: Journal;
  readonly timeZone?: string;
}

function settling({ intent = {}, topUp = {}, journal = books(), timeZone = "UTC" }: Settling = {}) {
  const settlement = decideSettle(journal, {
    topUp: aTopUp({ state: "processing", paymentIntentId: "pi_1", readAt: noon, ...topUp }),
    intent: anIntent({ status: "succeeded", paidAt: noon, ...intent }),
    lotId: lotId("new"),
    timeZone,
  });
  return { settlement, journal };
}

describe("a successful payment", () => {
  test("grants a lot that is good for twelve calendar months, under the payment's own key", () => {
    const { settlement, journal } = settling();
    expect(journal.postings).toMatchObject([
      { kind: "grant", key: "purchase-pi_1", fingerprint: "top_1", balanceAfter: 10 },
    ]);
    expect(lotIn(journal, "new")).toMatchObject({ kind: "paid", granted: 10, expiresAt: nextYear });
    expect(settlement).toMatchObject({
      as: "paid",
      topUp: { state: "paid", paidAt: noon, lotId: lotId("new"), nextStepAt: null, readAt: null },
    });
  });

  test("moves every unexpired paid lot to the same date, and says so in the receipt", () => {
    const journal = books({
      lots: [
        aLot({ id: "a", remaining: 3, expiresAt: at(0, 1) }),
        aLot({ id: "b", remaining: 4, expiresAt: at(500) }),
        aLot({ id: "longer", expiresAt: instant(nextYear + 1) }),
        aLot({ id: "free", kind: "free", expiresAt: at(50) }),
        aLot({ id: "over", expiresAt: noon }),
      ],
    });
    const { settlement } = settling({ journal });
    expect(journal.postings[1]).toMatchObject({
      kind: "extension",
      key: "extension-pi_1",
      entries: [],
      extensions: [
        { lotId: lotId("a"), oldExpiresAt: at(0, 1), newExpiresAt: nextYear },
        { lotId: lotId("b"), oldExpiresAt: at(500), newExpiresAt: nextYear },
      ],
    });
    expect(settlement).toMatchObject({
      receipt: {
        topUpId: "top_1",
        trigger: "manual",
        bought: 10,
        quote: { totalMinor: 95_00 },
        paidAt: noon,
        newExpiresAt: nextYear,
        debtRepaid: 0,
        lots: [
          { lotId: lotId("new"), credits: 10, oldExpiresAt: null, newExpiresAt: nextYear },
          { lotId: lotId("a"), credits: 3, oldExpiresAt: at(0, 1), newExpiresAt: nextYear },
          { lotId: lotId("b"), credits: 4, oldExpiresAt: at(500), newExpiresAt: nextYear },
        ],
      },
    });
    expect(["longer", "free", "over"].map((id) => lotIn(journal, id).expiresAt)).toEqual([
      nextYear + 1,
      at(50),
      noon,
    ]);
  });

  test("revives what was kept past its date, and the receipt lists its old date and its new", () => {
    const journal = books({
      lots: [
        aLot({ id: "a", remaining: 4, expiresAt: at(500) }),
        aLot({ id: "kept", remaining: 0, kept: 3, frozen: 5, expiresAt: at(-60) }),
      ],
    });
    const { settlement } = settling({ journal });
    expect(journal.postings.map(({ key }) => key)).toEqual([
      "purchase-pi_1",
      "extension-pi_1",
      "revival-pi_1",
    ]);
    expect(lotIn(journal, "kept")).toMatchObject({ remaining: 3, frozen: 2, kept: 0 });
    expect(settlement).toMatchObject({
      receipt: {
        lots: [
          { lotId: lotId("new") },
          { lotId: lotId("a"), credits: 4, oldExpiresAt: at(500), newExpiresAt: nextYear },
          { lotId: lotId("kept"), credits: 3, oldExpiresAt: at(-60), newExpiresAt: nextYear },
        ],
      },
    });
  });

  test("repays the debt first, and the receipt says how much", () => {
    const { settlement, journal } = settling({ journal: books({ debt: 3 }) });
    expect(settlement).toMatchObject({ receipt: { debtRepaid: 3, lots: [{ credits: 7 }] } });
    expect(journal.account).toMatchObject({ balance: 7, debt: 0 });
  });

  test("counts its year by the calendar of the account's time zone", () => {
    const leapDay = parseInstant("2028-02-29T12:00:00+01:00") as Instant;
    const { settlement } = settling({
      journal: books({ now: leapDay }),
      intent: { paidAt: leapDay },
      timeZone: "Europe/Lisbon",
    });
    expect(settlement.as === "paid" && isoOf(settlement.receipt.newExpiresAt)).toBe(
      "2029-02-28T11:00:00.000Z",
    );
  });

  test("is settled after we took it for lost, or while a person looks at it", () => {
    for (const state of ["failed", "canceled", "expired", "needs_review", "charging"] as const) {
      expect(settling({ topUp: { state } }).settlement.as).toBe("paid");
    }
  });
});

describe("the payment instant", () => {
  const paidAtOf = (facts: Settling) => {
    const { settlement } = settling(facts);
    return settlement.as === "paid" ? settlement.receipt.paidAt : null;
  };
  const hourLater = books({ now: at(60) });

  test("is the gateway's, however late the payment is settled", () => {
    expect(paidAtOf({ journal: hourLater, intent: { paidAt: at(5) } })).toBe(at(5));
  });

  test("is never after now nor before the purchase, whatever the gateway's clock says", () => {
    expect(paidAtOf({ intent: { paidAt: at(5) } })).toBe(noon);
    expect(paidAtOf({ intent: { paidAt: at(-5) } })).toBe(noon);
    expect(paidAtOf({ intent: { paidAt: null } })).toBe(noon);
  });
});

describe("no credits come from a payment", () => {
  test.each([
    "requires_payment_method",
    "requires_capture",
    "processing",
    "canceled",
    "Succeeded",
    "a_status_of_the_future",
    "",
  ])("with the status %j", (status) => {
    const { settlement, journal } = settling({ intent: { status } });
    expect(settlement.as).toBe("not_paid");
    expect(journal.postings).toEqual([]);
  });

  test.each<[string, Partial<PaymentIntentFacts>]>([
    ["object", { object: "charge" }],
    ["payment_intent", { id: "pi_2" }],
    ["top_up", { topUpId: "top_2" }],
    ["top_up", { topUpId: null }],
    ["amount", { amountMinor: 94_99 }],
    ["amount_received", { amountReceivedMinor: 94_99 }],
    ["amount_received", { amountReceivedMinor: 95_01 }],
    ["currency", { currency: "usd" }],
    ["currency", { currency: "xyz" }],
    ["customer", { customerId: "cus_2" }],
    ["customer", { customerId: null }],
    ["livemode", { livemode: true }],
  ])("that differs from the row in its %s: a person looks at it", (difference, intent) => {
    const { settlement, journal } = settling({ intent });
    expect(settlement).toMatchObject({
      as: "needs_review",
      topUp: { state: "needs_review", differences: [difference] },
    });
    expect(journal.postings).toEqual([]);
    expect(journal.newLots).toEqual([]);
  });

  test("of a row that knows of no payment", () => {
    expect(settling({ topUp: { paymentIntentId: null } }).settlement.as).toBe("needs_review");
  });

  test("that comes to light when its year is over: a person looks at it", () => {
    const { settlement, journal } = settling({ journal: books({ now: nextYear }) });
    expect(settlement).toMatchObject({ as: "needs_review", topUp: { differences: ["expiry"] } });
    expect(journal.postings).toEqual([]);
  });
});

describe("a purchase that is paid", () => {
  test("is not paid again by the same payment", () => {
    const { settlement, journal } = settling({ topUp: { state: "paid" } });
    expect(settlement.as).toBe("already_paid");
    expect(journal.postings).toEqual([]);
  });

  test("gives the money of a second payment back, and no credits for it", () => {
    const { settlement, journal } = settling({ topUp: { state: "paid" }, intent: { id: "pi_2" } });
    expect(settlement).toMatchObject({ as: "duplicate_payment", paymentIntentId: "pi_2" });
    expect(journal.postings).toEqual([]);
  });

  test.each<[string, Partial<PaymentIntentFacts>]>([
    ["purchase", { topUpId: "top_2" }],
    ["customer", { customerId: "cus_2" }],
  ])("leaves a payment made for another %s to a person", (_, made) => {
    const intent = { id: "pi_2", ...made };
    const { settlement, journal } = settling({ topUp: { state: "paid" }, intent });
    expect(settlement).toMatchObject({ as: "foreign_payment", paymentIntentId: "pi_2" });
    expect(journal.postings).toEqual([]);
  });
});

describe("a purchase under way", () => {
  test.each<[string, Partial<PaymentIntentFacts>]>([
    ["purchase", { topUpId: "top_2" }],
    ["customer", { customerId: "cus_2" }],
  ])("goes on undisturbed by a payment made for another %s", (_, made) => {
    const { settlement } = settling({ intent: { id: "pi_2", ...made } });
    expect(settlement).toMatchObject({ as: "foreign_payment", paymentIntentId: "pi_2" });
    expect(settlement.topUp).toMatchObject({ state: "processing", differences: [] });
  });

  test("that its customer paid by another payment is a person's to look at", () => {
    const { settlement } = settling({ intent: { id: "pi_2" } });
    expect(settlement.topUp).toMatchObject({
      state: "needs_review",
      differences: ["payment_intent"],
    });
  });
});

test("a payment is the one that was ordered only if its money has come in whole", () => {
  const topUp = aTopUp({ state: "paid", paymentIntentId: "pi_1" });
  const paid = anIntent({ status: "succeeded" });
  expect(differencesFromOrder(topUp, paid)).toEqual([]);
  const other = { ...paid, customerId: "cus_2", amountReceivedMinor: paid.amountMinor - 1 };
  expect(differencesFromOrder(topUp, other)).toEqual(["customer", "amount_received"]);
});
