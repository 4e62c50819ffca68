/**
 * The client for a file: one connection, whose prepared statements are kept. It stands on the same
 * binding as `@libsql/client`, whose own file client prepares every statement anew; on the write
 * path, where the same dozen statements run thousands of times a second, that was a third of the
 * time (docs/decisions/0004). It answers in the shape of that client, so libraries can use it.
 */
import type { Client, InArgs, InStatement, InValue, ResultSet, Row, TransactionMode } from "@libsql/client";
import Database from "libsql";

interface Prepared {
  readonly statement: Database.Statement<[unknown[]]>;
  /** Null for a statement that returns no rows. */
  readonly columns: readonly string[] | null;
}

/** Far more than the product has; statements built per call by a library may pass through. */
const STATEMENTS_KEPT = 500;

const begin: Record<TransactionMode, string> = {
  write: "BEGIN IMMEDIATE",
  read: "BEGIN",
  deferred: "BEGIN",
};

export function createFileClient(url: string): Client {
  return new FileClient(url.slice("file:".length));
}

class FileClient implements Client {
  readonly protocol = "file";
  readonly #path: string;
  readonly #statements = new Map<string, Prepared>();
  #connection: Database.Database;

  constructor(path: string) {
    this.#path = path;
    this.#connection = new Database(path);
  }

  get closed(): boolean {
    return !this.#connection.open;
  }

  async execute(statement: InStatement, args?: InArgs): Promise<ResultSet> {
    return this.#run(typeof statement === "string" ? { sql: statement, args: args ?? [] } : statement);
  }

  /** Runs without a pause from BEGIN to COMMIT, so nothing in this process comes between. */
  async batch(
    statements: (InStatement | [string, InArgs?])[],
    mode: TransactionMode = "deferred",
  ): Promise<ResultSet[]> {
    this.#run({ sql: begin[mode], args: [] });
    try {
      const results = statements.map((statement) =>
        this.#run(
          Array.isArray(statement)
            ? { sql: statement[0], args: statement[1] ?? [] }
            : typeof statement === "string"
              ? { sql: statement, args: [] }
              : statement,
        ),
      );
      this.#run({ sql: "COMMIT", args: [] });
      return results;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  async migrate(statements: InStatement[]): Promise<ResultSet[]> {
    this.#run({ sql: "PRAGMA foreign_keys = OFF", args: [] });
    try {
      return await this.batch(statements, "write");
    } finally {
      this.#run({ sql: "PRAGMA foreign_keys = ON", args: [] });
    }
  }

  async executeMultiple(sql: string): Promise<void> {
    this.#connection.exec(sql);
  }

  transaction(): never {
    throw new Error("Interactive transactions are not used here: decide first, then write one batch.");
  }

  sync(): never {
    throw new Error("A file database has nothing to synchronise with.");
  }

  async reconnect(): Promise<void> {
    this.close();
    this.#connection = new Database(this.#path);
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.open) this.#connection.close();
  }

  #run(wanted: { readonly sql: string; readonly args?: InArgs | undefined }): ResultSet {
    const { statement, columns } = this.#prepare(wanted.sql);
    const args = positional(wanted.args ?? []);
    if (columns === null) {
      const { changes, lastInsertRowid } = statement.run(args);
      return resultSet([], [], changes, BigInt(lastInsertRowid));
    }
    const rows = (statement.all(args) as unknown[][]).map((row) => named(row, columns));
    return resultSet(columns, rows, 0, undefined);
  }

  #prepare(sql: string): Prepared {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#connection.prepare(sql);
    const columns = statement.reader ? statement.columns().map(({ name }) => name) : null;
    if (columns !== null) statement.raw(true);
    const prepared = { statement, columns };
    // A pragma's answer depends on when it is prepared, and those few are not worth keeping.
    if (sql.startsWith("PRAGMA")) return prepared;
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #rollBack(): void {
    if (!this.#connection.open || !this.#connection.inTransaction) return;
    // A statement that failed half-way must not stand in the way of the next commit.
    this.#statements.clear();
    this.#connection.exec("ROLLBACK");
  }
}

function positional(args: InArgs): unknown[] {
  if (!Array.isArray(args)) throw new TypeError("Statements here take their arguments by position.");
  return args.map(sqlValueOf);
}

function sqlValueOf(value: InValue): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return value.getTime();
  if (value === undefined) throw new TypeError("An argument of a statement is undefined.");
  return value;
}

/** Values by index, as they came, and by name. */
function named(row: unknown[], columns: readonly string[]): Row {
  columns.forEach((column, index) => {
    (row as unknown as Record<string, unknown>)[column] = row[index];
  });
  return row as unknown as Row;
}

function resultSet(
  columns: readonly string[],
  rows: Row[],
  rowsAffected: number,
  lastInsertRowid: bigint | undefined,
): ResultSet {
  return {
    columns: [...columns],
    columnTypes: columns.map(() => ""),
    rows,
    rowsAffected,
    lastInsertRowid,
    toJSON: () => ({ columns, rows, rowsAffected }),
  };
}
