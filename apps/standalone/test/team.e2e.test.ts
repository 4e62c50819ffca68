/** More than one person: invited by mail, joined, given a role, removed; and what an account itself can be told. */
import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CUT_OFF, NOT_SIGNED_IN, Visit } from "./support/browser.ts";
import { NARROW, problemsSeenAt } from "./support/looks.ts";
import { Shop } from "./support/shop.ts";
import { Shopper, WORKS } from "./support/shopper.ts";

/** What a browser says by itself about a thing that is not there. */
const NOT_THERE = /status of 404 .*members\.offer/;

const TEAM = /\/trpc\/[^?]*members\.list/;
const PASSWORD = "correct horse battery";
const GRACE = "grace@customers.test";

let shop: Shop;
/** Owns an account in which something was bought. */
let ada: Shopper;
/** Is invited to it, in a browser of her own. */
let grace: Visit;

beforeAll(async () => {
  shop = await Shop.open("team");
  ada = await Shopper.come(shop, { card: WORKS, autoTopUp: {} });
  grace = await Visit.begin(shop.browser, shop.url);
});

afterAll(async () => {
  await ada?.visit.end();
  await grace?.end();
  await shop?.close();
});

const eventually = <Value>(read: () => Value | Promise<Value>, timeout = 10_000) =>
  expect.poll(read, { timeout });
const press = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name }).first().click();
const follow = (page: Page, name: string | RegExp) =>
  page.getByRole("link", { name }).first().click();
const see = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const heading = (page: Page) => page.locator("h1").innerText();
const main = (page: Page) => page.locator("main").innerText();
const focused = (page: Page) => page.evaluate<string>("document.activeElement?.textContent ?? ''");
const rowOf = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(name) });
const inDialog = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name }).click();

async function looksRight(page: Page, name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

/** Somebody comes back to the page, which then asks what may have changed meanwhile. */
const comesBack = (page: Page) =>
  page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");

async function tabTo(page: Page, text: RegExp): Promise<void> {
  const name = "(document.activeElement?.labels?.[0] ?? document.activeElement)?.textContent";
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press("Tab");
    if (text.test((await page.evaluate<string | undefined>(name)) ?? "")) return;
  }
  throw new Error(`${text} was not reached`);
}

/** From the newest mail to whoever it is for to the page its link opens. */
async function opensInvitation(page: Page, email: string): Promise<void> {
  await page.goto("/sandbox/mailbox");
  const mail = page.getByRole("row", { name: email }).getByRole("link", { name: /invitation/ });
  const hasCome = async () => {
    await page.reload();
    return mail.isVisible();
  };
  await eventually(hasCome).toBe(true);
  await mail.click();
  await page.locator('a[href*="/join/"]').first().click();
  await page.waitForURL("**/join/*");
}

async function signsUp(page: Page, name: string, email: string): Promise<void> {
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Work email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await press(page, "Create account");
}

async function accountsInMenu(page: Page): Promise<(string | null)[]> {
  await press(page, /^Menu of/);
  const items = await page.getByRole("menuitemradio").all();
  const shown = await Promise.all(
    items.map(async (item) =>
      `${await item.innerText()} ${await item.getAttribute("aria-checked")}`.replaceAll("\n", " "),
    ),
  );
  await page.keyboard.press("Escape");
  return shown;
}

describe("a team", () => {
  test("of one says so, and invites without a mouse", async () => {
    const { page } = ada;
    await press(page, /^Menu of/);
    await page.getByRole("menuitem", { name: "Team" }).click();
    await see(page, "You are the only one here.");
    expect(await ada.focused()).toBe("Team");
    expect(await page.getByRole("button", { name: /^(Leave|Change role|Remove)/ }).count()).toBe(0);
    await looksRight(page, "team-alone");

    await tabTo(page, /^Email/);
    await page.keyboard.press("Enter");
    await see(page, "Enter the email of whoever you want to invite.");
    await page.keyboard.type(`${ada.customer.email}`);
    await page.keyboard.press("Enter");
    await see(page, "This is your own email.");
    await looksRight(page, "team-invite-problem");
    await page.keyboard.press("Control+A");
    await page.keyboard.type(GRACE);
    await tabTo(page, /^Role/);
    await tabTo(page, /^Send the invitation$/);
    await page.keyboard.press("Enter");
    await see(page, `The invitation is on its way to ${GRACE}.`);
    await rowOf(page, GRACE).waitFor();
    expect(await rowOf(page, GRACE).innerText()).toContain("Member");
    await looksRight(page, "team-invited");
  });

  test("is joined through the mailed link by whoever signs up with that address", async () => {
    const { page } = grace;
    await opensInvitation(page, GRACE);
    await see(page, "Somebody invited you to their team.");
    await looksRight(page, "join-signed-out");
    await follow(page, "Create an account");
    // Whoever goes to and fro between the two still comes back to the invitation.
    await follow(page, "Sign in");
    await follow(page, "Create an account");
    await signsUp(page, "Grace", GRACE);
    await page.waitForURL("**/join/*");
    await see(page, "Invited by");
    expect(await heading(page)).toBe("Join shopper-1");
    await looksRight(page, "join");
    const link = page.url();
    await press(page, "Join shopper-1");
    await page.waitForURL("**/account");
    await see(page, "You joined shopper-1 as member.");
    await eventually(() => accountsInMenu(page)).toEqual([
      "shopper-1 Member true",
      "Grace Owner false",
    ]);
    await press(page, /^Menu of/);
    await looksRight(page, "menu-accounts");
    await page.keyboard.press("Escape");

    const { page: ownersPage } = ada;
    await ownersPage.goto(link);
    await see(ownersPage, /This invitation no longer works/);
    await looksRight(ownersPage, "join-used");
  });

  test("is seen by all, and who may not change it reads who may", async () => {
    const { page } = grace;
    await page.goto("/settings/team");
    await see(page, "Only owners of this account can invite people");
    expect(await main(page)).toContain("Ask shopper-1.");
    expect(await page.getByRole("button", { name: /^(Change role|Remove|Send)/ }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Leave the team" }).count()).toBe(1);
    await looksRight(page, "team-member");
    await follow(page, "Settings");
    await see(page, "Only owners of this account can change its settings.");
    expect(await page.locator("main input, main select").count()).toBe(0);
    await looksRight(page, "settings-member");
    await follow(page, "Billing");
    await see(page, "Owners and billing managers of this account can change");
    await see(page, "Visa ending in 4242");
    expect(await page.getByRole("link", { name: /Edit|Fill in|Add a card/ }).count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Remove/ }).count()).toBe(0);
    await looksRight(page, "billing-member");
  });

  test("has a role changed, and the other's open page follows", async () => {
    const { page } = ada;
    await page.goto("/settings/team");
    await see(page, "You are the only owner.");
    await press(page, "Change role of Grace");
    await page.getByRole("radio", { name: /^Billing manager/ }).check();
    await looksRight(page, "team-change-role");
    await inDialog(page, "Change role");
    await see(page, "Grace’s role is now: Billing manager.");
    await eventually(() => rowOf(page, "Grace").innerText()).toContain("Billing manager");
    await looksRight(page, "team");

    await comesBack(grace.page);
    await grace.page.getByRole("link", { name: /Add a card/ }).waitFor();
    expect(await grace.page.getByRole("button", { name: /^Remove Visa/ }).count()).toBe(1);
  });

  test("finds the focus where it was in a menu to which the accounts come late", async () => {
    const { page } = grace;
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/accounts\.list/, (route) => asked.then(() => route.continue()));
    await page.goto("/account");
    await page.locator(".balance__number").waitFor();
    await page.getByRole("button", { name: /^Menu of/ }).press("ArrowUp");
    expect(await focused(page)).toBe("Sign out");
    answer();
    await page.getByRole("menuitemradio").first().waitFor();
    expect(await focused(page)).toBe("Sign out");
    await page.unroute(/accounts\.list/);
  });

  test("is acted for one account at a time, in every page of the session", async () => {
    const { page } = grace;
    const other = await page.context().newPage();
    await other.goto("/account");
    await eventually(() => heading(other)).toBe("Account Overview");
    await page.goto("/account");
    await eventually(() => accountsInMenu(page)).toHaveLength(2);
    await press(page, /^Menu of/);
    await page.getByRole("menuitemradio", { name: /^Grace/ }).click();
    await see(page, "You now act for Grace.");
    await see(other, "You no longer act for shopper-1 here. This is Grace.");
    await eventually(() => page.locator(".balance__number").innerText()).toBe("0");
    await other.close();
    await press(page, /^Menu of/);
    await page.getByRole("menuitemradio", { name: /^shopper-1/ }).click();
    await see(page, "You now act for shopper-1.");
    await page.goto("/switch/acc_of_somebody_else");
    await see(page, "The account was not opened");
    await looksRight(page, "switch-refused");
  });

  test("puts somebody out, whose page leaves the account within five seconds", async () => {
    const { page } = grace;
    await page.goto("/scans");
    await see(page, "No scan yet.");
    await press(ada.page, "Remove Grace");
    await looksRight(ada.page, "team-remove");
    await inDialog(ada.page, "Remove from the team");
    await eventually(() => page.url(), 5_000).toMatch(/\/account$/);
    await see(page, "You no longer act for shopper-1 here. This is Grace.");
    await see(ada.page, "Grace is removed from the team.");
    expect(await rowOf(ada.page, "Grace").count()).toBe(0);
    expect(await accountsInMenu(page)).toEqual([]);
  });

  test("withdraws an invitation and sends one again, and only the last link works", async () => {
    const { page } = ada;
    await page.getByLabel("Email").fill("linus@customers.test");
    await page.getByLabel("Role", { exact: true }).selectOption("Owner");
    await press(page, "Send the invitation");
    await rowOf(page, "linus@customers.test").waitFor();
    await opensInvitation(grace.page, "linus@customers.test");
    const first = grace.page.url();
    await see(grace.page, "You are signed in with another address.");
    await looksRight(grace.page, "join-another");
    await press(page, "Send again to linus@customers.test");
    await see(page, "Another mail is on its way to linus@customers.test.");
    await grace.page.goto(first);
    await see(grace.page, /This invitation no longer works/);
    await press(page, "Withdraw the invitation of linus@customers.test");
    await see(page, "The invitation of linus@customers.test is withdrawn.");
    await eventually(() => page.getByRole("heading", { name: "Open invitations" }).count()).toBe(0);
  });

  test("that cannot be loaded says so, and what is known stays with its age", async () => {
    const { page } = ada;
    const held: Route[] = [];
    let isHeld = true;
    await page.route(TEAM, (route) => (isHeld ? void held.push(route) : route.abort()));
    await page.reload();
    await see(page, "Loading the team");
    await looksRight(page, "team-loading");
    isHeld = false;
    for (const route of held) await route.abort();
    await see(page, "The team could not be loaded. Trying again…");
    await looksRight(page, "team-failed");
    await page.unroute(TEAM);
    await see(page, "You are the only one here.");
    await page.route(TEAM, (route) => route.abort());
    await comesBack(page);
    await see(page, /The team could not be refreshed. Shown as of/);
    await see(page, "You are the only one here.");
    await page.unroute(TEAM);
  });
});

describe("the settings of an account", () => {
  test("are saved, and every page writes its dates in the new zone", async () => {
    const { page } = ada;
    await follow(page, "Settings");
    await page.getByLabel("Name of the account").waitFor();
    await looksRight(page, "settings");
    await page.getByLabel("Name of the account").fill("");
    await press(page, "Save");
    await see(page, "Enter a name for the account.");
    await page.getByLabel("Name of the account").fill("Acme Security");
    await page.getByLabel("Time zone").selectOption("Asia/Tokyo");
    await see(page, /It is now .* in Tokyo\./);
    await page.getByRole("radio", { name: /^Let the scan finish/ }).check();
    await follow(page, "Billing");
    await page.getByRole("dialog").waitFor();
    await inDialog(page, "Stay here");
    await press(page, "Save");
    await see(page, /^Saved\.$/);
    await follow(page, "Billing");
    await see(page, "Times in Tokyo");
    await see(page, "Acme Security");
    await page.reload();
    await see(page, "Times in Tokyo");
    await follow(page, "Settings");
    await page.getByLabel("Name of the account").waitFor();
    expect(await page.getByLabel("Time zone").inputValue()).toBe("Asia/Tokyo");
    expect(await page.getByRole("radio", { name: /^Let the scan finish/ }).isChecked()).toBe(true);
  });

  test("have billing beside them, with every paper of every purchase", async () => {
    const { page } = ada;
    await follow(page, "Billing");
    const papers = page.getByRole("region", { name: "Invoices and credit notes" });
    await eventually(async () => {
      await page.reload();
      await papers.waitFor();
      return papers.getByRole("link", { name: /^PDF of Invoice/ }).count();
    }).toBe(1);
    await looksRight(page, "billing");
    await follow(page, /^(Edit|Fill in)/);
    await page.waitForURL("**/settings/billing");
    await see(page, "They go on your next invoices.");
    await follow(page, "Cancel");
    await page.waitForURL("**/billing");
  });

  test("are big enough for a finger on the narrowest screen", async () => {
    const { page } = ada;
    await page.setViewportSize(NARROW);
    for (const path of ["/settings", "/settings/team", "/billing"]) {
      await page.goto(path);
      await page.locator("main .card .button, main .card .link--target").first().waitFor();
      const targets = page.locator("nav a, main button, main .link--target, main .input, .choice");
      for (const target of await targets.filter({ visible: true }).all()) {
        const { height = 0 } = (await target.boundingBox()) ?? {};
        expect(height, await target.innerText()).toBeGreaterThanOrEqual(43.5);
      }
    }
    const allowed = [NOT_SIGNED_IN, CUT_OFF, NOT_THERE];
    expect(ada.visit.complaintsBut(...allowed)).toEqual([]);
    expect(grace.complaintsBut(...allowed, /status of 404 .*accounts\.switchTo/)).toEqual([]);
  });
});
