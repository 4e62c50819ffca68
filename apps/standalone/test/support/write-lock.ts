import { openForReading } from "@scanmeter/db";

/** Holds the write lock of a database, as a program would that somebody opened it with and forgot. */
export async function holdWriteLock(path: string): Promise<{ release(): Promise<void> }> {
  const { client, close } = await openForReading({ url: `file:${path}` });
  await client.executeMultiple("PRAGMA query_only = OFF; BEGIN IMMEDIATE");
  return {
    async release() {
      await client.executeMultiple("ROLLBACK");
      close();
    },
  };
}
