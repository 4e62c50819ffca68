/** A signed-in person's browser with nothing in its cache, and pages opened in it as links do. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { Person } from "../../apps/standalone/test/gallery/person.ts";
import { cookiesOf } from "../../apps/standalone/test/support/browser.ts";

export async function freshPage(browser: Browser, person: Person): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ baseURL: person.caller.url });
  await context.addCookies(cookiesOf(person.caller));
  return context.newPage();
}

export async function openAll(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await isAllThere(page);
}

/** From Account Overview, as a link on it would, without loading it anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, "", ${JSON.stringify(path)});
    dispatchEvent(new PopStateEvent("popstate"));`,
  );
  await page.locator("h1").filter({ hasNotText: "Account Overview" }).waitFor();
  await isAllThere(page);
}

async function isAllThere(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
}
