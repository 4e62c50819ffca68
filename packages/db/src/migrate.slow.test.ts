import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDatabase, openForReading } from "./client.ts";
import { startProgram, tempFolder } from "./testing/index.ts";

const KILLS = 12;

// At the moment of the kill the newest file may be anywhere between empty and migrated.
test("a migration that is killed at any moment is finished by whoever opens the file next", async () => {
  for (let kill = 0; kill < KILLS; kill++) {
    const dir = tempFolder();
    const migrator = await startProgram("migrator", [dir]);
    expect(await migrator.says()).toBe("ready");
    await delay(10 + Math.random() * 40);
    await migrator.kill("SIGKILL");
    const newest = readdirSync(dir)
      .filter((name) => name.endsWith(".db"))
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .at(-1);
    if (newest !== undefined) {
      const url = `file:${join(dir, newest)}`;
      const reader = await openForReading({ url });
      const before = (await reader.read("SELECT name FROM sqlite_schema WHERE type = 'table'")).rows
        .length;
      reader.close();
      const database = await openDatabase({ url });
      const after = (await database.read("SELECT name FROM sqlite_schema WHERE type = 'table'"))
        .rows.length;
      // Nothing, the journal of migrations alone, or everything.
      expect([0, 1, after]).toContain(before);
      expect(after).toBeGreaterThan(10);
      expect((await database.read("PRAGMA integrity_check")).rows[0]?.[0]).toBe("ok");
      database.close();
    }
    rmSync(dir, { recursive: true, force: true });
  }
});
