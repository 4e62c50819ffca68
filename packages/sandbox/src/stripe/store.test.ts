import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./store.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "local-stripe-store-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

test("a closed store takes nothing more, not even what it was told before", () => {
  const store = openStore(dir);
  const remember = (value: string) =>
    store.run("insert or replace into settings (name, value) values ('word', ?)", value);
  remember("before");
  store.close();
  expect(() => remember("after")).toThrow();

  const again = openStore(dir);
  expect(again.setting("word")).toBe("before");
  again.close();
});
