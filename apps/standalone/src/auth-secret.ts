/** The secret that signs sessions in a sandbox. It outlives restarts, so that nobody is signed out by one. */
import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LENGTH_MIN = 32;

export function keptAuthSecret(dataDir: string): string {
  const path = join(dataDir, "auth-secret");
  const kept = readIfThere(path);
  if (kept !== null && kept.length >= LENGTH_MIN) return kept;
  const secret = randomBytes(48).toString("base64url");
  // Renamed into place: a file that is there is whole.
  writeFileSync(`${path}.new`, `${secret}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return secret;
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
