import { expect, test, vi } from "vitest";
import { mintPostingId } from "./posting-id.ts";

test("ids grow, however many are minted in one millisecond, and stay exact", () => {
  const ids = Array.from({ length: 10_000 }, mintPostingId);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  expect(ids.every(Number.isSafeInteger)).toBe(true);
});

test("ids go on growing when the clock is set back", () => {
  const before = mintPostingId();
  vi.useFakeTimers({ now: Date.now() - 86_400_000 });
  try {
    expect(mintPostingId()).toBeGreaterThan(before);
  } finally {
    vi.useRealTimers();
  }
});

test("ids stay exact until 2150", () => {
  vi.useFakeTimers({ now: Date.UTC(2149, 11, 31) });
  try {
    expect(Number.isSafeInteger(mintPostingId())).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
