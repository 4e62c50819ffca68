/**
 * Owns a database as the product does, for tests that need another process to: opens the one it is
 * given, says so or why not, and then writes what it is told to, one line for each answer.
 */
import { createInterface } from "node:readline";
import { openDatabase } from "../../client.ts";
import { DatabaseUnavailable } from "../../failures.ts";

const say = (told: object) => process.stdout.write(`${JSON.stringify(told)}\n`);

function sayFailure(error: unknown): void {
  const { name, message } = error as Error;
  say({ name, message, reason: error instanceof DatabaseUnavailable ? error.reason : null });
}

try {
  const db = await openDatabase({ url: process.argv[2] as string });
  say({ opened: true });
  for await (const sql of createInterface({ input: process.stdin })) {
    try {
      const results = await db.write(sql.split(";").filter(Boolean));
      say({ rows: results.map(({ rows }) => rows) });
    } catch (error) {
      sayFailure(error);
    }
  }
  db.close();
} catch (error) {
  sayFailure(error);
}
