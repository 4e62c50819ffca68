import type { Database } from "@scanmeter/db";

export interface AuditCheck {
  readonly id: string;
  readonly title: string;
  /** The first thing found broken, or null. */
  readonly broken: string | null;
}

export interface Check {
  readonly id: string;
  readonly title: string;
  run(db: Database): Promise<string | null>;
}

/** A query that finds nothing as long as the invariant holds; its first column says what is broken. */
export function finds(id: string, title: string, sql: string): Check {
  return {
    id,
    title,
    async run(db) {
      const { rows } = await db.read(sql);
      return rows[0] === undefined ? null : String(rows[0][0]);
    },
  };
}
