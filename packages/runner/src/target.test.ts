import { expect, test } from "vitest";
import type { RunnerTarget } from "./client.ts";
import { findTarget } from "./target.ts";

const aTarget = (id: string, url: string): RunnerTarget => ({
  id,
  url,
  name: null,
  mode: "credits",
});
const shop = aTarget("tgt_1", "https://shop.example/");
const blog = aTarget("tgt_2", "https://blog.example");

test.each([
  ["its id", "tgt_1", shop],
  ["its exact url", "https://shop.example/", shop],
  ["its url without the slash", "https://shop.example", shop],
  ["its url with a slash more", "https://blog.example/", blog],
])("a target is found by %s", (_how, wanted, target) => {
  expect(findTarget([shop, blog], wanted)).toEqual({ found: true, target });
});

test("an exact url wins over one that differs by a slash", () => {
  const bare = aTarget("tgt_3", "https://shop.example");
  expect(findTarget([shop, bare], "https://shop.example")).toEqual({ found: true, target: bare });
});

test("a url of several targets is refused with their ids", () => {
  const twin = aTarget("tgt_9", shop.url);
  expect(findTarget([shop, twin], shop.url)).toEqual({
    found: false,
    why: 'several targets are at "https://shop.example/", choose one by its id: tgt_1, tgt_9',
  });
});

test("an unknown target is refused with what exists, ten at most", () => {
  const many = Array.from({ length: 12 }, (_, n) => aTarget(`tgt_${n}`, `https://${n}.example`));
  const result = findTarget(many, "https://shop.exampel");
  expect(result.found ? "" : result.why).toMatch(
    /^there is no target "https:\/\/shop.exampel"; there are tgt_0 .*tgt_9 \(.*\), and 2 more$/,
  );
});

test("an account without targets is told where to create one", () => {
  expect(findTarget([], "x")).toMatchObject({ why: expect.stringContaining("no targets yet") });
});
