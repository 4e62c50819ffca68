import type { AccountWakeUp } from "@scanmeter/contracts/jobs";
import { instant } from "@scanmeter/core";
import type { Wake } from "@scanmeter/operations";
import { expect, test } from "vitest";
import type { QueuedJob } from "./job-queue.ts";
import { makeWake } from "./waker.ts";

const accountId = "acc_1";
const SOON = instant(1_000);
const FAR = instant(9_000_000);

/** What the queue was asked for. */
function wokenBy(...works: readonly Wake[]): unknown[] {
  const asked: unknown[] = [];
  const armed = (what: string) => async (wakeUps: readonly AccountWakeUp[]) =>
    void asked.push(...wakeUps.map(({ dueAt }) => `${what} ${dueAt}`));
  const wake = makeWake({
    queue: { add: async (jobs: readonly QueuedJob[]) => void asked.push(...jobs) },
    looks: { arm: armed("look"), soon: (some) => some.filter(({ dueAt }) => dueAt <= SOON) },
    renewals: { arm: armed("renewal"), disarm: armed("no renewal") },
    writeOffs: { arm: armed("write-off") },
    send: (_what, call) => void call(),
  });
  for (const work of works) wake(work);
  return asked;
}

test("a look now is a job of the account's one turn and without an id, which would swallow the next", () => {
  expect(wokenBy({ about: "look", accountId })).toEqual([
    { name: "account-look", data: { accountId }, turn: "look-acc_1" },
  ]);
});

test("mail waits in turn, and an event has the id of the event", () => {
  expect(wokenBy({ about: "mail" }, { about: "gateway_event", eventId: "evt_1" })).toEqual([
    { name: "send-mails", data: {}, turn: "mails" },
    { name: "gateway-event", data: { eventId: "evt_1" }, id: "event-evt_1" },
  ]);
});

test("a look to come is armed if it is soon, and otherwise costs nothing", () => {
  const at = (dueAt: typeof SOON): Wake => ({ about: "look_at", accountId, dueAt });
  expect(wokenBy(at(SOON), at(FAR))).toEqual([`look ${SOON}`]);
});

test("a renewal and a write-off are armed however far away they are", () => {
  expect(
    wokenBy(
      { about: "renewal", accountId, dueAt: FAR, before: null },
      { about: "write_off", accountId, dueAt: FAR },
    ),
  ).toEqual([`renewal ${FAR}`, `write-off ${FAR}`]);
});

test("a renewal with another date takes the old one away, and one with the same date is left alone", () => {
  const renewal = (dueAt: typeof SOON | null, before: typeof SOON | null): Wake => {
    return { about: "renewal", accountId, dueAt, before };
  };
  expect(wokenBy(renewal(FAR, SOON))).toEqual([`no renewal ${SOON}`, `renewal ${FAR}`]);
  expect(wokenBy(renewal(null, SOON))).toEqual([`no renewal ${SOON}`]);
  expect(wokenBy(renewal(SOON, SOON))).toEqual([]);
});
