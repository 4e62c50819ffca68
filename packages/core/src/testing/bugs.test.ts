import { expect, test } from "vitest";
import { isTimeZone } from "../calendar.ts";
import { catchUp } from "../metering/catch-up.ts";
import { decideFinish } from "../metering/finish-scan.ts";
import { decideHeartbeat } from "../metering/heartbeat.ts";
import { decidePause } from "../metering/pause-scan.ts";
import { parseInstant } from "../units.ts";
import {
  aLot,
  aScan,
  at,
  books,
  listening,
  listeningFrom,
  lotId,
  noon,
  scanId,
} from "./builders.ts";

test("1 a runner that reports its end after an outage pays the hours of it", () => {
  const b = books({ now: at(150), lots: [aLot()], scans: [aScan({ lastSeenAt: at(10) })] });
  catchUp(b, listeningFrom(at(149)));
  decideFinish(b, b.scan(scanId("s"))!, { outcome: "completed", fault: null, by: "runner" });
  expect(b.scan(scanId("s"))!.hours.length).toBe(3);
});
test("2 an unproven hour of one scan does not spare another its hours", () => {
  const b = books({
    now: at(71),
    lots: [aLot()],
    scans: [
      aScan({ lastSeenAt: at(10) }),
      aScan({ id: "u", startedAt: at(5), lastSeenAt: at(71) }),
    ],
  });
  catchUp(b, listeningFrom(at(70)));
  decideFinish(b, b.scan(scanId("u"))!, { outcome: "completed", fault: null, by: "runner" });
  expect(b.scan(scanId("u"))!.hours.length).toBe(2);
});
test("3 a lost runner whose user paused it meanwhile gets the hour back", () => {
  const b = books({
    now: at(63),
    lots: [aLot()],
    scans: [
      aScan({
        hours: 2,
        lastSeenAt: at(58),
        state: "paused",
        pausedFor: "user",
        activeMs: 62 * 60_000,
        activeSince: null,
      }),
    ],
  });
  catchUp(b, listening);
  expect(b.scan(scanId("s"))!.hours.length).toBe(1);
});
test("4 a pause by the runner is a sign of life", () => {
  const b = books({
    now: at(62),
    lots: [aLot()],
    scans: [aScan({ hours: 2, lastSeenAt: at(58) })],
  });
  decidePause(b, b.scan(scanId("s"))!, "runner");
  expect(b.scan(scanId("s"))!.lastSeenAt).toBe(at(62));
});
test("5 returning a repaid debt hour never overfills", () => {
  const lots = [
    aLot({ id: "a", granted: 1, remaining: 0, expiresAt: at(9999) }),
    aLot({ id: "b", granted: 1, remaining: 0, expiresAt: at(8888) }),
  ];
  const scan = aScan({
    hours: [
      { version: 1, boundary: noon, lotId: lotId("a") },
      { version: 2, boundary: at(60), lotId: null },
    ],
    lastSeenAt: at(70),
  });
  const b = books({ now: at(70), lots, scans: [scan] });
  decideFinish(b, scan, { outcome: "failed", fault: "platform", by: "runner" });
  expect(b.account.balance).toBe(2);
});
test("6 two hours due at the same instant and one credit: the order of reading does not matter", () => {
  const s = aScan({ id: "a", lastSeenAt: at(59) }),
    u = aScan({ id: "b", lastSeenAt: at(59) });
  const one = books({ now: at(60), lots: [aLot({ remaining: 1 })], scans: [s, u] });
  const two = books({ now: at(60), lots: [aLot({ remaining: 1 })], scans: [u, s] });
  catchUp(one, listening);
  catchUp(two, listening);
  expect(one.scan(s.id)!.state).toBe(two.scan(s.id)!.state);
});
test("7 forfeits only the returned credit", () => {
  // s unproven holds back the breakage of lot a; u fails through our fault and returns one credit to a.
  const lots = [aLot({ granted: 3, remaining: 2, expiresAt: at(65) })];
  const b = books({
    now: at(71),
    lots,
    scans: [
      aScan({ lastSeenAt: at(10), hours: [{ version: 1, boundary: noon, lotId: lotId("x") }] }),
      aScan({ id: "u", startedAt: at(20), lastSeenAt: at(71) }),
    ],
  });
  catchUp(b, listeningFrom(at(70)));
  decideFinish(b, b.scan(scanId("u"))!, { outcome: "failed", fault: "platform", by: "runner" });
  decideHeartbeat(b, b.scan(scanId("s"))!, listeningFrom(at(70)));
  expect(b.scan(scanId("s"))!.hours.length).toBe(2);
});
test("8 impossible dates", () => {
  expect(parseInstant("2026-02-30T00:00Z")).toBe(undefined);
});
test("9 offsets", () => {
  expect(isTimeZone("+02:00")).toBe(false);
});
test("10 user pause in the unproven window, resumed and finished", () => {
  const b = books({ now: at(71), lots: [aLot()], scans: [aScan({ lastSeenAt: at(10) })] });
  catchUp(b, listeningFrom(at(70)));
  decideFinish(b, b.scan(scanId("s"))!, { outcome: "stopped", fault: null, by: "user" });
  const s = b.scan(scanId("s"))!;
  expect([s.hours.length, Math.ceil(s.activeMs / 3_600_000)]).toEqual([1, 1]);
});
