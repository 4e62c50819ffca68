/**
 * Lighthouse's own opinion of Account Overview on a phone. It is larger than the product with all its
 * tools, so npm fetches it for this benchmark alone, in a version that runs on the oldest Node we do.
 */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Person } from "../../apps/standalone/test/gallery/person.ts";
import { median, type Row } from "../harness.ts";

const PACKAGE = "lighthouse@12.8.2";
const SCORE_MIN = 95;

interface Report {
  readonly categories: { readonly performance: { readonly score: number } };
  readonly audits: Readonly<Record<string, { readonly numericValue?: number }>>;
}

export async function lighthouse(person: Person, runs: number, folder: string): Promise<Row> {
  const reports: Report[] = [];
  for (let run = 0; run < runs; run += 1) reports.push(await judge(person, folder));
  const figure = (audit: string) =>
    median(reports.map(({ audits }) => audits[audit]?.numericValue ?? Number.NaN));
  return {
    what: "Lighthouse on a phone, Account Overview",
    count: runs,
    score: median(reports.map(({ categories }) => 100 * categories.performance.score)),
    "FCP ms": figure("first-contentful-paint"),
    "LCP ms": figure("largest-contentful-paint"),
    "TBT ms": figure("total-blocking-time"),
    CLS: figure("cumulative-layout-shift"),
    limit: `score ≥ ${SCORE_MIN}`,
  };
}

async function judge({ caller: { url, headers } }: Person, folder: string): Promise<Report> {
  const given = join(folder, "headers.json");
  const said = join(folder, "lighthouse.json");
  writeFileSync(given, JSON.stringify(headers));
  const options = [
    "--only-categories=performance",
    "--output=json",
    `--output-path=${said}`,
    `--extra-headers=${given}`,
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    "--quiet",
  ];
  await promisify(execFile)(
    "npm",
    ["exec", "--yes", `--package=${PACKAGE}`, "--", "lighthouse", `${url}/account`, ...options],
    {
      cwd: folder,
      env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? "/usr/bin/chromium" },
    },
  );
  return JSON.parse(readFileSync(said, "utf8"));
}
