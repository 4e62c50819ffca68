/**
 * `npm run screenshots [-- --only <part of a name>]`: a sandbox of its own, every page in every state,
 * each as four people would look at it, and a page to leaf through them.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { looks, wear } from "../support/looks.ts";
import { Shop } from "../support/shop.ts";
import { dismiss, gather } from "./cast.ts";
import { indexOf } from "./index-page.ts";
import { scenes } from "./scenes.ts";
import { Stages } from "./stages.ts";

const AT_ONCE = 2;
const folder = fileURLToPath(new URL("../../../../screenshots/", import.meta.url));

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = scenes.filter(({ name }) => name.includes(values.only ?? ""));
if (wanted.length === 0) {
  console.error(
    `No page is called like that. There are ${scenes.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void end().finally(() => process.exit(1)));
}

const startedAt = performance.now();
const shop = await Shop.open("screenshots");
const failures: string[] = [];
try {
  const stages = new Stages(shop, await gather(shop));
  mkdirSync(folder, { recursive: true });
  const isOfUs = (file: string) => file.endsWith(".png");
  if (values.only === undefined) {
    for (const file of readdirSync(folder).filter(isOfUs)) rmSync(join(folder, file));
  }
  const waiting = [...wanted];
  const photograph = async () => {
    for (let scene = waiting.shift(); scene; scene = waiting.shift()) {
      try {
        await stages.show(scene, async ({ page }) => {
          for (const look of looks) {
            await wear(page, look);
            await page.screenshot({ path: join(folder, `${scene.name}-${look.name}.png`) });
          }
        });
      } catch (error) {
        failures.push(`${scene.name}: ${error}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, photograph));
  const pictures = readdirSync(folder).filter(isOfUs);
  writeFileSync(join(folder, "index.html"), indexOf(pictures, looks));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${wanted.length} pages in ${seconds} s; open ${join(folder, "index.html")}`);
} finally {
  await end();
}
for (const failure of failures) console.error(`\nNo picture of ${failure}`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function end(): Promise<void> {
  await dismiss();
  await shop?.close();
}
