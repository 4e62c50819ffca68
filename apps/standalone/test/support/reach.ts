/** Whether everything that can be used can be got at on a very small screen, as at 400 % of a common one. */
import type { Page } from "playwright-core";

/** 1280 by 1024 pixels, four times as large. */
const ZOOMED_IN = { width: 320, height: 256 };
/** Long lists repeat themselves. */
const ELEMENTS_MAX = 60;

/** With the focus on it, at least a part of each must be in sight, with nothing over it that stays there. */
const HIDDEN = `
  const open = "dialog[open], [role=menu]";
  const within = [...document.querySelectorAll(open)].find((one) => one.checkVisibility()) ?? document;
  const usable = "a[href], button, input, select, textarea, summary";
  const isUsable = (element) => element.checkVisibility({ visibilityProperty: true })
    && !element.disabled && element.closest("[inert]") === null;
  const isStuck = (element) => ["fixed", "sticky"].includes(getComputedStyle(element).position);
  const isOver = (found, element) => {
    for (let one = found; one !== null && !one.contains(element); one = one.parentElement)
      if (isStuck(one)) return true;
    return false;
  };
  [...within.querySelectorAll(usable)].slice(0, ${ELEMENTS_MAX}).filter((element) => {
    if (!isUsable(element)) return false;
    element.focus();
    // One that had the focus already was not brought back by asking again.
    element.scrollIntoView({ block: "nearest" });
    const own = element.getBoundingClientRect();
    // What is drawn by hand is drawn in its label.
    const box = own.width > 4 ? own : (element.labels?.[0] ?? element).getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (right - left < 1 || bottom - top < 1) return true;
    return [0.1, 0.5, 0.9].every((part) =>
      isOver(document.elementFromPoint((left + right) / 2, top + (bottom - top) * part), element));
  }).map((element) => element.outerHTML.slice(0, 200))`;

export async function outOfReachOn(page: Page): Promise<string[]> {
  await page.setViewportSize(ZOOMED_IN);
  return page.evaluate<string[]>(HIDDEN);
}
