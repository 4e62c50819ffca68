import { expect, test, vi } from "vitest";
import { mintId } from "./mint-id.ts";

test("ids sort by when they were minted, however many in one millisecond, and none repeats", () => {
  const ids = Array.from({ length: 10_000 }, () => mintId("scan"));
  expect(ids).toEqual([...new Set(ids)].sort());
});

test("ids say what they are and hold nothing that needs quoting", () => {
  const shape = /^[0-9a-hjkmnp-tv-z]{26}$/;
  for (const [kind, prefix] of [
    ["account", "acc"],
    ["lot", "lot"],
    ["scan", "scan"],
    ["target", "tgt"],
    ["runnerKey", "rk"],
  ] as const) {
    const [itsPrefix, rest] = mintId(kind).split("_") as [string, string];
    expect(itsPrefix).toBe(prefix);
    expect(rest).toMatch(shape);
  }
});

test("ids go on sorting when the clock is set back, and by its millisecond when it goes on", () => {
  const before = mintId("lot");
  vi.useFakeTimers({ now: Date.now() - 86_400_000 });
  try {
    const back = mintId("lot");
    vi.setSystemTime(Date.now() + 2 * 86_400_000);
    const on = mintId("lot");
    expect([on, back, before].sort()).toEqual([before, back, on]);
  } finally {
    vi.useRealTimers();
  }
});
