import { describe, expect, test } from "vitest";
import {
  decodeLiveNotices,
  encodeLiveNotices,
  jobIdForGatewayEvent,
  jobIdForLook,
  jobIdForRenewal,
  jobIdForScanDue,
  jobIdForTopUpDue,
  jobIdForWriteOff,
  jobNames,
  paymentJobNames,
  turnOfLook,
} from "./jobs.ts";

/** What the queue takes as the id of a job: no colon and no bare number. */
const isTaken = (id: string) => !id.includes(":") && !/^\d+$/.test(id);

describe("the id of a job", () => {
  test.each(["evt_1S2xYz", "evt:1:2", "1234567890", ""])(
    "the queue takes it for any event the gateway may name (%j)",
    (eventId) => {
      expect(isTaken(jobIdForGatewayEvent({ eventId }))).toBe(true);
    },
  );

  test("is the same for the same event, so telling of it twice is one job", () => {
    const stored = { eventId: "evt_1" };
    expect(jobIdForGatewayEvent({ ...stored })).toBe(jobIdForGatewayEvent(stored));
    expect(jobIdForGatewayEvent({ eventId: "evt_2" })).not.toBe(jobIdForGatewayEvent(stored));
  });

  test("is another one for another step of the same purchase or hour of the same scan", () => {
    const topUp = { accountId: "acc_1", topUpId: "tup_1", dueAt: 1_000 };
    const scan = { accountId: "acc_1", scanId: "scn_1", hour: 2, dueAt: 1_000 };
    const ids = [
      jobIdForTopUpDue(topUp),
      jobIdForTopUpDue({ ...topUp, dueAt: 1_001 }),
      jobIdForScanDue(scan),
      jobIdForScanDue({ ...scan, hour: 3 }),
      jobIdForScanDue({ ...scan, dueAt: 1_001 }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every(isTaken)).toBe(true);
  });

  test("is another one for another instant of an account, and for another reason to wake up then", () => {
    const due = { accountId: "acc_1", dueAt: 1_000 };
    const ids = [jobIdForLook, jobIdForRenewal, jobIdForWriteOff].flatMap((idOf) => [
      idOf(due),
      idOf({ ...due, dueAt: 1_001 }),
      idOf({ ...due, accountId: "acc_2" }),
    ]);
    expect(new Set([...ids, turnOfLook(due)]).size).toBe(ids.length + 1);
    expect(ids.every(isTaken)).toBe(true);
  });
});

test("no job of one queue is named like a job of the other", () => {
  const names: string[] = [...Object.values(jobNames), ...Object.values(paymentJobNames)];
  expect(new Set(names).size).toBe(names.length);
});

test("live notices arrive as they were sent, and what is no notice is left out", () => {
  const notices = [
    { accountId: "acc_1", version: 7 },
    { accountId: "acc_2", version: 1 },
  ];
  expect(decodeLiveNotices(encodeLiveNotices(notices))).toEqual(notices);
  expect(decodeLiveNotices("acc_1 many\n\nacc_2 1")).toEqual([{ accountId: "acc_2", version: 1 }]);
});
