/** What can go wrong with a database, told so that somebody can do something about it. */
export type UnavailableReason = "locked" | "owned" | "full" | "read_only" | "corrupt" | "unreachable" | "unsuitable";

/** Nothing was written. The message is one sentence for the operator. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** A row that must not exist was about to be written: somebody else was first, or a bug was stopped. */
export class ConstraintViolated extends Error {
  override readonly name = "ConstraintViolated";
  /** The writer lost a race it may run again after reading anew. */
  readonly isConflict: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.isConflict =
      message.includes("conflict:") || /UNIQUE constraint failed: postings\.(id|account_id, postings\.version)/.test(message);
  }
}

const sentences: Record<string, [UnavailableReason, string]> = {
  SQLITE_BUSY: ["locked", "The database is locked by another program; close it and try again."],
  SQLITE_LOCKED: ["locked", "The database is locked by another program; close it and try again."],
  SQLITE_FULL: ["full", "The disk is full; free some space, nothing was lost."],
  SQLITE_IOERR: ["full", "The disk refused a write; check its space and health, nothing was lost."],
  SQLITE_READONLY: ["read_only", "The database cannot be written; check the permissions of its file and folder."],
  SQLITE_CANTOPEN: ["read_only", "The database cannot be opened; check that its folder exists and may be written."],
  SQLITE_CORRUPT: ["corrupt", "The database file is damaged; restore it from a backup."],
  SQLITE_NOTADB: ["corrupt", "The file is not a database; check DATABASE_URL or restore it from a backup."],
};

/**
 * Gives an error of the client the kind somebody can act on; anything unknown stays what it was.
 * A server sends no extended code, so the message is looked at too.
 */
export function failureOf(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof ConstraintViolated) return error;
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    const code = String((link as { code?: unknown }).code ?? "");
    const known = Object.entries(sentences).find(
      ([name]) => code.startsWith(name) || link.message.startsWith(`${name}:`),
    );
    if (known !== undefined) return new DatabaseUnavailable(...known[1], error);
    if (code.startsWith("SQLITE_CONSTRAINT") || /constraint failed|conflict:/i.test(link.message)) {
      return new ConstraintViolated(link.message, error);
    }
    if (code === "ECONNREFUSED" || code === "HRANA_WEBSOCKET_ERROR" || link.message === "fetch failed") {
      return new DatabaseUnavailable("unreachable", "The database server does not answer; check DATABASE_URL and that it runs.", error);
    }
  }
  return error;
}
