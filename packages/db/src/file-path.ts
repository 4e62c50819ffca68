import { realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * The path a `file:` URL names, with every symbolic link followed. Two URLs that mean one database
 * give one path, so that its lock is one lock too; SQLite itself follows the links for its log.
 */
export function filePathOf(url: string): string {
  const [path = ""] = url.replace(/^file:(\/\/(?=\/))?/, "").split(/[?#]/, 1);
  const wanted = resolve(decodeURIComponent(path));
  return (
    realPathOf(wanted) ?? join(realPathOf(dirname(wanted)) ?? dirname(wanted), basename(wanted))
  );
}

/** Undefined while there is no such file. */
function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
