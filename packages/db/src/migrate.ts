import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Client } from "@libsql/client";
import { drizzle } from "drizzle-orm/libsql";
import { migrate as applyMigrations } from "drizzle-orm/libsql/migrator";
import { DatabaseUnavailable, failureOf } from "./failures.ts";

/** The committed SQL, beside the sources or, in a bundle, beside the bundle. */
function migrationsFolder(): string {
  const places = ["../migrations", "./migrations"].map((place) =>
    fileURLToPath(new URL(place, import.meta.url)),
  );
  const found = places.find((place) => existsSync(`${place}/meta/_journal.json`));
  if (found === undefined)
    throw new Error(`The SQL migrations are missing; looked in ${places.join(" and ")}.`);
  return found;
}

/** Applies what is new, whole or not at all. */
export async function migrate(client: Client, folder = migrationsFolder()): Promise<void> {
  const apply = () => applyMigrations(drizzle(client), { migrationsFolder: folder });
  try {
    await apply();
  } catch (error) {
    if (failureOf(error) instanceof DatabaseUnavailable) throw error;
    // Of several processes that start at once over a server, one migrates and the others find its
    // tables in their way. When they look again there is nothing left to do.
    await apply();
  }
}
