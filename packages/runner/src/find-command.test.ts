import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findCommand } from "./find-command.ts";

const directory = mkdtempSync(join(tmpdir(), "scanmeter-runner-"));
afterAll(() => rmSync(directory, { recursive: true }));
writeFileSync(join(directory, "scanner"), "", { mode: 0o755 });
writeFileSync(join(directory, "notes"), "", { mode: 0o644 });

const searchPath = `/nowhere:${directory}`;

test("a command is found along the search path or by its own path", () => {
  expect(findCommand("scanner", searchPath)).toBe("found");
  expect(findCommand(join(directory, "scanner"), "")).toBe("found");
});

test("a typing error, a directory and a path through a file are missing", () => {
  expect(findCommand("scaner", searchPath)).toBe("missing");
  expect(findCommand(directory, searchPath)).toBe("missing");
  expect(findCommand(join(directory, "notes", "x"), searchPath)).toBe("missing");
});

test("a file that may not be executed is told apart from a missing one", () => {
  expect(findCommand("notes", searchPath)).toBe("not_executable");
});
