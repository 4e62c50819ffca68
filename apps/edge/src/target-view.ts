import { instant, isoOf, type ScanMode } from "@scanmeter/core";

export interface TargetView {
  id: string;
  url: string;
  name: string;
  mode: ScanMode;
  createdAt: string;
  archivedAt: string | null;
}

interface TargetFacts {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly mode: ScanMode;
  readonly createdAt: number;
  readonly archivedAt: number | null;
}

export function targetViewOf({
  id,
  url,
  name,
  mode,
  createdAt,
  archivedAt,
}: TargetFacts): TargetView {
  return {
    id,
    url,
    name,
    mode,
    createdAt: isoOf(instant(createdAt)),
    archivedAt: archivedAt === null ? null : isoOf(instant(archivedAt)),
  };
}
