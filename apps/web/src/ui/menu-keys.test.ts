import { describe, expect, test } from "vitest";
import { focusedAfterKey, focusedAfterLetter } from "./menu-keys.ts";

describe("keys in a menu", () => {
  const press = (key: string, focused: number) => focusedAfterKey(key, { focused, count: 3 });

  test("arrows go around at both ends", () => {
    expect(press("ArrowDown", 2)).toBe(0);
    expect(press("ArrowUp", 0)).toBe(2);
    expect(press("ArrowDown", 0)).toBe(1);
  });

  test("Home and End go to the ends", () => {
    expect(press("Home", 1)).toBe(0);
    expect(press("End", 1)).toBe(2);
  });

  test("other keys leave the focus where it is", () => {
    expect(press("Tab", 1)).toBeUndefined();
  });
});

describe("letters in a menu", () => {
  const labels = ["Account Overview", "Activity", "Sign out"];
  const type = (letter: string, focused: number) => focusedAfterLetter(letter, { focused, labels });

  test("go to the next item that starts with them, whatever the case", () => {
    expect(type("s", 0)).toBe(2);
    expect(type("A", 0)).toBe(1);
  });

  test("go around, and stay on the only match", () => {
    expect(type("a", 1)).toBe(0);
    expect(type("s", 2)).toBe(2);
  });

  test("that no item starts with, and keys that are no letters, do nothing", () => {
    expect(type("x", 0)).toBeUndefined();
    expect(type("Shift", 0)).toBeUndefined();
    expect(type(" ", 0)).toBeUndefined();
  });
});
