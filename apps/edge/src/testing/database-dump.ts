import type { Database } from "@scanmeter/db";

/**
 * Everything the database says, table by table, but for what changes by merely being asked: when a
 * key was last used, and the rows of sessions and of the service itself.
 */
export async function dumpOf(database: Database): Promise<Record<string, string[]>> {
  const { rows: tables } = await database.read(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
      AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT IN ('auth_session', 'service', 'test_clock')
      ORDER BY name`,
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of tables as unknown as { name: string }[]) {
    const { rows } = await database.read(`SELECT * FROM ${name}`);
    dump[name] = rows.map((row) => JSON.stringify({ ...row, last_used_at: null })).sort();
  }
  return dump;
}
