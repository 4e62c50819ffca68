import { describe, expect, test } from "vitest";
import { isSameInstall, requireNode } from "./install.mjs";

const locked = {
  "": { name: "scanmeter" },
  "apps/edge": { version: undefined },
  "node_modules/hono": { version: "4.0.0", integrity: "sha512-a" },
  "node_modules/turbo-windows": { version: "2.0.0", integrity: "sha512-b", optional: true },
};
const { "": _root, "node_modules/turbo-windows": _windows, ...installed } = locked;

describe("what is installed is what is locked", () => {
  test("when only packages of other platforms are missing", () => {
    expect(isSameInstall(locked, installed)).toBe(true);
  });

  test("not when a package is missing", () => {
    const { "node_modules/hono": _hono, ...rest } = installed;
    expect(isSameInstall(locked, rest)).toBe(false);
  });

  test("not when a package has another version or other contents", () => {
    for (const change of [{ version: "4.0.1" }, { integrity: "sha512-c" }]) {
      const hono = { ...installed["node_modules/hono"], ...change };
      expect(isSameInstall(locked, { ...installed, "node_modules/hono": hono })).toBe(false);
    }
  });

  test("not when a package is there that the lock does not know", () => {
    const extra = { ...installed, "node_modules/stray": { version: "1.0.0" } };
    expect(isSameInstall(locked, extra)).toBe(false);
  });
});

test("an old Node is refused with a sentence, the oldest supported one is not", () => {
  expect(() => requireNode("20.18.3")).toThrow("Scanmeter needs Node 20.19 or newer");
  expect(() => requireNode("18.20.0")).toThrow();
  requireNode("20.19.0");
  requireNode("22.1.0");
});
