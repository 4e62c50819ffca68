import { readFileSync } from "node:fs";

/** The kernel's letter for a process: R and S live, T stands still, "gone" when there is none. */
export function processState(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2)[0] ?? "gone";
  } catch {
    return "gone";
  }
}
