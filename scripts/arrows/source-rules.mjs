/** What a source file may say: core knows no ambient world, only env.ts reads the environment. */
import { isTestFile } from "../repository.mjs";
import { codeOnly, importsOf, lineAt } from "./source-text.mjs";

const AMBIENT_IN_CORE = [
  [/\bDate\.now\b/g, "Date.now"],
  [/\bnew\s+Date\s*\(\s*\)/g, "new Date()"],
  [/\bTemporal\.Now\b/g, "Temporal.Now"],
  [/\bperformance\.now\b/g, "performance.now"],
  [/\bMath\.random\b/g, "Math.random"],
  [/\bcrypto\.\w+/g, "crypto"],
  [/\bprocess\.\w+/g, "process"],
  [/\bfetch\s*\(/g, "fetch"],
  [/\bset(?:Timeout|Interval|Immediate)\b/g, "a timer"],
];

// Solid tracks `props.name`; names taken out of the props stand still. Biome's
// rule for this misses parameters that have a type.
const TAKEN_APART_PROPS =
  /\b(?:function\s+[A-Z]\w*\s*\(|const\s+[A-Z]\w*\s*=\s*\()\s*\{[^}]*\}\s*(?::|\))/g;

const ENVIRONMENT = /\bprocess\s*\.\s*env\b|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/g;

export function sourceViolations({ files }) {
  return files
    .filter(({ path }) => /^(apps|packages)\//.test(path) && !isTestFile(path))
    .flatMap((file) => [
      ...ambientWorldInCore(file),
      ...environmentOutsideItsFile(file),
      ...propsTakenApart(file),
    ]);
}

function propsTakenApart({ path, source }) {
  if (!path.endsWith(".tsx")) return [];
  const problem = "a component that takes its props apart does not see them change";
  return occurrences(path, source, TAKEN_APART_PROPS, problem);
}

function ambientWorldInCore({ path, source }) {
  if (!path.startsWith("packages/core/src/")) return [];
  const used = AMBIENT_IN_CORE.flatMap(([pattern, name]) =>
    occurrences(path, source, pattern, `core must not know ${name}`),
  );
  const imported = importsOf(source)
    .filter(({ specifier }) => specifier.startsWith("node:"))
    .map(({ specifier, line }) => ({
      file: `${path}:${line}`,
      problem: `core must not know ${specifier}`,
    }));
  return [...used, ...imported];
}

function environmentOutsideItsFile({ path, source }) {
  if (/(^|\/)env\.ts$/.test(path)) return [];
  const problem = "only a file called env.ts reads the environment";
  const lines = source.split("\n");
  const imported = importsOf(source)
    .filter(
      ({ specifier, line }) =>
        /^(node:)?process$/.test(specifier) && /\benv\b/.test(lines[line - 1]),
    )
    .map(({ line }) => ({ file: `${path}:${line}`, problem }));
  return [...occurrences(path, source, ENVIRONMENT, problem), ...imported];
}

function occurrences(path, source, pattern, problem) {
  return [...codeOnly(source).matchAll(pattern)].map((match) => ({
    file: `${path}:${lineAt(source, match.index)}`,
    problem,
  }));
}
