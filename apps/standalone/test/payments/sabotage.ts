/** Bugs and absences that the product itself would not bring about, done to its database beside it. */
import { openForReading } from "@scanmeter/db";
import type { World } from "./world.ts";

export interface Sabotage {
  repair(): Promise<void>;
}

/**
 * Makes the write that grants bought credits fail half-way, as a bug in it would: what reads and
 * decides has run, and what was to be stored is not.
 */
export const breakGrants = (world: World): Promise<Sabotage> =>
  breakWrites(world, "INSERT ON entries WHEN NEW.from_account = 'purchases'");

/** Once an automatic purchase is stored, or once its payment is made, nothing more is stored of it. */
export const breakPurchase = (world: World, once: "stored" | "created"): Promise<Sabotage> =>
  breakWrites(
    world,
    `UPDATE ON top_ups WHEN OLD.trigger <> 'manual'
      AND ${once === "stored" ? "true" : "OLD.payment_intent_id IS NOT NULL"}`,
  );

async function breakWrites(world: World, event: string): Promise<Sabotage> {
  await execute(
    world,
    `CREATE TRIGGER sabotage BEFORE ${event}
      BEGIN SELECT RAISE(ABORT, 'it broke half-way'); END`,
  );
  return { repair: () => execute(world, "DROP TRIGGER sabotage") };
}

/** While nothing runs the test clock goes on by itself, from when it was last kept. */
export const turnBackClock = (world: World, ms: number): Promise<void> =>
  execute(world, `UPDATE test_clock SET real_at = real_at - ${ms}`);

async function execute(world: World, sql: string): Promise<void> {
  const { client, close } = await openForReading({ url: `file:${world.databasePath}` });
  try {
    await client.executeMultiple(`PRAGMA query_only = OFF; ${sql}`);
  } finally {
    close();
  }
}
