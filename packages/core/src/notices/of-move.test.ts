import { describe, expect, test } from "vitest";
import type { TopUpEvent } from "../purchase/advance.ts";
import type { PaymentFailure } from "../purchase/payment-intent.ts";
import { decideSettle, type Receipt } from "../purchase/settle.ts";
import { openTopUp, type TopUp, type TopUpTrigger } from "../purchase/top-up.ts";
import { accountId, aLot, at, books, lotId, noon } from "../testing/builders.ts";
import { anIntent, aTopUp, declined, through } from "../testing/purchases.ts";
import type { Instant } from "../units.ts";
import { noticesOfMove } from "./of-move.ts";

const HOUR = 60;
const DAY = 24 * HOUR;
type Step = readonly [now: Instant, event: TopUpEvent];

const confirm: TopUpEvent = { type: "attempt_stored", action: "confirm", params: "{}" };
const cancel: TopUpEvent = { type: "attempt_stored", action: "cancel", params: "{}" };
const refuses = (number: number, declineCode: string): TopUpEvent => ({
  type: "answered",
  number,
  answer: { is: "declined", failure: { ...declined, declineCode } satisfies PaymentFailure },
});
const canceled = (number: number): TopUpEvent => ({
  type: "answered",
  number,
  answer: { is: "intent", intent: anIntent({ status: "canceled" }) },
});

function charging(trigger: TopUpTrigger = "out_of_credits"): TopUp {
  const usefulUntil = trigger === "before_expiry" ? at(3 * DAY) : null;
  return through(
    openTopUp({ ...aTopUp(), trigger, usefulUntil }, noon),
    [noon, { type: "attempt_stored", action: "create", params: "{}" }],
    [noon, { type: "answered", number: 1, answer: { is: "intent", intent: anIntent() } }],
    [noon, confirm],
  );
}

/** Everything that is told on the way, move by move. */
function toldOn(topUp: TopUp, ...steps: readonly Step[]) {
  let before = topUp;
  return steps.flatMap((step) => {
    const after = through(before, step);
    const told = noticesOfMove({ before, after, receipt: null, at: step[0] });
    before = after;
    return told;
  });
}

describe("a decline", () => {
  test("that may pass is told with the next try, each for itself, and the fourth as the end", () => {
    const steps: Step[] = [[noon, refuses(2, "insufficient_funds")]];
    for (const [index, hours] of [24, 72, 120].entries()) {
      const now = at(hours * HOUR);
      steps.push([now, confirm], [now, refuses(index + 3, "insufficient_funds")]);
    }
    steps.push([at(5 * DAY), cancel], [at(5 * DAY), canceled(6)]);
    const told = toldOn(charging(), ...steps);
    expect(told.map(({ key }) => key)).toEqual([
      "declined-top_1-1",
      "declined-top_1-2",
      "declined-top_1-3",
      "failed-top_1",
    ]);
    expect(told[0]).toMatchObject({
      accountId,
      at: noon,
      data: {
        totalMinor: 95_00,
        nextTryAt: at(DAY),
        failure: { code: "card_declined", declineCode: "insufficient_funds" },
      },
    });
    expect(told[3]?.data).toMatchObject({ suspended: "retries_exhausted", expiresAt: null });
  });

  test("that never passes is told at once and once, with the suspension it brings", () => {
    const told = toldOn(
      charging("before_expiry"),
      [noon, refuses(2, "lost_card")],
      [noon, cancel],
      [noon, canceled(3)],
    );
    expect(told).toMatchObject([
      { key: "failed-top_1", data: { suspended: "card_refused", expiresAt: at(3 * DAY) } },
    ]);
  });

  test("because the bank asks is a question and not a failure", () => {
    const told = toldOn(charging(), [noon, refuses(2, "authentication_required")]);
    expect(told).toMatchObject([
      {
        key: "confirm-top_1",
        kind: "top_up_needs_authentication",
        data: { topUpId: "top_1", until: at(3 * DAY) },
      },
    ]);
  });

  test("of the customer's own confirmation asks nothing anew", () => {
    const told = toldOn(
      charging(),
      [noon, refuses(2, "authentication_required")],
      [at(5), confirm],
      [at(5), refuses(3, "authentication_required")],
    );
    expect(told).toHaveLength(1);
  });
});

describe("a purchase nobody answered about", () => {
  test("is told to have failed when it is cancelled, and not before", () => {
    const given: Step[] = [
      [noon, { type: "answered", number: 2, answer: { is: "unknown" } }],
      [at(15), { type: "closing_wanted", as: "failed" }],
      [at(15), cancel],
    ];
    expect(toldOn(charging(), ...given)).toEqual([]);
    expect(toldOn(charging(), ...given, [at(16), canceled(3)])).toMatchObject([
      { key: "failed-top_1", at: at(16), data: { suspended: null, failure: null } },
    ]);
  });
});

test("a purchase that is called off is told to nobody", () => {
  const off: Step[] = [
    [at(5), { type: "closing_wanted", as: "canceled" }],
    [at(5), cancel],
    [at(5), canceled(3)],
  ];
  const told = toldOn(charging(), [noon, refuses(2, "insufficient_funds")], ...off);
  expect(told.map(({ kind }) => kind)).toEqual(["top_up_declined"]);
});

describe("a purchase that is paid", () => {
  function settled(before: TopUp): { after: TopUp; receipt: Receipt } {
    const journal = books({ lots: [aLot({ remaining: 4, expiresAt: at(3 * DAY) })] });
    const settlement = decideSettle(journal, {
      topUp: before,
      intent: anIntent({ status: "succeeded", paidAt: noon }),
      lotId: lotId("new"),
      timeZone: "UTC",
    });
    if (settlement.as !== "paid") throw new Error(settlement.as);
    return { after: settlement.topUp, receipt: settlement.receipt };
  }

  test("is told with each lot, from its old date to its new one", () => {
    const before = charging("before_expiry");
    const told = noticesOfMove({ before, ...settled(before), at: noon });
    expect(told).toMatchObject([
      {
        key: "done-top_1",
        kind: "top_up_done",
        data: {
          trigger: "before_expiry",
          quantity: 10,
          totalMinor: 95_00,
          lots: [
            { credits: 10, oldExpiresAt: null, newExpiresAt: at(365 * DAY) },
            { credits: 4, oldExpiresAt: at(3 * DAY), newExpiresAt: at(365 * DAY) },
          ],
        },
      },
    ]);
  });

  test("is told once: whoever finds it paid has nothing to tell", () => {
    const { after, receipt } = settled(charging());
    expect(noticesOfMove({ before: after, after, receipt, at: noon })).toEqual([]);
  });

  test("by hand is told by its receipt alone", () => {
    const before = charging("manual");
    expect(noticesOfMove({ before, ...settled(before), at: noon })).toEqual([]);
    expect(toldOn(before, [noon, refuses(2, "lost_card")])).toEqual([]);
  });
});
