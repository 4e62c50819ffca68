/**
 * Where the running instance listens for the operator. A Unix socket's path may have only about a
 * hundred bytes, so below a deep DATA_DIR the socket lives in the system's temporary folder, under a
 * name that follows from DATA_DIR; a file beside the data says where, for whoever looks for it.
 */
import { createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const PATH_BYTES_MAX = 100;

export function opsSocketPath(dataDir: string): string {
  const path = join(dataDir, "ops.sock");
  return Buffer.byteLength(path) <= PATH_BYTES_MAX ? path : hashedPath(dataDir);
}

function hashedPath(dataDir: string): string {
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 24);
  return join(tmpdir(), `scanmeter-${userInfo().uid}-${name}.sock`);
}

export function noteSocketPath(dataDir: string, path: string): void {
  const note = join(dataDir, "ops.socket-path");
  if (path === join(dataDir, "ops.sock")) rmSync(note, { force: true });
  else writeFileSync(note, `${path}\n`, { mode: 0o600 });
}
