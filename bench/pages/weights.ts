/** What is fetched for the first page, behind it, and for each page opened from it: compressed, as it is sent. */
import type { Browser, Page } from "playwright-core";
import type { Person } from "../../apps/standalone/test/gallery/person.ts";
import type { Row } from "../harness.ts";
import { freshPage, goTo, openAll } from "./visits.ts";

const FIRST_KB = 60;
const LATER_KB = 15;
/** The library that draws has no limit, but is told. */
const DRAWS = /\/d3-[^/]*\.js$/;

export async function weights(
  browser: Browser,
  person: Person,
  paths: readonly string[],
): Promise<Row[]> {
  const page = await freshPage(browser, person);
  await openAll(page, "/account");
  const all = await fetchedBy(page);
  const html = await (await page.request.get("/account")).text();
  const isNamed = (path: string) => path === "/account" || html.includes(`"${path}"`);
  await page.context().close();
  const rows = [
    row("Account Overview, before anything can be seen", only(all, isNamed), FIRST_KB),
    row(
      "behind it, section by section",
      only(all, (path) => !isNamed(path)),
    ),
  ];
  for (const path of paths) {
    const visit = await freshPage(browser, person);
    await openAll(visit, "/account");
    const before = await fetchedBy(visit);
    await goTo(visit, path);
    const more = only(await fetchedBy(visit), (one) => !before.has(one));
    rows.push(row(`then ${path.replace(/[?].*/, "")}`, more, LATER_KB));
    await visit.context().close();
  }
  return rows;
}

type Fetched = ReadonlyMap<string, number>;

async function fetchedBy(page: Page): Promise<Fetched> {
  const entries = await page.evaluate<[string, number][]>(
    `["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type))
      .map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize])`,
  );
  return new Map(entries);
}

const only = (fetched: Fetched, isWanted: (path: string) => boolean): Fetched =>
  new Map([...fetched].filter(([path]) => isWanted(path)));

function row(what: string, fetched: Fetched, limitKb?: number): Row {
  const kb = (isCounted: (path: string) => boolean) =>
    [...only(fetched, isCounted).values()].reduce((sum, bytes) => sum + bytes, 0) / 1_000;
  return {
    what,
    "JS kB": kb((path) => path.endsWith(".js") && !DRAWS.test(path)),
    "charts kB": kb((path) => DRAWS.test(path)),
    "CSS kB": kb((path) => path.endsWith(".css")),
    "HTML kB": kb((path) => path === "/account"),
    ...(limitKb !== undefined && { limit: `JS ≤ ${limitKb} kB` }),
  };
}
