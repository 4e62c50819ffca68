/**
 * The client for a file: one connection, whose prepared statements are kept. It stands on the same
 * binding as `@libsql/client`, whose own file client prepares every statement anew; on the write
 * path, where the same dozen statements run thousands of times a second, that was a third of the
 * time (docs/decisions/0004). It answers in the shape of that client, so libraries can use it.
 *
 * A kept statement that was answered BUSY stays open on its connection, and what is written over that
 * connection next can be acknowledged and lost (docs/decisions/0002). So writes take the lock by a BEGIN
 * that is not kept and leaves nothing open when it is refused; and should a kept statement be answered
 * BUSY all the same, its connection is retired before anybody else can use it.
 */
import type {
  Client,
  InArgs,
  InStatement,
  InValue,
  ResultSet,
  Row,
  TransactionMode,
} from "@libsql/client";
import Database from "libsql";
import { isLocked } from "./failures.ts";

interface Prepared {
  readonly statement: Database.Statement<[unknown[]]>;
  /** Null for a statement that returns no rows. */
  readonly columns: readonly string[] | null;
}

interface Statement {
  readonly sql: string;
  readonly args: InArgs;
}

/** Far more than the product has; statements built per call by a library may pass through. */
const STATEMENTS_KEPT = 500;

/** Deferring the lock to the first write would be to lose the race for it in the middle of a batch. */
const begin: Record<TransactionMode, string> = {
  write: "BEGIN IMMEDIATE",
  read: "BEGIN",
  deferred: "BEGIN IMMEDIATE",
};

export class FileClient implements Client {
  readonly protocol = "file";
  readonly #path: string;
  readonly #prepareConnection: (connection: Database.Database) => void;
  readonly #statements = new Map<string, Prepared>();
  #connection: Database.Database | null = null;
  #isClosed = false;

  /** Opens nothing yet: the file is opened by its first use, and again after a connection was retired. */
  constructor(path: string, prepareConnection: (connection: Database.Database) => void) {
    this.#path = path;
    this.#prepareConnection = prepareConnection;
  }

  get closed(): boolean {
    return this.#isClosed;
  }

  async execute(statement: InStatement, args?: InArgs): Promise<ResultSet> {
    const wanted = statementOf(args === undefined ? statement : [statement as string, args]);
    const [result] = isQuery(wanted.sql)
      ? [this.#run(wanted)]
      : this.#inTransaction([wanted], "write");
    return result as ResultSet;
  }

  /** Runs without a pause from BEGIN to COMMIT, so nothing in this process comes between. */
  async batch(
    statements: (InStatement | [string, InArgs?])[],
    mode: TransactionMode = "deferred",
  ): Promise<ResultSet[]> {
    return this.#inTransaction(statements.map(statementOf), mode);
  }

  async migrate(statements: InStatement[]): Promise<ResultSet[]> {
    this.#open().exec("PRAGMA foreign_keys = OFF");
    try {
      return this.#inTransaction(statements.map(statementOf), "write");
    } finally {
      this.#open().exec("PRAGMA foreign_keys = ON");
    }
  }

  async executeMultiple(sql: string): Promise<void> {
    try {
      this.#open().exec(sql);
    } catch (error) {
      // A script that fails behind its own BEGIN must not leave everybody inside its transaction.
      this.#rollBack();
      throw error;
    }
  }

  /** Looks at the connection that is in use. */
  inspect(look: (connection: Database.Database) => void): void {
    look(this.#open());
  }

  transaction(): never {
    throw new Error(
      "Interactive transactions are not used here: decide first, then write one batch.",
    );
  }

  sync(): never {
    throw new Error("A file database has nothing to synchronise with.");
  }

  async reconnect(): Promise<void> {
    this.#retire();
  }

  close(): void {
    this.#isClosed = true;
    this.#retire();
  }

  #inTransaction(statements: readonly Statement[], mode: TransactionMode): ResultSet[] {
    const connection = this.#open();
    connection.exec(begin[mode]);
    try {
      const results = statements.map((statement) => this.#run(statement));
      connection.exec("COMMIT");
      return results;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #run({ sql, args }: Statement): ResultSet {
    const { statement, columns } = this.#prepare(sql);
    const values = positional(args);
    try {
      if (columns === null) {
        const { changes, lastInsertRowid } = statement.run(values);
        return resultSet([], [], changes, BigInt(lastInsertRowid));
      }
      const rows = (statement.all(values) as unknown[][]).map((row) => named(row, columns));
      return resultSet(columns, rows, 0, undefined);
    } catch (error) {
      // At once and not a turn later: in between, a neighbour's write could be lost.
      if (isLocked(error)) this.#retire();
      throw error;
    }
  }

  #prepare(sql: string): Prepared {
    const kept = this.#statements.get(sql);
    if (kept !== undefined) return kept;
    const statement = this.#open().prepare(sql);
    const columns = statement.reader ? statement.columns().map(({ name }) => name) : null;
    if (columns !== null) statement.raw(true);
    const prepared = { statement, columns };
    // A pragma's answer depends on when it is prepared, and those few are not worth keeping.
    if (sql.startsWith("PRAGMA")) return prepared;
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear();
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #open(): Database.Database {
    if (this.#isClosed) throw new Error("The database is closed.");
    if (this.#connection !== null) return this.#connection;
    const connection = new Database(this.#path);
    try {
      this.#prepareConnection(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    return connection;
  }

  #retire(): void {
    this.#rollBack();
    this.#statements.clear();
    this.#connection?.close();
    this.#connection = null;
  }

  #rollBack(): void {
    if (!this.#connection?.inTransaction) return;
    // A statement that failed half-way must not stand in the way of the next commit.
    this.#statements.clear();
    this.#connection.exec("ROLLBACK");
  }
}

/** Everything else takes the write lock first; a write hidden behind WITH finds it out by itself. */
function isQuery(sql: string): boolean {
  return /^\s*(SELECT|WITH|PRAGMA|EXPLAIN|VACUUM|VALUES)\b/i.test(sql);
}

function statementOf(statement: InStatement | [string, InArgs?]): Statement {
  if (typeof statement === "string") return { sql: statement, args: [] };
  if (Array.isArray(statement)) return { sql: statement[0], args: statement[1] ?? [] };
  return { sql: statement.sql, args: statement.args ?? [] };
}

function positional(args: InArgs): unknown[] {
  if (!Array.isArray(args))
    throw new TypeError("Statements here take their arguments by position.");
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
