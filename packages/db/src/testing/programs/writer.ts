/**
 * Owns a database and writes to it in every way there is, many at a time, without a pause, until it
 * is killed. What was acknowledged it notes outside, in a file of its own, after the answer: whoever
 * reads both finds out whether an answer was kept. Now and then it notes how many files it holds open.
 */
import { appendFileSync, readdirSync } from "node:fs";
import { openDatabase } from "../../client.ts";
import { DatabaseUnavailable } from "../../failures.ts";

const [url, acknowledgements] = process.argv.slice(2) as [string, string];
const CALLERS = 8;

const db = await openDatabase({ url });
await db.write(["CREATE TABLE IF NOT EXISTS acknowledged (id INTEGER PRIMARY KEY) STRICT"]);

const noteHealth = () => {
  const files = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  appendFileSync(acknowledgements, `health ${files}\n`);
};

let next = 0;
const insert = (id: number) => ({ sql: "INSERT INTO acknowledged (id) VALUES (?)", args: [id] });

/** One write in one of the ways; the ids it holds. */
async function write(): Promise<number[]> {
  next += 1;
  const id = next * 10;
  const way = next % 4;
  if (way === 0) await db.client.execute(insert(id));
  else if (way === 1) await db.write([insert(id), insert(id + 1)]);
  else if (way === 2) await db.client.batch([insert(id)], "deferred");
  else await db.client.executeMultiple(`INSERT INTO acknowledged (id) VALUES (${id})`);
  return way === 1 ? [id, id + 1] : [id];
}

process.stdout.write("ready\n");
await Promise.all(
  Array.from({ length: CALLERS }, async () => {
    for (;;) {
      // A caller that was told to come back does; what it was refused was not acknowledged.
      const ids = await write().catch((error: unknown) => {
        if (error instanceof DatabaseUnavailable) return [];
        throw error;
      });
      appendFileSync(acknowledgements, ids.map((id) => `${id}\n`).join(""));
      if ((ids[0] ?? 0) % 500 === 0) noteHealth();
      await db.read("SELECT count(*) FROM acknowledged");
    }
  }),
);
