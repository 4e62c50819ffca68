/**
 * Everything this Stripe remembers, in one SQLite file: the product stores ids of customers and
 * cards, and a Stripe that forgot them at a restart would turn all of them into "no such object".
 * Every call is synchronous, so a request is one transaction and nothing runs between its lines.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

/** What every resource has; the rest is known to the file that makes it. */
export interface Resource {
  id: string;
  object: string;
}

export interface ListQuery {
  readonly object: string;
  /** Fields of the object that must have this value, or one of these. */
  readonly where: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly createdFrom: number;
  readonly createdTo: number;
  /** A condition that looks at more than the object itself. */
  readonly also?: string | undefined;
  /** Only what is older than this object, or newer than this one. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

const TABLES = `
  create table if not exists settings (name text primary key, value text not null) without rowid;
  create table if not exists objects (
    seq integer primary key autoincrement, id text not null unique, object text not null,
    created integer not null, body text not null, facts text not null);
  create index if not exists objects_by_kind on objects (object, seq);
  create index if not exists objects_by_customer on objects (json_extract(body, '$.customer'));
  create index if not exists objects_by_payment_intent on objects (json_extract(body, '$.payment_intent'));
  create index if not exists objects_by_charge on objects (json_extract(body, '$.charge'));
  create table if not exists replies (
    key text primary key, fingerprint text not null, request_id text not null, status integer not null,
    body text not null, stored_at integer not null) without rowid;
  create index if not exists replies_by_age on replies (stored_at);
  create table if not exists tasks (
    id integer primary key autoincrement, due_at integer not null, kind text not null, subject text not null,
    details text not null);
  create index if not exists tasks_by_due on tasks (due_at);
  create table if not exists deliveries (
    id integer primary key autoincrement, event_id text not null, endpoint_id text not null,
    due_at integer not null, attempts integer not null default 0, state text not null, twist text not null,
    after_id integer, last_status integer, last_error text);
  create index if not exists deliveries_by_state on deliveries (state, due_at);
  create index if not exists deliveries_by_event on deliveries (event_id);
`;

export type Store = ReturnType<typeof openStore>;

export function openStore(dataDir: string) {
  mkdirSync(dataDir, { recursive: true });
  const unlock = lockFolder(dataDir);
  const db = openDatabase(join(dataDir, "local-stripe.db"));
  const statements = new Map<string, Database.Statement>();

  function sql(text: string): Database.Statement {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const prepared = db.prepare(text);
    statements.set(text, prepared);
    return prepared;
  }
  const rows = <Row>(text: string, ...values: unknown[]) => sql(text).all(...values) as Row[];
  const row = <Row>(text: string, ...values: unknown[]) =>
    (sql(text).get(...values) ?? undefined) as Row | undefined;
  const run = (text: string, ...values: unknown[]) => sql(text).run(...values);

  return {
    rows,
    row,
    run,

    /** Commits what `work` wrote, or nothing of it if it throws. */
    transaction<T>(work: () => T): T {
      db.exec("begin immediate");
      try {
        const value = work();
        db.exec("commit");
        return value;
      } catch (error) {
        db.exec("rollback");
        throw error;
      }
    },

    setting: (name: string) =>
      row<{ value: string }>("select value from settings where name = ?", name)?.value,
    setSetting: (name: string, value: string) =>
      run("insert or replace into settings (name, value) values (?, ?)", name, value),

    insert<T extends Resource>(object: T, created: number, facts: object = {}): T {
      run(
        "insert into objects (id, object, created, body, facts) values (?, ?, ?, ?, ?)",
        object.id,
        object.object,
        created,
        JSON.stringify(object),
        JSON.stringify(facts),
      );
      return object;
    },
    find<T extends Resource>(object: string, id: string): T | undefined {
      const found = row<{ body: string }>(
        "select body from objects where id = ? and object = ?",
        id,
        object,
      );
      return found && (JSON.parse(found.body) as T);
    },
    findAny: (id: string) => {
      const found = row<{ body: string }>("select body from objects where id = ?", id);
      return found && (JSON.parse(found.body) as Resource);
    },
    save<T extends Resource>(object: T): T {
      run("update objects set body = ? where id = ?", JSON.stringify(object), object.id);
      return object;
    },
    /** What we know about an object and do not show: the card behind it, the page that waits for it. */
    facts<F extends object>(id: string): F {
      const found = row<{ facts: string }>("select facts from objects where id = ?", id);
      return JSON.parse(found?.facts ?? "{}") as F;
    },
    saveFacts(id: string, facts: object): void {
      run("update objects set facts = ? where id = ?", JSON.stringify(facts), id);
    },
    remove: (id: string) => run("delete from objects where id = ?", id),

    /** Newest first. Before a cursor, the objects nearest to it. */
    list<T extends Resource>(query: ListQuery): T[] {
      const wanted = Object.entries(query.where).filter(([, value]) => value !== undefined);
      const values = wanted.map(([, value]) =>
        typeof value === "string" ? [value] : (value ?? []),
      );
      const conditions = wanted.map(
        ([name], at) =>
          `and json_extract(body, '$.${name}') in (${values[at]?.map(() => "?").join(", ")})`,
      );
      if (query.also !== undefined) conditions.push(`and ${query.also}`);
      const cursor = query.before ?? query.after;
      if (cursor !== undefined)
        conditions.push(
          `and seq ${query.before === undefined ? "<" : ">"} (select seq from objects where id = ?)`,
        );
      const found = rows<{ body: string }>(
        `select body from objects where object = ? and created >= ? and created <= ?
         ${conditions.join(" ")} order by seq ${query.before === undefined ? "desc" : "asc"} limit ?`,
        query.object,
        query.createdFrom,
        query.createdTo,
        ...values.flat(),
        ...(cursor === undefined ? [] : [cursor]),
        query.limit,
      );
      const objects = found.map(({ body }) => JSON.parse(body) as T);
      return query.before === undefined ? objects : objects.reverse();
    },

    reset(): void {
      for (const table of ["objects", "replies", "tasks", "deliveries", "settings"])
        db.exec(`delete from ${table}`);
    },
    close(): void {
      // The library's prepared statements go on writing to a closed file: a call that was held back
      // until now would leave an answer to what it did not do.
      statements.clear();
      db.close();
      unlock();
    },
  };
}

/** Two processes on one file would each answer from half the truth, so the second one is refused. */
function lockFolder(dataDir: string): () => void {
  const lock = new Database(join(dataDir, "local-stripe.lock"));
  try {
    // Held until it is let go or the process dies, however it dies.
    lock.exec("begin exclusive");
  } catch (error) {
    lock.close();
    throw new Error(`Another local Stripe already uses ${dataDir}.`, { cause: error });
  }
  return () => {
    lock.exec("rollback");
    lock.close();
  };
}

function openDatabase(path: string): Database.Database {
  const db = new Database(path);
  db.exec("pragma journal_mode = wal");
  // A killed process loses nothing; only a machine without power may lose the last moment.
  db.exec("pragma synchronous = normal");
  db.exec(TABLES);
  return db;
}
