import type { Page } from "playwright-core";

/** Presses the button of a page that could not load something, unless the page has got it by itself meanwhile. */
export async function tryNow(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Try now" }).first();
  const gone = button.waitFor({ state: "detached" });
  await Promise.race([button.click(), gone]);
  await gone;
}
