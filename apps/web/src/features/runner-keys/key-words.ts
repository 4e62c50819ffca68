/** How runner keys are told. */
import { ageInWords } from "../../format/instants.ts";

/** "3 minutes ago"; when exactly is in the title. */
export function lastUsedInWords(lastUsedAt: string | null, now: number): string {
  if (lastUsedAt === null) return "never";
  const ago = Math.max(0, now - Date.parse(lastUsedAt));
  // It is noted at most once a minute.
  return ago < 60_000 ? "within the last minute" : `${ageInWords(ago)} ago`;
}

export const NAME_MAX = 100;

export function nameProblem(name: string): string | undefined {
  return name.trim() === "" ? "Enter a name, such as the machine the runner is on." : undefined;
}
