import { describe, expect, test } from "vitest";
import { BadForm, parseForm } from "./form.ts";

const parsed = (text: string) => JSON.parse(JSON.stringify(parseForm(text)));

describe("a form", () => {
  test.each([
    ["a=1&b=2", { a: "1", b: "2" }],
    ["card[number]=42&card[cvc]=1", { card: { number: "42", cvc: "1" } }],
    ["t[0]=a&t[1]=b", { t: { 0: "a", 1: "b" } }],
    ["t[]=a&t[]=b", { t: { 0: "a", 1: "b" } }],
    ["m[a%20b]=x%26y", { m: { "a b": "x&y" } }],
    ["d[0][type]=eu_vat", { d: { 0: { type: "eu_vat" } } }],
    ["", {}],
  ])("%s reads as %j", (text, value) => {
    expect(parsed(text)).toEqual(value);
  });

  test.each(["a[b=1", "[a]=1", "a]b=1", "a=1&a[b]=2", `a${"[b]".repeat(9)}=1`])(
    "%s is refused",
    (text) => {
      expect(() => parseForm(text)).toThrow(BadForm);
    },
  );

  test("a parameter called __proto__ is only a name", () => {
    const form = parseForm("__proto__[polluted]=1&constructor=2");
    expect(Object.keys(form)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});
