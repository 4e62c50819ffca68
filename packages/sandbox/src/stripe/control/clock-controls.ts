import type { Control } from "./control.ts";

export const clockControls: readonly Control[] = [
  {
    method: "GET",
    path: "/clock",
    does: "tells the time of this Stripe",
    run: ({ world: { clock } }) => ({ now: clock.now(), isFrozen: clock.isFrozen }),
  },
  {
    method: "POST",
    path: "/clock",
    does: "moves the clock forward, stops it, lets it run; what becomes due happens at once",
    fields: ["advanceSeconds", "to", "frozen"],
    run({ world: { clock } }, body) {
      const frozen = body.flag("frozen");
      if (frozen === true) clock.freeze();
      if (frozen === false) clock.resume();
      const to = body.maybeNumber("to");
      const by = body.maybeNumber("advanceSeconds");
      if (to !== null || by !== null) clock.moveTo(to ?? clock.now() + (by ?? 0) * 1000);
      return { now: clock.now(), isFrozen: clock.isFrozen };
    },
  },
  {
    method: "POST",
    path: "/idle",
    does: "answers when nothing is due and nothing is under way",
    fields: ["timeoutMs"],
    run: async ({ scheduler }, body) => ({
      isIdle: await scheduler.whenIdle(body.number("timeoutMs", 5000)),
    }),
  },
  {
    method: "POST",
    path: "/reset",
    does: "forgets everything, rules and faults included",
    run({ world, faults, rules, calls, seed }) {
      world.store.reset();
      faults.clear();
      rules.clear();
      calls.clear();
      world.clock.reset();
      seed();
    },
  },
];
