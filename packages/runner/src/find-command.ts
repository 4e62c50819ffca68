import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Whether the system would find the command. Asked before the scan is started, because a typing error
 * should not cost a credit.
 */
export function findCommand(
  file: string,
  searchPath: string,
): "found" | "missing" | "not_executable" {
  const candidates = file.includes("/")
    ? [file]
    : searchPath.split(delimiter).map((directory) => join(directory || ".", file));
  const existing = candidates.filter(isFile);
  if (existing.length === 0) return "missing";
  return existing.some(isExecutable) ? "found" : "not_executable";
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
