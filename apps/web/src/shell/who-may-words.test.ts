import { expect, test } from "vitest";
import { whoMay } from "./who-may-words.ts";

test("whoever may not do something reads who may, and whom to ask", () => {
  const revoke = { who: "owners", to: "revoke keys" } as const;
  expect(whoMay(revoke, ["Ada Lovelace"], "en")).toBe(
    "Only owners of this account can revoke keys. Ask Ada Lovelace.",
  );
  expect(whoMay(revoke, ["Ada", "Bob"], "en")).toMatch(/Ask Ada or Bob\.$/);
  expect(whoMay({ who: "buyers", to: "buy credits" }, [])).toBe(
    "Owners and billing managers of this account can buy credits.",
  );
});
