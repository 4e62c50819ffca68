import { defineConfig } from "vitest/config";

const slow = "**/*.slow.test.{ts,mjs}";
const endToEnd = "**/*.e2e.test.{ts,mjs}";
const generated = ["**/node_modules/**", "**/dist/**", "**/.*/**"];
/** The sign-in library counts attempts per process, so whoever signs in needs one to themselves. */
const signsIn = ["apps/edge/**/*.test.ts", "apps/standalone/**/*.test.ts"];
const quickly = { testTimeout: 10_000, hookTimeout: 20_000 };

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
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          // No test here changes what another file could see, and a fresh world for each of them
          // would cost as much as their tests.
          isolate: false,
          include: ["**/*.test.{ts,mjs}"],
          exclude: [...generated, ...signsIn, slow, endToEnd],
          ...quickly,
        },
      },
      {
        extends: true,
        test: {
          name: "unit-apart",
          include: signsIn,
          exclude: [...generated, slow, endToEnd],
          ...quickly,
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: [slow],
          exclude: generated,
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
