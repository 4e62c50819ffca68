/** Opens a new database again and again, one file after the other, until it is killed. */
import { join } from "node:path";
import { openDatabase } from "../../client.ts";

const [dir] = process.argv.slice(2) as [string];

process.stdout.write("ready\n");
for (let nth = 0; ; nth++) {
  const database = await openDatabase({ url: `file:${join(dir, `${nth}.db`)}` });
  database.close();
}
