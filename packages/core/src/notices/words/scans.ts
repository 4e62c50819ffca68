import { settings } from "../../settings.ts";
import type { StoppedScans } from "../notice.ts";
import { buy, overview, verb, type WritersOf } from "./written.ts";

const HOUR_MS = 3_600_000;
const WAITS_HOURS = settings.waitingForCreditsLimitMs / HOUR_MS;

export const scanWriters: WritersOf<"scan_paused" | "scan_resumed" | "scan_stopped"> = {
  scan_paused: (scans, { exact }) => ({
    title: `${scanWords(scans)} ${verb(scans.count, "waits", "wait")} for credits`,
    sentences: [
      `No credit was available for the next hour, so ${verb(scans.count, "the scan is", "these scans are")} paused. With new credits ${verb(scans.count, "it goes", "they go")} on without your doing anything.`,
      `A scan that waits longer than ${WAITS_HOURS} hours is stopped and keeps what it found; the first one on ${exact(scans.until)}.`,
    ],
    action: buy,
  }),

  scan_resumed: (scans) => ({
    title: `${scanWords(scans)} ${verb(scans.count, "goes", "go")} on`,
    sentences: [
      `Credits are there again, and what waited for them ${verb(scans.count, "is", "are")} running.`,
    ],
    action: overview,
  }),

  scan_stopped: (scans) => ({
    title: `${scanWords(scans)} ${verb(scans.count, "was", "were")} stopped for lack of credits`,
    sentences: [
      `No credits came for ${WAITS_HOURS} hours. What was found until then is kept, and other scans that wait end the same way.`,
    ],
    action: buy,
  }),
};

function scanWords({ label, count }: StoppedScans): string {
  const first = label === null ? "A scan" : `The scan “${label}”`;
  if (count === 1) return first;
  return `${first} and ${count - 1} ${verb(count - 1, "other", "others")}`;
}
