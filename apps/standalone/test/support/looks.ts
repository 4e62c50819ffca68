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

export interface Look {
  /** As in the name of a picture. */
  readonly name: string;
  readonly viewport: typeof WIDE;
  readonly colorScheme: "light" | "dark";
}

export const looks: readonly Look[] = [WIDE, NARROW].flatMap((viewport) =>
  (["light", "dark"] as const).map((colorScheme) => ({
    name: `${viewport.width}-${colorScheme}`,
    viewport,
    colorScheme,
  })),
);

const resultTypes = ["violations"] as const;
/** By default the newest rule of WCAG 2.2 is left out, that what is pressed has a size. */
const EVERY_RULE = { rules: { "target-size": { enabled: true } }, resultTypes };
/** Enough for another theme, which changes nothing else. */
export const COLOURS = { runOnly: ["color-contrast"], resultTypes };

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
  for (const look of looks) {
    await wear(page, look);
    const seen = `${name}-${look.name}`;
    await page.screenshot({ path: `${folder}${seen}.png` });
    problems.push(...(await overflowOf(page)).map((overflow) => `${seen}: ${overflow}`));
    problems.push(...(await barriersOn(page)).map((barrier) => `${seen}: ${barrier}`));
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
  return problems;
}

/** Of what is in front, with the room around a dialog. */
const HEIGHT = `document.querySelector("dialog[open]") === null
  ? document.documentElement.scrollHeight
  : document.querySelector("dialog[open]").scrollHeight + 160`;

/** As high as what is shown, so that what is fixed to the edge of the screen covers nothing. */
export async function wear(page: Page, { viewport, colorScheme }: Look): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
  const height = await page.evaluate<number>(HEIGHT);
  await page.setViewportSize({ ...viewport, height: Math.max(height, viewport.height) });
  await page.evaluate(PAINTED);
}

export async function overflowOf(page: Page): Promise<string[]> {
  const overflow = await page.evaluate<number>(OVERFLOW);
  return overflow > 0 ? [`${overflow} pixels wider than the screen`] : [];
}

export async function barriersOn(page: Page, options: object = EVERY_RULE): Promise<string[]> {
  // Put in as a debugger would, because the page's own policy lets no foreign script in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary}`),
  );
}
