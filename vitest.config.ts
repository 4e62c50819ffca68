import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const slow = "**/*.slow.test.{ts,mjs}";
const endToEnd = "**/*.e2e.test.{ts,mjs}";
const generated = ["**/node_modules/**", "**/dist/**", "**/.*/**"];

/** What takes longest begins first, so that nothing waits for it alone in the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.includes("every-page");
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

/**
 * Three kinds of tests by their file name. `npm run check` runs the first,
 * `npm test` all of them. Nothing is retried: a test that fails sometimes has
 * found something.
 */
export default defineConfig({
  test: {
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    retry: 0,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // No test here changes what another file could see, and a fresh world for each of them
          // would cost as much as their tests.
          isolate: false,
          include: ["**/*.test.{ts,mjs}"],
          exclude: [...generated, slow, endToEnd],
          testTimeout: 10_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: [slow],
          exclude: generated,
          // One more than there are processors: many wait for what other processes do.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [endToEnd],
          exclude: generated,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
