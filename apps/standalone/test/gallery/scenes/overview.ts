/** Account Overview in every situation an account can be in. */
import type { Page } from "playwright-core";
import type { Scene } from "../scene.ts";

const OVERVIEW = /\/trpc\/[^?]*account\.overview/;
const path = "/account";
/** The last part to come, below what is live. */
const shows = ".purchases, :text('Nothing bought yet')";

const configures = (page: Page) =>
  page.getByRole("link", { name: "Auto top-up configuration" }).click();

export const overview: readonly Scene[] = [
  { name: "account", who: "regular", path, shows },
  { name: "account-member", who: "mate", path, shows },
  { name: "account-new", who: "newcomer", path, shows },
  { name: "account-before-buying", who: "buyer", path, shows },
  { name: "account-waiting-for-credits", who: "depleted", path, shows },
  { name: "account-auto-top-up-waiting-for-card", who: "cardless", path, shows },
  { name: "account-auto-top-up-declined", who: "declined", path, shows },
  { name: "account-auto-top-up-asks-bank", who: "asked", path, shows },
  { name: "account-auto-top-up-limit", who: "limited", path, shows },
  { name: "account-loading", who: "regular", path, held: OVERVIEW, shows: ".skeleton" },
  {
    name: "account-failed",
    who: "regular",
    path,
    cut: OVERVIEW,
    act: (page) => page.locator(".purchases").first().waitFor(),
    shows: "text=/could not be loaded|does not answer/",
  },
  {
    name: "account-offline",
    who: "regular",
    path,
    async act(page) {
      await page.locator(".balance__number").waitFor();
      await page.route(/\/trpc\//, (route) => route.abort());
      await page.evaluate("lines.forEach((line) => line.close())");
    },
    shows: "text=/Reconnecting… values from/",
  },
  {
    name: "menu",
    who: "regular",
    path,
    act: (page) => page.getByRole("button", { name: /^Menu of/ }).click(),
    shows: "[role=menu]",
  },
  {
    name: "menu-two-accounts",
    who: "mate",
    path,
    act: (page) => page.getByRole("button", { name: /^Menu of/ }).click(),
    shows: "[role=menuitemradio]",
  },
  { name: "auto-top-up-dialog", who: "regular", path, act: configures, shows: "dialog[open]" },
  {
    name: "auto-top-up-dialog-off",
    who: "buyer",
    path,
    act: configures,
    shows: "dialog[open]",
  },
  {
    name: "auto-top-up-dialog-problems",
    who: "buyer",
    path,
    async act(page) {
      await configures(page);
      await page.getByRole("checkbox", { name: "Buy credits automatically" }).check();
      await page.getByLabel("Credits to buy each time").fill("0");
      await page.getByRole("button", { name: "SAVE" }).click();
    },
    shows: "dialog [role=alert]",
  },
  {
    name: "auto-top-up-dialog-charge",
    who: "newcomer",
    path,
    async act(page) {
      await configures(page);
      await page.getByRole("checkbox", { name: "Buy credits automatically" }).check();
      await page.getByLabel("Credits to buy each time").fill("10");
      await page.getByRole("checkbox", { name: "When you run out of credits" }).check();
      await page
        .getByText(/^10 credits for €/)
        .first()
        .waitFor();
      await page.getByRole("button", { name: "SAVE" }).click();
    },
    shows: "text=/Save and charge/",
  },
  {
    name: "remove-card-dialog",
    who: "buyer",
    path,
    act: (page) =>
      page
        .getByRole("button", { name: /^Remove/ })
        .first()
        .click(),
    shows: "dialog[open]",
  },
  {
    name: "stop-scan-dialog",
    who: "regular",
    path,
    act: (page) => page.getByRole("button", { name: /^Stop/ }).first().click(),
    shows: "dialog[open]",
  },
  {
    name: "time-travel",
    who: "regular",
    path,
    async act(page) {
      const slider = page.locator(".time-travel__range");
      for (let presses = 0; presses < 10; presses += 1) await slider.press("ArrowRight");
    },
    shows: ".time-travel__figures",
  },
];
