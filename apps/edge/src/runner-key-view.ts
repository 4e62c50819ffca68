import { instant, isoOf } from "@scanmeter/core";

export interface RunnerKeyView {
  id: string;
  name: string;
  /** The beginning of the secret, by which its owner knows it. */
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

interface RunnerKeyFacts {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export function runnerKeyViewOf(key: RunnerKeyFacts): RunnerKeyView {
  const { id, name, prefix, createdAt, lastUsedAt, revokedAt } = key;
  return {
    id,
    name,
    prefix,
    createdAt: isoOf(instant(createdAt)),
    lastUsedAt: lastUsedAt === null ? null : isoOf(instant(lastUsedAt)),
    revokedAt: revokedAt === null ? null : isoOf(instant(revokedAt)),
  };
}
