/** A ledger as long as years of scanning leave it, without a credit spent. */
import type { Person } from "../../apps/standalone/test/gallery/person.ts";

const IN_A_CALL = 10;
const CALLS_AT_ONCE = 10;

/** Two postings for each scan. */
export async function hasHistory(person: Person, postings: number): Promise<void> {
  const targetId = await person.addsTarget("Intranet", "unlimited");
  const call = async (path: string, inputs: readonly object[]) => {
    const { url, headers } = person.runner;
    const response = await fetch(`${url}/trpc/${inputs.map(() => path).join()}?batch=1`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(Object.fromEntries(inputs.entries())),
    });
    return (await response.json()) as { result: { data: { scanId: string } } }[];
  };
  const someScans = async () => {
    const starts = Array.from({ length: IN_A_CALL }, () => ({
      targetId,
      idempotencyKey: crypto.randomUUID(),
    }));
    const scans = await call("runner.startScan", starts);
    const ends = scans.map(({ result }) => ({
      scanId: result.data.scanId,
      outcome: "completed",
    }));
    await call("runner.finishScan", ends);
  };
  for (let booked = 0; booked < postings; booked += 2 * IN_A_CALL * CALLS_AT_ONCE)
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, someScans));
}
