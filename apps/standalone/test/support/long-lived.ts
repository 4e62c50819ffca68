/** A page that stays open: somebody walks through all pages by what is on them, while the account changes. */
import type { CDPSession, Page } from "playwright-core";
import type { Person } from "../gallery/person.ts";

type Step = readonly [heading: string, press: () => Promise<void>];

export class LongLived {
  readonly #page: Page;
  readonly #round: readonly Step[];
  readonly #waiting = new Set<() => void>();

  /** Before the page is opened, because a line that is open already cannot be listened to. */
  constructor(page: Page) {
    this.#page = page;
    const link = (name: string) => () =>
      page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    const inMenu = (name: string) => async () => {
      await page.getByRole("button", { name: /^Menu of/ }).click();
      await page.getByRole("menuitem", { name, exact: true }).click();
    };
    this.#round = [
      ["Scans", link("Scans")],
      ["Targets", link("Targets")],
      ["Activity", link("Activity")],
      ["Notices", () => page.getByRole("link", { name: /^Notices, / }).click()],
      ["Settings", inMenu("Settings")],
      ["Team", inMenu("Team")],
      ["Billing", inMenu("Billing")],
      ["Runner keys", inMenu("Runner keys")],
      ["Notice settings", inMenu("Notice settings")],
      ["Account Overview", link("Account Overview")],
      ["Order", () => page.getByRole("link", { name: "BUY CREDITS" }).click()],
      ["Account Overview", link("Account Overview")],
    ];
    // The line is replaced when the page wants another one; whichever it is, its frames count.
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        if (!String(payload).includes('"version"')) return;
        for (const resolve of this.#waiting) resolve();
        this.#waiting.clear();
      }),
    );
  }

  /** At least so many times to another page, and back to Account Overview. */
  async walk(routeChanges: number): Promise<void> {
    for (let done = 0; done < routeChanges; done += this.#round.length) {
      for (const [name, press] of this.#round) {
        await press();
        await this.#page.getByRole("heading", { level: 1, name }).waitFor();
      }
    }
    await this.#page.locator(".skeleton").first().waitFor({ state: "detached" });
  }

  /** Each change is a frame of its own, because the next is made once the last has come. */
  async follow(changes: number, person: Person, targetId: string): Promise<void> {
    let scanId: string | null = null;
    for (let done = 0; done < changes; done += 1) {
      const frame = new Promise<void>((resolve) => this.#waiting.add(resolve));
      if (scanId === null) scanId = await person.startsScan(targetId, "Nightly scan");
      else {
        await person.endsScan(scanId);
        scanId = null;
      }
      await frame;
    }
  }
}

export interface Memory {
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What one collection lets go of may be what held on to something else. */
const COLLECTIONS = 5;

/** What the page keeps after everything was let go that can be. */
export async function restingMemory(devtools: CDPSession): Promise<Memory> {
  for (let round = 0; round < COLLECTIONS; round += 1)
    await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  return { heapBytes: usedSize, nodes, listeners: jsEventListeners };
}
