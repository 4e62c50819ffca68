import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TopUpView } from "@scanmeter/contracts/checkout";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type PrivateRedis, startRedis } from "../../../scripts/redis.mjs";
import { openBrowser, Visit } from "./support/browser.ts";
import { accepted, query } from "./support/call.ts";
import { type Customer, overviewOf, signUpCustomer } from "./support/customer.ts";
import { type Launched, launch, stopLaunched } from "./support/launched.ts";
import { problemsSeenAt } from "./support/looks.ts";
import { buildProduct, startProduct } from "./support/product.ts";
import { endPrograms } from "./support/program.ts";

/** An expected no is an answer with a status of its own, and the browser tells that too. */
const REFUSED = /status of (409|412) .*\/trpc\/checkout/;

const WORKS = "4242424242424242";
const ASKS_THE_BANK = "4000002760003184";
const IS_DECLINED = "4000000000000341";

let dir: string;
let shop: Launched;
let browser: Browser;
let visit: Visit;
let page: Page;
let customer: Customer;
let count = 0;

beforeAll(async () => {
  await buildProduct("web", "standalone", "local-stripe");
  dir = mkdtempSync(join(tmpdir(), "checkout-"));
  shop = await launch({ DATA_DIR: join(dir, "shop"), SANDBOX_SEED: "demo" });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await stopLaunched();
  await endPrograms();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  count += 1;
  await comeAs(await signUpCustomer(shop.url, `buyer-${count}`));
});

afterEach(async () => {
  await stripe("DELETE", "/faults");
  await visit.end();
});

async function comeAs(somebody: Customer): Promise<void> {
  customer = somebody;
  visit = await Visit.beginAs(browser, somebody.person);
  page = visit.page;
  await page.goto("/account");
  await page.locator(".balance__number").waitFor();
}

async function stripe<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${shop.stripeUrl}/_control${path}`, {
    method,
    ...(body && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return (await response.json()) as Answer;
}

const boughtTopUps = async () =>
  (await accepted(query<{ items: TopUpView[] }>(customer.person, "topUps.list"))).items;

/** Exactly one payment went through, and exactly its credits arrived. */
async function hasBoughtOnce(credits: number): Promise<void> {
  const paid = (await boughtTopUps()).filter(({ state }) => state === "paid");
  expect(paid).toMatchObject([{ credits }]);
  expect((await overviewOf(customer.person)).balance).toMatchObject({ available: credits });
  const summary = await stripe<{ paymentIntentsChargedTwice: string[] }>("GET", "/summary");
  expect(summary.paymentIntentsChargedTwice).toEqual([]);
}

const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
const follow = (name: string | RegExp) => page.getByRole("link", { name }).click();
const see = (text: string | RegExp) => page.getByText(text).first().waitFor();
const heading = () => page.locator("h1").innerText();
const onStep = (title: string) =>
  expect.poll(heading, { timeout: 10_000 }).toMatch(new RegExp(`^${title}`));
const total = () => page.locator(".sums__line--total dd").innerText();
const hasTotal = (amount: string) => expect.poll(total, { timeout: 10_000 }).toBe(amount);
const focused = () => page.evaluate<string>("(document.activeElement?.textContent ?? '').trim()");

async function looksRight(name: string): Promise<void> {
  expect(await problemsSeenAt(page, name)).toEqual([]);
}

async function fillIn(fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(new RegExp(`^${label}( \\(optional\\))?$`)).fill(text);
}

async function fillInAddress(): Promise<void> {
  await page.getByLabel("Country").selectOption("DE");
  await fillIn({ "Street and number": "Hauptstraße 1", "Postal code": "10115", City: "Berlin" });
}

/** On the payment provider's page and back. */
async function addCard(number: string, button = "Add a card"): Promise<void> {
  await press(button);
  await page.waitForURL(/\/pay\//);
  await page.locator(`input[name=card][value="${number}"]`).check();
  await press("Save card");
  if (number === ASKS_THE_BANK) await press("Approve");
  await onStep("Billing and Payment");
  await see("The card was added.");
}

async function order(credits: number): Promise<void> {
  await page.goto("/checkout/order");
  await fillIn({ "Credits to buy": String(credits) });
  await press("Continue");
  await onStep("Billing and Payment");
}

/** Everything but the press of Pay. */
async function walkToConfirmation(credits: number, card: string): Promise<void> {
  await order(credits);
  await fillInAddress();
  await addCard(card);
  await press("Continue");
  await onStep("Confirmation");
}

async function isBackWith(credits: number): Promise<void> {
  await page.waitForURL("**/account");
  await see(`${credits} credits added.`);
  await expect
    .poll(() => page.locator(".balance__number").innerText(), { timeout: 1_000 })
    .toBe(String(credits));
}

describe("a purchase", () => {
  test("leads from BUY CREDITS over three steps to credits that are there without a reload", async () => {
    await see("Nothing bought yet");
    await visit.markPage();
    await looksRight("account-before-buying");
    await follow("BUY CREDITS");
    await onStep("Order");
    expect(await focused()).toBe("Order, step 1 of 3");
    await hasTotal("€113.05");
    await looksRight("checkout-order");

    await fillIn({ "Credits to buy": "24" });
    await see("You pay no more than for 25 credits");
    await hasTotal("€267.75");
    await looksRight("checkout-order-capped");
    await press("Take 25");
    await hasTotal("€267.75");
    await fillIn({ "Credits to buy": "10001" });
    await press("Continue");
    await see("At most 10,000 credits at once.");
    expect(await total()).toBe("€267.75");
    await looksRight("checkout-order-problem");
    await press(/^10 credits/);
    await hasTotal("€113.05");
    await press("Continue");

    await onStep("Billing and Payment");
    expect(await focused()).toBe("Billing and Payment, step 2 of 3");
    await looksRight("checkout-billing-empty");
    await press("Continue");
    await see("Choose the country you are billed in.");
    await looksRight("checkout-billing-problems");
    await page.getByLabel("Country").selectOption("US");
    await page.getByLabel("ZIP code").waitFor();
    await page.getByLabel("State", { exact: true }).waitFor();
    await fillInAddress();
    await fillIn({ "VAT ID": "DE12" });
    await see("This does not look like a VAT ID of Germany.");
    await page.getByLabel("Country").selectOption("AT");
    await fillIn({ "VAT ID": "ATU12345678" });
    await page.getByLabel(/^VAT ID/).blur();
    await hasTotal("€95.00");
    await see(/^Reverse charge/);
    await looksRight("checkout-billing-reverse-charge");
    expect(await visit.isStillTheSamePage()).toBe(true);

    await addCard(WORKS);
    expect(page.url()).not.toContain("card=");
    expect(await page.getByLabel(/^VAT ID/).inputValue()).toBe("ATU12345678");
    await looksRight("checkout-billing-card");
    await visit.markPage();
    await press("Continue");

    await onStep("Confirmation");
    expect(await focused()).toBe("Confirmation, step 3 of 3");
    await see(/^All your paid credits will then expire on/);
    await looksRight("checkout-confirmation");
    await press("Pay €95.00");
    await isBackWith(10);
    await hasBoughtOnce(10);
    await see(/^Paid$/);
    const invoice = page.getByRole("link", { name: /^Invoice/ });
    await invoice.waitFor();
    const download = await page.request.get((await invoice.getAttribute("href")) ?? "");
    expect(download.headers()["content-type"]).toBe("application/pdf");
    await press(/^Close/);
    await page.getByText("Receipt").first().click();
    await looksRight("account-after-buying");

    expect(await visit.isStillTheSamePage()).toBe(true);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("keeps its heading and the focus there while the file of the step is on its way", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(/\/order-page-.*\.js$/, (route) => held.then(() => route.continue()));
    await follow("BUY CREDITS");
    await page.locator(".checkout .steps").waitFor();
    expect(await focused()).toBe("Order, step 1 of 3");
    await page.getByText("Loading the checkout").waitFor();
    release();
    await hasTotal("€113.05");
    expect(await focused()).toBe("Order, step 1 of 3");
  });

  test("that the bank asks about goes to its page and back, and a closed bank page changes nothing", async () => {
    await walkToConfirmation(25, ASKS_THE_BANK);
    await press(/^Pay/);
    await page.waitForURL(/\/authenticate\//);
    await page.goto(`${shop.url}/account`);
    await page.goBack();
    await page.waitForURL(/\/authenticate\//);
    await page.goBack();
    await see("Your bank asks you to confirm");
    await looksRight("checkout-bank-waiting");
    await page.reload();
    await see("Your bank asks you to confirm");
    await follow("Continue to your bank");
    await press("Approve");
    await isBackWith(25);
    expect(page.url()).not.toContain("secret");
    await hasBoughtOnce(25);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("that was confirmed at the bank in another tab leads to its credits there as well", async () => {
    await walkToConfirmation(5, ASKS_THE_BANK);
    await press(/^Pay/);
    await page.waitForURL(/\/authenticate\//);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByRole("button", { name: "Approve" }).click();
    await other.waitForURL("**/account");
    await expect.poll(() => other.locator(".balance__number").innerText()).toBe("5");
    await hasBoughtOnce(5);
  });

  test("that was refused at the bank says what to do, and goes on", async () => {
    await walkToConfirmation(25, ASKS_THE_BANK);
    await press(/^Pay/);
    await press("Fail");
    await see("The payment was not confirmed with the bank.");
    await onStep("Confirmation");
    expect(page.url()).not.toContain("secret");
    await looksRight("checkout-bank-refused");
    await press(/^Pay/);
    await press("Approve");
    await isBackWith(25);
    await hasBoughtOnce(25);
  });

  test("that was declined leads to another card, and only that one is charged", async () => {
    await walkToConfirmation(10, IS_DECLINED);
    await press(/^Pay/);
    await see("The bank declined the payment.");
    await see("Nothing was charged.");
    await looksRight("checkout-declined");
    expect((await overviewOf(customer.person)).balance.available).toBe(0);
    await follow("Use another card");
    await onStep("Billing and Payment");
    await addCard(WORKS, "Add another card");
    await looksRight("checkout-two-cards");
    await press("Continue");
    await onStep("Confirmation");
    await see("Visa ending in 4242");
    await press(/^Pay/);
    await isBackWith(10);
    await hasBoughtOnce(10);
    expect(visit.complaintsBut()).toEqual([]);
  });

  test("whose answer is lost is never called failed; the credits come when it is known", async () => {
    await walkToConfirmation(10, WORKS);
    const lost = { kind: "html_502", phase: "after", times: 0 };
    await stripe("POST", "/faults", { ...lost, path: "/v1/payment_intents/*/confirm" });
    await stripe("POST", "/faults", { ...lost, path: "/v1/payment_intents/*", method: "get" });
    await press(/^Pay/);
    await see("Confirming payment");
    await see("You can leave this page");
    await looksRight("checkout-confirming");
    await page.reload();
    await see("Confirming payment");
    await stripe("DELETE", "/faults");
    await isBackWith(10);
    await hasBoughtOnce(10);
  });

  test("of nothing saves a card and charges nothing", async () => {
    await follow("Add a card");
    await see("No credits, nothing to pay.");
    await looksRight("checkout-order-nothing");
    await press("Continue");
    await onStep("Billing and Payment");
    await fillInAddress();
    await addCard(WORKS);
    await looksRight("checkout-billing-nothing");
    await press("Continue");
    await onStep("Confirmation");
    await looksRight("checkout-confirmation-nothing");
    await press("Save card");
    await page.waitForURL("**/account");
    await see("Card saved.");
    await see("Visa ending in 4242");
    expect(await boughtTopUps()).toEqual([]);

    await press(/^Remove/);
    await page.getByRole("dialog").waitFor();
    await looksRight("remove-card-dialog");
    await page.getByRole("dialog").getByRole("button", { name: "Remove the card" }).click();
    await see("No card is saved.");
    expect(visit.complaintsBut()).toEqual([]);
  });
});

describe("a step", () => {
  test("that is opened too early leads to the first incomplete one, and a reload stays where it is", async () => {
    await page.goto("/checkout/confirmation");
    await page.waitForURL("**/checkout/order");
    await fillIn({ "Credits to buy": "30" });
    await page.reload();
    expect(await page.getByLabel("Credits to buy").inputValue()).toBe("30");
    await press("Continue");
    await onStep("Billing and Payment");
    await page.goto(page.url().replace("billing", "confirmation"));
    await page.waitForURL("**/checkout/billing?*");
    await page.reload();
    await onStep("Billing and Payment");
    await fillInAddress();
    await addCard(WORKS);
    await press("Continue");
    await onStep("Confirmation");
    await page.reload();
    await onStep("Confirmation");

    // Past the billing step, the card page and the billing step again.
    for (let back = 0; back < 5 && !page.url().includes("/checkout/order"); back += 1) {
      await page.goBack();
    }
    await onStep("Order");
    expect(await page.getByLabel("Credits to buy").inputValue()).toBe("30");
    await fillIn({ "Credits to buy": "50" });
    await press("Continue");
    await onStep("Billing and Payment");
    await press("Continue");
    await press("Pay €505.75");
    await isBackWith(50);
    await hasBoughtOnce(50);
    await page.goBack();
    await onStep("This order is complete");
    await looksRight("checkout-complete-again");
    await follow("Buy more credits");
    await onStep("Order");
  });

  test("that is opened by somebody who is signed out is where signing in leads", async () => {
    await page.context().clearCookies();
    await page.goto("/checkout/order?quantity=30");
    await page.waitForURL("**/sign-in?next=*");
    await fillIn({ Email: customer.email, Password: customer.password });
    await press("Sign in");
    await onStep("Order");
    expect(await page.getByLabel("Credits to buy").inputValue()).toBe("30");
  });

  test("with something unsaved asks before it is left, and a saved one does not", async () => {
    await order(10);
    await fillIn({ Company: "Acme" });
    await follow(/Scanmeter/);
    await page.getByRole("dialog").waitFor();
    await looksRight("checkout-leave-dialog");
    await press("Stay here");
    expect(await page.getByLabel(/^Company/).inputValue()).toBe("Acme");
    await page.goBack();
    await press("Leave");
    await onStep("Order");
    await follow(/Scanmeter/);
    await page.waitForURL("**/account");
  });

  test("of somebody else's checkout tells nothing of it", async () => {
    await order(10);
    const address = page.url();
    await visit.end();
    await comeAs(await signUpCustomer(shop.url, `stranger-${count}`));
    await page.goto(address);
    await see("There is no such checkout in this account.");
    await looksRight("checkout-unknown");
  });

  test("comes back from the card page without a card and with all that was typed and chosen", async () => {
    await order(10);
    await fillInAddress();
    await fillIn({ Company: "Acme" });
    const keep = page.getByLabel("Keep this card for later purchases");
    await keep.uncheck();
    await press("Add a card");
    await page.waitForURL(/\/pay\//);
    await follow("Cancel");
    await see("No card was added.");
    expect(await page.getByLabel(/^Company/).inputValue()).toBe("Acme");
    expect(await keep.isChecked()).toBe(false);
    await addCard(WORKS);
    expect(await keep.isChecked()).toBe(false);
    await press("Continue");
    await see("It is not kept after this purchase.");
    await press(/^Pay/);
    await isBackWith(10);
    await see("No card is saved.");
  });
});

describe("one order", () => {
  test("is charged once, however often and in however many tabs Pay is pressed", async () => {
    await walkToConfirmation(10, WORKS);
    const address = page.url();
    const second = await page.context().newPage();
    await second.goto(address);
    const secondPay = second.getByRole("button", { name: /^Pay/ });
    await secondPay.waitFor();
    await page.getByRole("button", { name: /^Pay/ }).dblclick();
    await secondPay.click().catch(() => {
      // The second tab may have learnt of the payment already and shows no button any more.
    });
    await isBackWith(10);
    await second.goto(address);
    await second.getByText("This order is complete").first().waitFor();
    await hasBoughtOnce(10);
  });

  test("that was changed in another tab is not paid at a price nobody saw", async () => {
    await walkToConfirmation(10, WORKS);
    const second = await page.context().newPage();
    await second.goto(page.url().replace("confirmation", "order"));
    await second.getByLabel("Credits to buy").fill("25");
    await second.getByRole("button", { name: "Continue" }).click();
    await second.getByText("Billing and Payment, step 2").waitFor({ state: "attached" });
    await second.close();

    await press("Pay €113.05");
    await see("The price has changed: it was €113.05 and is now €267.75.");
    await looksRight("checkout-price-changed");
    expect(await boughtTopUps()).toEqual([]);
    await press("Pay €267.75");
    await isBackWith(25);
    await hasBoughtOnce(25);
    expect(visit.complaintsBut(REFUSED)).toEqual([]);
  });

  test("can be canceled before it is paid", async () => {
    await walkToConfirmation(10, WORKS);
    const address = page.url();
    await press("Cancel the order");
    await see("The order was canceled. Nothing was charged.");
    await page.goto(address);
    await onStep("This order was canceled");
    await looksRight("checkout-canceled");
    expect((await overviewOf(customer.person)).balance.available).toBe(0);
  });
});

test("billing details are changed outside a purchase too", async () => {
  await follow(/^Fill in/);
  await onStep("Billing details");
  await fillInAddress();
  await looksRight("billing-settings");
  await press("Save");
  await see("Billing details saved.");
  await see("10115 Berlin");
});

test("without a mouse, credits are bought", async () => {
  const { keyboard } = page;
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await focused()).startsWith(name)) return;
      await keyboard.press("Tab");
    }
    throw new Error(`${name} was not reached; the focus is at ${await focused()}`);
  };
  const typeInto = async (label: string, text: string) => {
    const labelled = "document.activeElement?.labels?.[0]?.textContent ?? ''";
    for (let presses = 0; presses < 60; presses += 1) {
      if ((await page.evaluate<string>(labelled)).startsWith(label)) break;
      await keyboard.press("Tab");
    }
    await keyboard.type(text);
  };
  await tabTo("BUY CREDITS");
  await keyboard.press("Enter");
  await onStep("Order");
  await tabTo("10 credits");
  await keyboard.press("Space");
  await typeInto("Credits to buy", "");
  await keyboard.press("Enter");
  await onStep("Billing and Payment");
  await typeInto("Country", "Germany");
  await typeInto("Street and number", "Hauptstraße 1");
  await typeInto("Postal code", "10115");
  await typeInto("City", "Berlin");
  await tabTo("Add a card");
  await keyboard.press("Enter");
  await page.waitForURL(/\/pay\//);
  await page.getByRole("button", { name: "Save card" }).focus();
  await keyboard.press("Enter");
  await see("The card was added.");
  await tabTo("Continue");
  await keyboard.press("Enter");
  await onStep("Confirmation");
  await tabTo("Pay €113.05");
  await keyboard.press("Enter");
  await isBackWith(10);
  await hasBoughtOnce(10);
});

describe("where nothing can be bought", () => {
  let redis: PrivateRedis;

  beforeAll(async () => {
    redis = await startRedis({ dir: join(dir, "redis") });
  });

  afterAll(() => redis.stop());

  test("the pages say so and offer no button", async () => {
    const product = await startProduct({ dataDir: join(dir, "closed"), redisUrl: redis.url });
    await visit.end();
    await comeAs(await signUpCustomer(product.url, "window-shopper"));
    await see("Buying is switched off here.");
    expect(await page.getByRole("link", { name: "BUY CREDITS" }).count()).toBe(0);
    await looksRight("account-buying-off");
    await page.goto("/checkout/order");
    await see("Buying is switched off here.");
    await looksRight("checkout-buying-off");
    expect(visit.complaintsBut()).toEqual([]);
  });
});
