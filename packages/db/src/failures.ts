/** What can go wrong with a database, told so that somebody can do something about it. */
export type UnavailableReason =
  | "locked"
  | "overloaded"
  | "owned"
  | "full"
  | "read_only"
  | "missing"
  | "corrupt"
  | "unreachable"
  | "unsuitable";

/**
 * The database cannot do it now. Nothing was written, unless the answer of a server was lost on its
 * way: whoever asks again with the same key finds out. The message is one sentence for the operator.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }

  /** It was refused before anything was done and may go by itself within seconds. */
  get isPassing(): boolean {
    return this.reason === "locked" || this.reason === "overloaded";
  }
}

/** A row that must not exist was about to be written: somebody else was first, or a bug was stopped. */
export class ConstraintViolated extends Error {
  override readonly name = "ConstraintViolated";
  /**
   * The writer lost a race it may run again after reading anew: the account or the scan has moved on
   * since, or the posting with this key is there already.
   */
  readonly isConflict: boolean;

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.isConflict =
      message.includes("conflict:") || message.includes("UNIQUE constraint failed: postings.");
  }
}

type Told = readonly [reason: UnavailableReason, sentence: string];

const LOCKED: Told = [
  "locked",
  "The database is locked by another program; close it and try again.",
];
const DAMAGED: Told = ["corrupt", "The database file is damaged; restore it from a backup."];

/** By SQLite's primary result code: the number a file answers with and the name a server answers with. */
const sqliteFailures: readonly (readonly [code: number, name: string, told: Told])[] = [
  [5, "SQLITE_BUSY", LOCKED],
  [6, "SQLITE_LOCKED", LOCKED],
  [15, "SQLITE_PROTOCOL", LOCKED],
  [13, "SQLITE_FULL", ["full", "The disk is full; free some space, nothing was lost."]],
  [
    10,
    "SQLITE_IOERR",
    ["full", "The disk refused a write; check its space and health, nothing was lost."],
  ],
  [
    8,
    "SQLITE_READONLY",
    ["read_only", "The database cannot be written; check the permissions of its file and folder."],
  ],
  [
    14,
    "SQLITE_CANTOPEN",
    [
      "read_only",
      "The database cannot be opened; check that its folder exists and may be written.",
    ],
  ],
  [11, "SQLITE_CORRUPT", DAMAGED],
  [
    26,
    "SQLITE_NOTADB",
    ["corrupt", "The file is not a database; check DATABASE_URL or restore it from a backup."],
  ],
];

const SQLITE_CONSTRAINT = 19;

/**
 * Gives an error of the client the kind somebody can act on; anything unknown stays what it was.
 * A server sends no extended code and the binding knows no name for some codes of its own, so the
 * numbers, the names and the messages are all looked at.
 */
export function failureOf(error: unknown): unknown {
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (link instanceof DatabaseUnavailable || link instanceof ConstraintViolated) return link;
    const failure = sqliteFailureOf(link, error);
    if (failure !== null) return failure;
  }
  return error;
}

export function isLocked(error: unknown): boolean {
  const failure = failureOf(error);
  return failure instanceof DatabaseUnavailable && failure.reason === "locked";
}

function sqliteFailureOf(link: Error, cause: unknown): Error | null {
  const code = primaryCodeOf(link);
  const name = nameOf(link);
  if (code === SQLITE_CONSTRAINT || name.startsWith("SQLITE_CONSTRAINT")) {
    return new ConstraintViolated(link.message, cause);
  }
  const known = sqliteFailures.find(
    ([number, itsName]) => code === number || (name !== "" && name.startsWith(itsName)),
  );
  return known === undefined ? null : new DatabaseUnavailable(...known[2], cause);
}

function nameOf(link: Error): string {
  return String((link as { code?: unknown }).code ?? "");
}

/** Of an extended result code the low byte. A file that cannot be opened carries it only in its text. */
function primaryCodeOf(link: Error): number | null {
  const { rawCode } = link as { rawCode?: unknown };
  if (typeof rawCode === "number") return rawCode & 0xff;
  const unopened = /Unable to open .*: (\d+)"\)$/s.exec(link.message)?.[1];
  return unopened === undefined ? null : Number(unopened) & 0xff;
}
