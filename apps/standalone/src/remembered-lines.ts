/**
 * Which runners had a line to us, kept on disk by the sandbox, so that after a crash it knows whom to
 * expect back before its clock jumps.
 */
import { readFileSync, writeFileSync } from "node:fs";

const LOOK_EVERY_MS = 500;

export interface RememberedLines {
  /** The scans whose runners were connected when the process before this one ended. */
  readonly before: readonly string[];
  close(): void;
}

export function rememberLines(
  file: string,
  connectedScans: () => readonly { readonly scanId: string }[],
): RememberedLines {
  const before = readIds(file);
  let written = "";
  const look = setInterval(() => {
    const ids = JSON.stringify(connectedScans().map(({ scanId }) => scanId));
    // With nobody there the last list stays: everybody leaves when a process ends in order, too.
    if (ids === "[]" || ids === written) return;
    writeFileSync(file, ids);
    written = ids;
  }, LOOK_EVERY_MS);
  look.unref();
  return { before, close: () => clearInterval(look) };
}

function readIds(file: string): string[] {
  try {
    const ids: unknown = JSON.parse(readFileSync(file, "utf8"));
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    // Never written, or cut short by the crash: then nobody is expected.
    return [];
  }
}
