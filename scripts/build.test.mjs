import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fingerprintOf } from "./build.mjs";
import { bundle } from "./bundle.mjs";
import { listWorkspaces } from "./repository.mjs";

let repository;

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "scanmeter-build-"));
});

afterEach(() => rmSync(repository, { recursive: true, force: true }));

function write(path, contents) {
  const file = join(repository, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof contents === "string" ? contents : JSON.stringify(contents));
  return file;
}

describe("the fingerprint of what a program is built from", () => {
  beforeEach(() => {
    write("package-lock.json", {});
    write("scripts/build.mjs", "");
    write("scripts/bundle.mjs", "");
    write("apps/edge/package.json", { name: "edge", dependencies: { db: "*" } });
    write("apps/edge/src/edge.ts", "export const port = 1;");
    write("packages/db/package.json", { name: "db" });
    write("packages/db/migrations/0000_first.sql", "create table lots (id text)");
    write("packages/other/package.json", { name: "other" });
  });

  const fingerprint = () => fingerprintOf("apps/edge", repository, listWorkspaces(repository));

  test.each([
    ["apps/edge/src/edge.ts", "export const port = 2;"],
    ["apps/edge/src/new.ts", ""],
    ["packages/db/migrations/0000_first.sql", "create table lots (id integer)"],
    ["package-lock.json", { packages: {} }],
    ["scripts/bundle.mjs", "// another way"],
  ])("changes with %s", (path, contents) => {
    const before = fingerprint();
    write(path, contents);
    expect(fingerprint()).not.toBe(before);
  });

  test.each(["apps/edge/src/edge.test.ts", "apps/edge/dist/main.js", "packages/other/src/a.ts"])(
    "stays with %s",
    (path) => {
      const before = fingerprint();
      write(path, "anything");
      expect(fingerprint()).toBe(before);
    },
  );

  test("stays when only dates change, as they do in a fresh checkout", () => {
    const before = fingerprint();
    utimesSync(join(repository, "apps/edge/src/edge.ts"), 1, 1);
    expect(fingerprint()).toBe(before);
  });
});

test("a bundle runs with the packages its sources see, also where npm keeps a copy apart", async () => {
  const aPackage = (path, version) => {
    write(`${path}/package.json`, { name: "greeter", type: "module", exports: "./index.js" });
    write(`${path}/index.js`, `export const version = "${version}";`);
  };
  aPackage("node_modules/greeter", "shared");
  aPackage("apps/edge/node_modules/greeter", "its own");
  write("apps/edge/package.json", { name: "@scanmeter/edge", type: "module" });
  const edge = write("apps/edge/src/edge.ts", 'export { version } from "greeter";');
  write("apps/standalone/package.json", { type: "module" });
  write(
    "apps/standalone/src/main.ts",
    `import { version as ofEdge } from ${JSON.stringify(edge)};
     import { version as own } from "greeter";
     console.log(\`\${ofEdge}, \${own}\`);`,
  );

  await bundle(join(repository, "apps/standalone"), { main: "src/main.ts" });
  const program = join(repository, "apps/standalone/dist/main.js");
  expect(execFileSync(process.execPath, [program], { encoding: "utf8" })).toBe("its own, shared\n");
});
