/**
 * What clients were told, written outside the service and in the order they heard it. Whatever is in
 * here must be true for ever, however often the service dies.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { ScanView } from "@scanmeter/contracts/scans";

export type Acknowledged =
  | { readonly what: "started"; readonly accountId: string; readonly key: string; scan: ScanView }
  | { readonly what: "heard"; readonly accountId: string; readonly said: string; scan: ScanView }
  | { readonly what: "refused"; readonly scanId: string; readonly code: string }
  | { readonly what: "not started"; readonly accountId: string; readonly key: string }
  | {
      readonly what: "granted";
      readonly accountId: string;
      readonly key: string;
      readonly credits: number;
      readonly version: number;
    }
  | { readonly what: "not granted"; readonly accountId: string; readonly key: string }
  | { readonly what: "advanced"; readonly now: string };

export class AckLog {
  readonly #file: number;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    // Synchronous in both senses: on the disk before the client does anything else.
    this.#file = openSync(path, "as");
  }

  append(acknowledged: Acknowledged): void {
    writeSync(this.#file, `${JSON.stringify(acknowledged)}\n`);
  }

  read(): Acknowledged[] {
    const lines = readFileSync(this.#path, "utf8").trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line) as Acknowledged);
  }

  close(): void {
    closeSync(this.#file);
  }
}
