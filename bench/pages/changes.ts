/** From the frame that brings another balance to the screen that shows it. */
import type { Page } from "playwright-core";
import { percentile, type Row } from "../harness.ts";

const LIMIT_MS = 100;

/** Notes when a message came, and when the number it changed was painted after that. */
export const STOPWATCH = `
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", () => { globalThis.toldAt = performance.now(); });
    }
  };
  globalThis.paintedAfter = [];
  globalThis.untilShown = async (text) => {
    while (document.querySelector(".chip__number")?.textContent !== text)
      await new Promise(requestAnimationFrame);
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
    if (!changes.some(({ target }) => target.parentElement?.closest(".chip__number"))) return;
    const { toldAt } = globalThis;
    requestAnimationFrame(() => setTimeout(() => paintedAfter.push(performance.now() - toldAt)));
  }).observe(document, { subtree: true, characterData: true, childList: true }));`;

/**
 * Each change is made once the last is on the screen. What waits for that asks the page one cheap
 * question a frame: a locator looks through every element of the page, and of ten thousand lines that
 * takes it longer than the page takes for the change.
 */
export async function timesOfChanges(
  page: Page,
  changes: number,
  change: (nth: number) => Promise<string>,
): Promise<number[]> {
  await page.evaluate("paintedAfter.length = 0");
  for (let nth = 1; nth <= changes; nth += 1) {
    const shown = await change(nth);
    await page.evaluate(`untilShown(${JSON.stringify(shown)})`);
  }
  for (;;) {
    const times = await page.evaluate<number[]>("paintedAfter");
    if (times.length >= changes) return times;
  }
}

export function changesRow(what: string, times: readonly number[], floor: readonly number[]): Row {
  return {
    what,
    count: times.length,
    "p50 ms": percentile(times, 50),
    "p99 ms": percentile(times, 99),
    "p50 of floor": percentile(times, 50) / percentile(floor, 50),
    ...(times !== floor && { limit: `p99 ≤ ${LIMIT_MS} ms` }),
  };
}
