/** Scans, targets and runner keys. */
import type { Page } from "playwright-core";
import type { Scene } from "../scene.ts";

const SCANS = /\/trpc\/[^?]*scans\.list/;
const SCAN = /\/trpc\/[^?]*scans\.get/;
const TARGETS = /\/trpc\/[^?]*targets\.list/;
const KEYS = /\/trpc\/[^?]*runnerKeys\.list/;

interface Scans {
  items: { scanId: string; state: string }[];
}

/** Of the regular's newest scans, the first that is like that. */
const scanLike =
  (...states: readonly string[]): Exclude<Scene["path"], string> =>
  async ({ regular }) => {
    const { items } = await regular.asks<Scans>("scans.list", { states });
    return `/scans/${items[0]?.scanId}`;
  };

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole("button", { name: menu }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

export const scanning: readonly Scene[] = [
  { name: "scans", who: "regular", path: "/scans", shows: ".scan-list__what" },
  { name: "scans-empty", who: "newcomer", path: "/scans", shows: "text=No scan yet." },
  {
    name: "scans-none-like-that",
    who: "regular",
    path: "/scans?state=stopped",
    shows: "text=No scan fits this choice.",
  },
  { name: "scans-loading", who: "regular", path: "/scans", held: SCANS, shows: ".skeleton" },
  {
    name: "scans-failed",
    who: "regular",
    path: "/scans",
    cut: SCANS,
    shows: "text=The scans could not be loaded.",
  },
  { name: "scan-running", who: "regular", path: scanLike("running"), shows: ".steps__what" },
  { name: "scan-paused", who: "regular", path: scanLike("paused"), shows: ".steps__what" },
  { name: "scan-finished", who: "regular", path: scanLike("finished"), shows: ".steps__what" },
  { name: "scan-returned", who: "regular", path: scanLike("failed"), shows: ".steps__what" },
  {
    name: "scan-unknown",
    who: "regular",
    path: "/scans/scan_01m825m6m022f9wfg60j4gnzzz",
    shows: "text=There is no such scan in this account.",
  },
  {
    name: "scan-loading",
    who: "regular",
    path: scanLike("running"),
    held: SCAN,
    shows: ".skeleton",
  },
  {
    name: "scan-failed-to-load",
    who: "regular",
    path: scanLike("running"),
    cut: SCAN,
    shows: "text=/could not be loaded/",
  },
  { name: "targets", who: "regular", path: "/targets", shows: ".target__title" },
  { name: "targets-member", who: "mate", path: "/targets", shows: ".target__title" },
  { name: "targets-empty", who: "newcomer", path: "/targets", shows: "text=/No target/" },
  { name: "targets-loading", who: "regular", path: "/targets", held: TARGETS, shows: ".skeleton" },
  {
    name: "targets-failed",
    who: "regular",
    path: "/targets",
    cut: TARGETS,
    shows: "text=/could not be loaded/",
  },
  {
    name: "target-add-problem",
    who: "regular",
    path: "/targets",
    async act(page) {
      await page.getByRole("button", { name: "Add a target" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: "Add the target" }).click();
    },
    shows: "dialog [aria-invalid=true]",
  },
  {
    name: "target-menu",
    who: "regular",
    path: "/targets",
    act: (page) => page.getByRole("button", { name: "Change Shop" }).click(),
    shows: "[role=menu]",
  },
  {
    name: "runner-keys",
    who: "regular",
    path: "/settings/runner-keys",
    shows: "text=Build server",
  },
  {
    name: "runner-keys-member",
    who: "mate",
    path: "/settings/runner-keys",
    shows: "text=Build server",
  },
  {
    name: "runner-keys-empty",
    who: "newcomer",
    path: "/settings/runner-keys",
    shows: ".keys .empty",
  },
  {
    name: "runner-keys-loading",
    who: "regular",
    path: "/settings/runner-keys",
    held: KEYS,
    shows: ".skeleton",
  },
  {
    name: "runner-keys-failed",
    who: "regular",
    path: "/settings/runner-keys",
    cut: KEYS,
    shows: "text=/could not be loaded/",
  },
  {
    name: "runner-key-made",
    who: "limited",
    path: "/settings/runner-keys",
    async act(page) {
      await page.getByLabel("Name", { exact: true }).fill("Release server");
      await page.getByRole("button", { name: /^Create/ }).click();
    },
    shows: "text=I have copied the key",
  },
  {
    name: "runner-key-revoke-dialog",
    who: "regular",
    path: "/settings/runner-keys",
    act: (page) =>
      page
        .getByRole("button", { name: /^Revoke/ })
        .first()
        .click(),
    shows: "dialog[open]",
  },
  {
    name: "target-start-dialog",
    who: "regular",
    path: "/targets",
    act: (page) =>
      page
        .getByRole("button", { name: /^Start a scan/ })
        .first()
        .click(),
    shows: "dialog[open]",
  },
  {
    name: "target-mode-dialog",
    who: "regular",
    path: "/targets",
    act: (page) => choose(page, "Change Shop", "Make it unlimited"),
    shows: "dialog[open]",
  },
  {
    name: "target-archive-dialog",
    who: "regular",
    path: "/targets",
    act: (page) => choose(page, "Change Shop", "Archive"),
    shows: "dialog[open]",
  },
];
