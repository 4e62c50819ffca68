import { describe, expect, test } from "vitest";
import { Attempts } from "./attempts.ts";

const rule = { window: 60, max: 3 };
const fine = { allowed: true, retryAfter: null };

function attempts(options: { readonly keysMax?: number } = {}) {
  let now = 0;
  const counted = new Attempts({ ...options, now: () => now });
  return {
    pass: (ms: number) => {
      now += ms;
    },
    tryTo: (key: string, by = rule) => counted.consume(key, by),
    async tryTimes(times: number, key: string) {
      for (let at = 0; at < times; at++) expect(await counted.consume(key, rule)).toEqual(fine);
    },
  };
}

describe("attempts", () => {
  test("are let through up to the limit, and refused with the seconds left from there on", async () => {
    const { tryTimes, tryTo, pass } = attempts();
    await tryTimes(3, "ada");
    expect(await tryTo("ada")).toEqual({ allowed: false, retryAfter: 60 });
    pass(58_001);
    expect(await tryTo("ada")).toEqual({ allowed: false, retryAfter: 2 });
  });

  test("that come at once are counted one by one", async () => {
    const { tryTo } = attempts();
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => tryTo("ada")));
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
  });

  test("are counted anew once a whole window has passed since the latest that was let through", async () => {
    const { tryTimes, tryTo, pass } = attempts();
    await tryTimes(2, "ada");
    pass(59_999);
    await tryTimes(1, "ada");
    pass(59_999);
    expect(await tryTo("ada")).toEqual({ allowed: false, retryAfter: 1 });
    pass(1);
    await tryTimes(3, "ada");
    expect((await tryTo("ada")).allowed).toBe(false);
  });

  test("of one address are no business of another's", async () => {
    const { tryTimes, tryTo } = attempts();
    await tryTimes(3, "ada");
    await tryTimes(3, "bob");
    expect((await tryTo("ada")).allowed).toBe(false);
  });

  test("of too many addresses are forgotten where there were none for longest", async () => {
    const { tryTimes, tryTo } = attempts({ keysMax: 2 });
    await tryTimes(1, "ada");
    await tryTimes(3, "bob");
    await tryTimes(2, "ada");
    await tryTimes(1, "cy");
    expect((await tryTo("ada")).allowed).toBe(false);
    await tryTimes(3, "bob");
  });
});
