import { accessSync, constants, mkdirSync } from "node:fs";
import { StartFailure } from "./start-failure.ts";

/** Makes the folder everything is kept in, for this user only, and proves that it can be written. */
export function openDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StartFailure(
      `DATA_DIR ${dataDir} cannot be written (${(error as Error).message}): choose another folder or change its owner.`,
      { cause: error },
    );
  }
}
