import { openForReading } from "@scanmeter/db";
import type { World } from "./world.ts";

/**
 * Makes the write that grants bought credits fail half-way, as a bug in it would: what reads and
 * decides has run, and what was to be stored is not.
 */
export async function breakGrants(world: World): Promise<{ repair(): Promise<void> }> {
  const url = `file:${world.databasePath}`;
  const execute = async (sql: string) => {
    const { client, close } = await openForReading({ url });
    await client.executeMultiple(`PRAGMA query_only = OFF; ${sql}`);
    close();
  };
  await execute(`CREATE TRIGGER sabotage BEFORE INSERT ON entries WHEN NEW.from_account = 'purchases'
    BEGIN SELECT RAISE(ABORT, 'it broke half-way'); END`);
  return { repair: () => execute("DROP TRIGGER sabotage") };
}
