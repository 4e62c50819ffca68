/**
 * What every benchmark needs to say its result: percentiles, a table for people,
 * rows for programs, and the machine the figures belong to. A figure without its
 * machine is a rumour.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";

export type Cell = string | number;
export type Row = Readonly<Record<string, Cell>>;

/** The value that `percent` of the samples do not exceed (nearest rank, so it was really measured). */
export function percentile(samples: Iterable<number>, percent: number): number {
  const sorted = Float64Array.from(samples).sort();
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN;
}

export function median(samples: Iterable<number>): number {
  return percentile(samples, 50);
}

/** The columns most latency tables have. */
export function latencyRow(samples: readonly number[]): Row {
  return {
    count: samples.length,
    p50: percentile(samples, 50),
    p95: percentile(samples, 95),
    p99: percentile(samples, 99),
    max: percentile(samples, 100),
  };
}

export async function timed<Value>(work: () => Promise<Value>): Promise<[Value, number]> {
  const startedAt = performance.now();
  const value = await work();
  return [value, performance.now() - startedAt];
}

/** Prints the table and writes the rows to `bench/results/<name>.json`, unless it was only a quick look. */
export function report(name: string, rows: readonly Row[], { isKept = true } = {}): void {
  console.log(tableOf(rows));
  console.log(machineLine());
  if (!isKept) return;
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const result = { name, measuredAt: new Date().toISOString(), machine: machineLine(), rows };
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(result, null, 2)}\n`);
}

export function machineLine(): string {
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${availableParallelism()} cores (${processor}), ${memory} GiB`;
}

/** Text to the left, figures to the right; a cell that a row lacks stays empty. */
export function tableOf(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => textOf(row[column])))];
  const isFigure = columns.map((column) =>
    rows.every((row) => row[column] === undefined || typeof row[column] === "number"),
  );
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const printed = lines.map((line) =>
    line
      .map((cell, at) =>
        isFigure[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  printed.splice(1, 0, widths.map((width) => "-".repeat(width)).join("  "));
  return printed.join("\n");
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (typeof cell === "string" || Number.isInteger(cell)) return String(cell);
  return cell.toFixed(Math.abs(cell) >= 100 ? 0 : 2);
}
