/**
 * Looks at a page as four people would: wide and narrow, by day and by night. Each look is kept as a
 * picture, must fit the width, and must have nothing that keeps somebody with a disability out.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const folder = fileURLToPath(new URL("../../../../screenshots/", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 320, height: 640 };

/** Two frames from now, what was resized and recoloured is on the screen. */
const PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** A dialog scrolls by itself, and the page behind it knows nothing of that. */
const OVERFLOW = `Math.max(
  ...[document.documentElement, ...document.querySelectorAll("dialog[open]")].map(
    (box) => box.scrollWidth - box.clientWidth,
  ),
)`;

/** What is wrong with the page as it stands, in words; its pictures are named after it. */
export async function problemsSeenAt(page: Page, name: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const problems: string[] = [];
  for (const viewport of [WIDE, NARROW]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      // As high as the page is, so that what is fixed to the edge of the screen covers nothing.
      const height = await page.evaluate<number>("document.documentElement.scrollHeight");
      await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) });
      await page.evaluate(PAINTED);
      const look = `${name}-${viewport.width}-${colorScheme}`;
      await page.screenshot({ path: `${folder}${look}.png` });
      const overflow = await page.evaluate<number>(OVERFLOW);
      if (overflow > 0) problems.push(`${look}: ${overflow} pixels wider than the screen`);
      problems.push(...(await barriersOn(page)).map((barrier) => `${look}: ${barrier}`));
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
  return problems;
}

async function barriersOn(page: Page): Promise<string[]> {
  // Put in as a debugger would, because the page's own policy lets no foreign script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary}`),
  );
}
