import { expect, test } from "vitest";
import { timesToFrames, whatIsWrong } from "./feeds.ts";

const told = [
  { key: 7, version: 1, at: 10 },
  { key: 7, version: 2, at: 20 },
  { key: 7, version: 3, at: 30 },
];
const one = [{ key: 7, newest: 3 }];

function frames(...received: [socket: number, version: number, at: number][]) {
  return {
    sockets: Uint32Array.from(received, ([socket]) => socket),
    versions: Uint32Array.from(received, ([, version]) => version),
    receivedAt: Float64Array.from(received, ([, , at]) => at),
  };
}

test("a change that was skipped is there with the first newer frame", () => {
  const { times, lost } = timesToFrames(frames([0, 1, 11], [0, 3, 34]), one, told);
  expect(times).toEqual([1, 14, 4]);
  expect(lost).toBe(0);
});

test("every socket that watches counts, and a change that one of them never saw is lost", () => {
  const two = [...one, { key: 7, newest: 2 }];
  const { times, lost } = timesToFrames(frames([1, 2, 22], [0, 3, 33]), two, told);
  expect(times).toEqual([12, 2, 23, 13, 3]);
  expect(lost).toBe(1);
});

test("frames of accounts that nobody changed are not counted", () => {
  expect(timesToFrames(frames([0, 5, 99]), [{ key: 8, newest: 5 }], told)).toEqual({
    times: [],
    lost: 0,
  });
});

test("a stand is right only if every socket is open, at the newest version and never went back", () => {
  const newest = new Map([[7, 3]]);
  const right = { sockets: one, wentBack: 0, closed: 0 };
  expect(whatIsWrong(right, newest)).toBeNull();
  expect(whatIsWrong({ ...right, closed: 1 }, newest)).toContain("closed");
  expect(whatIsWrong({ ...right, wentBack: 1 }, newest)).toContain("older");
  expect(whatIsWrong({ ...right, sockets: [{ key: 7, newest: 2 }] }, newest)).toContain("newest");
});
