/**
 * Looks at a page as different people would: wide and narrow, by day and by night. It must fit the
 * width, and must have nothing that keeps somebody with a disability out.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Result } from "axe-core";
import type { Page } from "playwright-core";

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

/** Between them, both sizes and both themes. */
const JUDGED = looks.filter(({ name }) => ["1280-light", "320-dark"].includes(name));

/** For what a page says a moment later, such as that it could not be refreshed. */
const ROOM = 160;

/** By default the newest rule of WCAG 2.2 is left out, that what is pressed has a size. */
const EVERY_RULE = JSON.stringify({
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
});

/** Two frames from now, what was resized and recoloured is on the screen. */
const PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

/** A dialog scrolls by itself, and the page behind it knows nothing of that. */
const OVERFLOW = `Math.max(
  ...[document.documentElement, ...document.querySelectorAll("dialog[open]")].map(
    (box) => box.scrollWidth - box.clientWidth,
  ),
)`;

/**
 * What is wrong with the page as it stands, in words that begin with its name: where there is least room,
 * in the dark. Every page is judged in both sizes and themes by a test of its own.
 */
export async function problemsSeenAt(page: Page, name: string): Promise<string[]> {
  const problems = await problemsOn(page, JUDGED.slice(-1));
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: "light" });
  return problems.map((problem) => `${name}-${problem}`);
}

/** The same, and the page stays as it was looked at last. */
export async function problemsOn(page: Page, judged = JUDGED): Promise<string[]> {
  const problems: string[] = [];
  for (const look of judged) {
    await wear(page, look, ROOM);
    const found = [...(await overflowOf(page)), ...(await barriersOn(page))];
    problems.push(...found.map((problem) => `${look.name}: ${problem}`));
  }
  return problems;
}

/** Of what is in front, with the room around a dialog. */
const HEIGHT = `document.querySelector("dialog[open]") === null
  ? document.documentElement.scrollHeight
  : document.querySelector("dialog[open]").scrollHeight + 160`;

/** As high as what is shown, so that what is fixed to the edge of the screen covers nothing. */
export async function wear(page: Page, { viewport, colorScheme }: Look, room = 0): Promise<void> {
  await Promise.all([page.setViewportSize(viewport), page.emulateMedia({ colorScheme })]);
  const height = await page.evaluate<number>(HEIGHT);
  await page.setViewportSize({ ...viewport, height: Math.max(height + room, viewport.height) });
  await page.evaluate(PAINTED);
}

async function overflowOf(page: Page): Promise<string[]> {
  const overflow = await page.evaluate<number>(OVERFLOW);
  return overflow > 0 ? [`${overflow} pixels wider than the screen`] : [];
}

async function barriersOn(page: Page): Promise<string[]> {
  // Put in as a debugger would, because the page's own policy lets no foreign script in.
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe);
  const violations = await page.evaluate<Result[]>(
    `axe.run(${EVERY_RULE}).then(({ violations }) => violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary}`),
  );
}
