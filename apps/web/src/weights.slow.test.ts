/** How much JavaScript a page brings along: counted in the built app, compressed as it is served. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { buildIfStale } from "../../../scripts/build.mjs";

const FIRST_BYTES = 60_000;
const LATER_BYTES = 15_000;
/** What surrounds some pages comes with whichever of them is opened first. */
const FRAMES = {
  "src/features/checkout/order-page.tsx": "src/features/checkout/checkout-frame.tsx",
  "src/features/settings/": "src/shell/settings-frame.tsx",
  "src/features/team/": "src/shell/settings-frame.tsx",
  "src/features/billing/": "src/shell/settings-frame.tsx",
  "src/features/runner-keys/": "src/shell/settings-frame.tsx",
  "src/features/notices/": "src/shell/settings-frame.tsx",
};
/** The library that draws is the one exception, and nothing is charged with it. */
const DRAWS = /node_modules\/(d3-|internmap)|^_d3-/;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
}

const dist = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
let chunks: Record<string, Chunk>;

beforeAll(async () => {
  await buildIfStale(["web"]);
  chunks = JSON.parse(readFileSync(dist(".vite/manifest.json"), "utf8"));
});

/** A chunk with everything that has to be there before it runs. */
function withImports(name: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const next of chunks[name]?.imports ?? []) withImports(next, seen);
  return seen;
}

function withFrame(name: string): ReadonlySet<string> {
  const frame = Object.entries(FRAMES).find(([pages]) => name.startsWith(pages))?.[1];
  return new Set([...withImports(name), ...(frame === undefined ? [] : withImports(frame))]);
}

function bytesOf(names: Iterable<string>): number {
  const files = [...names]
    .map((name) => chunks[name]?.file ?? "")
    .filter((file) => file.endsWith(".js"));
  return files.reduce(
    (sum, file) => sum + gzipSync(readFileSync(dist(file)), { level: 9 }).length,
    0,
  );
}

const firstLoad = () => withImports("index.html");
const laterParts = () => Object.keys(chunks).filter((name) => chunks[name]?.isDynamicEntry);

describe("JavaScript", () => {
  test("of the first load is at most 60 kB", () => {
    expect(bytesOf(firstLoad())).toBeLessThanOrEqual(FIRST_BYTES);
  });

  test("of every page and part that is loaded later is at most 15 kB", () => {
    const first = firstLoad();
    const weights = laterParts().map((name) => {
      const own = [...withFrame(name)].filter((one) => !first.has(one) && !DRAWS.test(one));
      return { name, bytes: bytesOf(own) };
    });
    expect(weights.length).toBeGreaterThan(20);
    expect(weights.filter(({ bytes }) => bytes > LATER_BYTES)).toEqual([]);
  });

  test("that draws is not in the first load", () => {
    expect([...firstLoad()].filter((name) => DRAWS.test(name))).toEqual([]);
  });
});
