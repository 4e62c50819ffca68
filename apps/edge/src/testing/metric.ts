import type { TestEdge } from "./test-edge.ts";

/** The sum of a metric over its labels, as Prometheus would read it. */
export async function metricOf(on: TestEdge, name: string): Promise<number> {
  const text = await on.edge.metrics.metrics();
  const lines = text.split("\n").filter((line) => new RegExp(`^${name}(\\{| )`).test(line));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

const LOOK_EVERY_MS = 10;
const LOOK_FOR_MS = 5_000;

/** Settles when a condition holds that nothing reports; fails the test when it never does. */
export async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + LOOK_FOR_MS;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error("it never came true");
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
