/** A temporary folder with a Redis of its own, run as `npm start` runs it. Both are gone afterwards. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "../scripts/redis.mjs";

export interface PrivateFolder {
  readonly path: string;
  readonly redisUrl: string;
  remove(): Promise<void>;
}

export async function openPrivateFolder(): Promise<PrivateFolder> {
  const path = mkdtempSync(join(tmpdir(), "scanmeter-bench-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  const redis = await startRedis({ dir: join(path, "redis") });
  return {
    path,
    redisUrl: redis.url,
    async remove() {
      await redis.stop();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
