/**
 * Random years of an account with automatic top-ups: what its people do, and how time passes between.
 * Mostly in whole hours and days, or up to something that is due and a millisecond beside it.
 */
import fc from "fast-check";
import type { AutoTopUpCommand, CardBehaviour } from "./auto-top-up-model.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
const oneOf = fc.constantFrom;

/** So long, or up to the n-th thing that happens by itself and so many milliseconds beside it. */
export type AutoTopUpPause =
  | { readonly ms: number }
  | { readonly due: number; readonly aside: number };

export type AutoTopUpStep =
  | { readonly step: "act"; readonly command: AutoTopUpCommand }
  | { readonly step: "pass"; readonly until: AutoTopUpPause };

const triggers = oneOf(
  { whenOut: true, beforeExpiry: true },
  { whenOut: true, beforeExpiry: false },
  { whenOut: false, beforeExpiry: true },
);
const settings = fc
  .record({
    on: fc.nat({ max: 7 }).map((n) => n > 0),
    quantity: oneOf(1, 5, 5, 10),
    triggers,
    threshold: oneOf(0, 0, 2, 6),
    limit: oneOf(null, null, 100_00, 250_00),
  })
  .map(({ triggers: chosen, ...rest }) => ({ ...rest, ...chosen }));
const card = oneOf<CardBehaviour>("good", "good", "good", "soft", "soft", "hard", "asks");

const command: fc.Arbitrary<AutoTopUpCommand> = fc.oneof(
  often(2, fc.record({ do: oneOf("save" as const), settings })),
  often(6, fc.record({ do: oneOf("spend" as const), credits: fc.integer({ min: 1, max: 6 }) })),
  often(1, fc.record({ do: oneOf("buy_by_hand" as const), credits: oneOf(1, 3) })),
  often(
    1,
    fc.record({ do: oneOf("grant_free" as const), credits: oneOf(1, 2), days: oneOf(1, 30) }),
  ),
  often(
    2,
    fc.record({
      do: oneOf("change_card" as const),
      to: fc.oneof(often(6, card), often(1, oneOf(null))),
    }),
  ),
  often(2, fc.record({ do: oneOf("card_behaves" as const), as: card })),
  often(1, fc.record({ do: oneOf("confirm" as const) })),
);

const pause: fc.Arbitrary<AutoTopUpPause> = fc.oneof(
  often(3, fc.record({ ms: oneOf(HOUR, HOUR - 1, 5 * HOUR, DAY, 3 * DAY) })),
  often(2, fc.record({ ms: oneOf(20 * DAY, 100 * DAY, 360 * DAY) })),
  often(4, fc.record({ due: fc.nat({ max: 3 }), aside: oneOf(-1, 0, 0, 1) })),
);

/** They begin with a card and everything switched on, so that most of them are about buying. */
export function arbitraryAutoTopUpHistory(length: number): fc.Arbitrary<AutoTopUpStep[]> {
  const step: fc.Arbitrary<AutoTopUpStep> = fc.oneof(
    often(3, fc.record({ step: oneOf("act" as const), command })),
    often(2, fc.record({ step: oneOf("pass" as const), until: pause })),
  );
  const first: AutoTopUpStep[] = [
    { step: "act", command: { do: "buy_by_hand", credits: 3 } },
    { step: "act", command: { do: "change_card", to: "good" } },
    {
      step: "act",
      command: {
        do: "save",
        settings: {
          on: true,
          quantity: 5,
          whenOut: true,
          beforeExpiry: true,
          threshold: 0,
          limit: null,
        },
      },
    },
  ];
  // As long as that, and yet every step can be left out when a failure is made smaller.
  const range = { minLength: length, maxLength: length };
  return fc
    .noBias(fc.array(fc.option(step, { freq: 1_000 }), range))
    .map((steps) => [...first, ...steps.filter((each) => each !== null)]);
}
