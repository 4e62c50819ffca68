import { describe, expect, test } from "vitest";
import { findViolations } from "./arrows.mjs";

const manifests = {
  "apps/web": {
    dependencies: { "@scanmeter/core": "*", "@scanmeter/contracts": "*" },
    devDependencies: { "@scanmeter/edge": "*", vite: "1.0.0" },
  },
  "apps/edge": { dependencies: { "@scanmeter/operations": "*", hono: "1.0.0" } },
  "packages/core": { dependencies: { "temporal-polyfill": "1.0.0" } },
  "packages/db": { dependencies: { "@scanmeter/core": "*" } },
  "packages/operations": { dependencies: { "@scanmeter/db": "*", stripe: "1.0.0" } },
  "packages/sandbox": { dependencies: { "@scanmeter/core": "*" } },
};

/** A made-up repository that keeps every rule, but for what a test changes. */
function problemsIn({ files = {}, changes = {}, lockChanges = {} }) {
  const workspaces = Object.entries({ ...manifests, ...changes }).map(([folder, manifest]) => ({
    folder,
    name: `@scanmeter/${folder.split("/")[1]}`,
    manifest,
  }));
  const rootManifest = { devDependencies: { vitest: "1.0.0" } };
  const lock = {
    packages: {
      "": rootManifest,
      ...Object.fromEntries(workspaces.map(({ folder, manifest }) => [folder, manifest])),
      ...lockChanges,
    },
  };
  const sources = Object.entries(files).map(([path, source]) => ({ path, source }));
  return findViolations({ files: sources, workspaces, rootManifest, lock }).map(
    ({ file, problem }) => `${file} ${problem}`,
  );
}

const problemsOf = (path, source) => problemsIn({ files: { [path]: source } });

test("a repository that keeps every rule has no violations", () => {
  const files = {
    "packages/db/src/lots.ts": 'import { total } from "@scanmeter/core";\nimport "./rows.ts";',
    "apps/web/src/client.ts": 'import type { AppRouter } from "@scanmeter/edge/router";',
    "apps/edge/src/env.ts": "export const port = process.env.PORT;",
    "packages/core/src/lot.ts": "// Date.now() is not for core\nexport const at = new Date(0);",
    "packages/core/src/lot.test.ts": 'import { test } from "vitest";\nDate.now();',
    "packages/db/src/lots.test.ts": 'import { startRedis } from "../../../scripts/redis.mjs";',
    "scripts/build.mjs": 'import "node:fs";\nconst esbuild = await import("esbuild");',
  };
  expect(problemsIn({ files })).toEqual([]);
});

describe("imports", () => {
  test("core imports no other workspace, not even in a test", () => {
    const source = 'import { open } from "@scanmeter/db";';
    expect(problemsOf("packages/core/src/lot.ts", source)).toEqual([
      "packages/core/src/lot.ts:1 packages/core must not import db",
    ]);
    expect(problemsOf("packages/core/src/lot.test.ts", source)).toHaveLength(1);
  });

  test.each([
    'export { app } from "@scanmeter/edge";',
    'import {\n  app,\n} from "@scanmeter/edge";',
    'const app = await import("@scanmeter/edge");',
    'import "@scanmeter/edge";',
  ])("an arrow against the drawing is seen in any form of import: %s", (source) => {
    expect(problemsOf("packages/operations/src/a.ts", source)).toEqual([
      expect.stringMatching(/^packages\/operations\/src\/a.ts:\d packages\/operations must not/),
    ]);
  });

  test("the web app knows edge as types only", () => {
    const problems = problemsOf("apps/web/src/a.ts", 'import { router } from "@scanmeter/edge";');
    expect(problems).toEqual(["apps/web/src/a.ts:1 apps/web knows edge as types only"]);
  });

  test("a path into another workspace is no way round its name", () => {
    const problems = problemsOf("apps/edge/src/a.ts", 'import "../../../packages/db/src/lots.ts";');
    expect(problems).toEqual([expect.stringContaining("reaches into packages/db/src/lots.ts")]);
  });

  test("what is for tests stays in tests", () => {
    const source = 'import { aLot } from "@scanmeter/core/testing";';
    expect(problemsOf("packages/db/src/a.ts", source)).toHaveLength(1);
    expect(problemsOf("packages/db/src/a.test.ts", source)).toEqual([]);
  });

  test("a package that is only there because another one brought it is not declared", () => {
    const problems = problemsOf("apps/edge/src/a.ts", 'import { Redis } from "ioredis";');
    expect(problems).toEqual([expect.stringContaining("apps/edge/package.json does not declare")]);
  });

  test.each(['import Stripe from "stripe";', 'import type Stripe from "stripe";'])(
    "only the payment gateway talks to Stripe: %s",
    (source) => {
      const payments = "packages/operations/src/payments";
      expect(problemsOf(`${payments}/gateway.ts`, source)).toEqual([]);
      expect(problemsOf(`${payments}/gateway-calls.ts`, source)).toEqual([]);
      expect(problemsOf(`${payments}/settle.ts`, source)).toHaveLength(1);
      expect(problemsOf(`${payments}/settle.test.ts`, source)).toHaveLength(1);
      expect(problemsOf("apps/edge/src/webhooks/stripe.ts", source)).not.toEqual([]);
    },
  );

  test("the local Stripe and the product import nothing of each other", () => {
    const inside = "packages/sandbox/src/stripe/server.ts";
    expect(problemsOf(inside, 'import "@scanmeter/core";')).toHaveLength(1);
    expect(problemsOf(inside, 'import "../mailbox.ts";')).toHaveLength(1);
    expect(problemsOf(inside, 'import "./cards.ts";')).toEqual([]);
    expect(problemsOf("packages/sandbox/src/a.ts", 'import "./stripe/cards.ts";')).toHaveLength(1);
  });

  test("a script imports nothing that has to be installed first", () => {
    expect(problemsOf("scripts/start.mjs", 'import { build } from "esbuild";')).toHaveLength(1);
  });
});

describe("sources", () => {
  test.each([
    "const at = Date.now();",
    "const at = new Date();",
    "const dice = Math.random();",
    "const at = Temporal.Now.instant();",
    "fetch(address);",
    "setTimeout(run, 5);",
    "const mode = process.env.MODE;",
    'import { readFileSync } from "node:fs";',
    `const text = \`at \${Date.now()} o'clock\`;`,
  ])("core does not know the world around it: %s", (source) => {
    expect(problemsOf("packages/core/src/lot.ts", source)).not.toEqual([]);
  });

  test.each([
    "const said = 'Date.now()';",
    'const said = "it\'s // not a comment"; // Math.random()',
    "/* fetch(it) */",
    "const slash = /[/'\"]Date.now/.test(text);",
    "const at = new Date(now);",
    "const half = total / 2; const other = '/ process.env';",
    `const text = \`Math.random() \${name} Date.now()\`;`,
  ])("words in a comment, a string or a pattern are no use of them: %s", (source) => {
    expect(problemsOf("packages/core/src/lot.ts", source)).toEqual([]);
  });

  test.each([
    "const port = process.env.PORT;",
    "const { env } = process;",
    'import { env } from "node:process";',
  ])("only env.ts reads the environment: %s", (source) => {
    expect(problemsOf("apps/edge/src/main.ts", source)).toHaveLength(1);
    expect(problemsOf("apps/edge/src/env.ts", source)).toEqual([]);
  });

  test("a component keeps its props whole", () => {
    const file = "apps/web/src/ui/badge.tsx";
    const apart = "export function Badge({ text }: { text: string }) {\n  return text;\n}";
    const whole = "export function Badge(props: { text: string }) {\n  return props.text;\n}";
    expect(problemsOf(file, apart)).toHaveLength(1);
    expect(problemsOf(file, whole)).toEqual([]);
  });
});

describe("manifests", () => {
  test("a version range is refused", () => {
    const changes = { "apps/edge": { dependencies: { hono: "^1.0.0" } } };
    expect(problemsIn({ changes })).toEqual(["apps/edge/package.json hono is not exact: ^1.0.0"]);
  });

  test("a wildcard in an exports map is refused", () => {
    const changes = { "packages/db": { exports: { "./*": "./src/*.ts" } } };
    expect(problemsIn({ changes })).toEqual(["packages/db/package.json exports a wildcard: ./*"]);
  });

  test("stripe is a dependency of operations and of nobody else", () => {
    const changes = { "apps/edge": { dependencies: { stripe: "1.0.0" } } };
    expect(problemsIn({ changes })).toHaveLength(1);
  });

  test("a lock that lacks the package of another platform is incomplete", () => {
    const lockChanges = {
      "node_modules/fast": { optionalDependencies: { "fast-linux": "1.0.0", "fast-mac": "1.0.0" } },
      "node_modules/fast-linux": {},
    };
    expect(problemsIn({ lockChanges })).toEqual([
      "package-lock.json node_modules/fast needs fast-mac on another platform, and the lock lacks it",
    ]);
  });

  test("a lock that does not know a dependency is out of date", () => {
    const lockChanges = { "packages/db": { dependencies: {} } };
    expect(problemsIn({ lockChanges })).toEqual([
      "packages/db/package.json package-lock.json says otherwise; run npm install",
    ]);
  });
});
