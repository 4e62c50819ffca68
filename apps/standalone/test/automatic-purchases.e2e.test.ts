/** Credits are bought without anybody at the keyboard, and what a customer sees of it, also when the bank says no or asks. */
import { fileURLToPath } from "node:url";
import type { LotView } from "@scanmeter/contracts/live";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { overviewOf } from "./support/customer.ts";
import { processState } from "./support/process-state.ts";
import { launchRunner, runOps } from "./support/product.ts";
import { Shop } from "./support/shop.ts";
import { ASKS_THE_BANK, IS_DECLINED, Shopper, WORKS } from "./support/shopper.ts";

const SCANNER = [process.execPath, fileURLToPath(new URL("support/scanner.mjs", import.meta.url))];

let shop: Shop;
let ada: Shopper;

beforeAll(async () => {
  shop = await Shop.open("automatic-purchases");
});

afterAll(async () => {
  await shop?.close();
});

afterEach(() => ada.leaves());

const isOnlyExpectedlyNoisy = () => expect(ada.visit.complaintsBut()).toEqual([]);

describe("a scan that takes the last credit", () => {
  async function letAnHourPass(): Promise<void> {
    const answered = ada.page.waitForResponse(/sandbox\.advance/);
    await ada.press("+1 hour");
    expect((await answered).status()).toBe(200);
  }

  test("waits without a card, goes on by itself once there is one, and does not wait the next time", async () => {
    ada = await Shopper.come(shop, { credits: 1, autoTopUp: { quantity: 2 } });
    const { url, customer } = { url: shop.url, customer: ada.customer };
    const runner = launchRunner({
      url,
      key: customer.runnerKey,
      target: `https://${customer.email.split("@")[0]}.customers.test/`,
      label: "Nightly scan",
      command: SCANNER,
    });
    const scanner = Number((await runner.says(/^scanning as \d+$/)).split(" ").at(-1));
    const isStill = () => expect.poll(() => processState(scanner), { timeout: 10_000 });
    await ada.seesBalance(0);
    await ada.see("hour 1 of 5");
    await letAnHourPass();
    await ada.see("Paused: waiting for credits");
    await isStill().toBe("T");
    await ada.seesStatus("Saved, waiting for a card");
    await ada.looksRight("account-scan-waits-for-card");
    expect(await ada.visit.isStillTheSamePage()).toBe(true);

    await ada.status.getByRole("link", { name: "Add a card" }).click();
    await ada.see("Auto top-up comes on top. You are out of credits now");
    await ada.savesCardByOrderOfNothing(WORKS);
    await ada.visit.markPage();
    await ada.see("hour 2 of 5");
    await ada.seesBalance(1);
    await runner.says(/resumed: credits arrived/);
    await isStill().toMatch(/[RS]/);

    await letAnHourPass();
    await ada.see("hour 3 of 5");
    await ada.seesBalance(2);
    await ada.seesStatus("On");
    process.kill(scanner, "SIGUSR2");
    const { code, errors } = await runner.ended;
    expect({ code, errors }).toMatchObject({
      code: 0,
      errors: expect.stringContaining("scan finished: 3 credits"),
    });
    expect(errors.match(/paused/g)).toHaveLength(1);
    await ada.see("No scan is running.");
    await ada.hasPaidFor(2, 2);
    expect(await ada.visit.isStillTheSamePage()).toBe(true);
    isOnlyExpectedlyNoisy();
  });
});

describe("a card", () => {
  test("that is declined, and declined again, is told with the way out, and another one brings the credits", async () => {
    ada = await Shopper.come(shop, { card: IS_DECLINED, autoTopUp: {} });
    await ada.seesStatus("Trying again");
    const told = ada.status.getByText(/^The last payment was declined\. It is tried again on /);
    const first = await told.innerText();
    await ada.page.locator(".purchases").getByText("Will be tried again").waitFor();
    await ada.looksRight("account-auto-top-up-declined");
    await ada.press("+1 day");
    await expect.poll(() => told.innerText(), { timeout: 10_000 }).not.toBe(first);
    await ada.status.getByRole("link", { name: "Use another card" }).click();
    await ada.savesCardByOrderOfNothing(WORKS);
    await ada.visit.markPage();
    await ada.seesBalance(10);
    await ada.seesStatus("On");
    await ada.status.getByText("charged to Visa ending in 4242").waitFor();
    await ada.hasPaidFor(10);
    expect(await ada.visit.isStillTheSamePage()).toBe(true);
    isOnlyExpectedlyNoisy();
  });

  /** The bank asks; answers the path of the page that tells. */
  async function isAsked(): Promise<string> {
    ada = await Shopper.come(shop, { card: ASKS_THE_BANK, autoTopUp: {} });
    await ada.seesStatus("Waiting for your confirmation");
    const link = ada.status.getByRole("link", { name: "Confirm with your bank" });
    return (await link.getAttribute("href")) ?? "";
  }

  test("whose bank asks charges once, however often its link is opened and answered", async () => {
    const path = await isAsked();
    await ada.status.getByText(/^Your bank wants you to confirm a purchase by /).waitFor();
    await ada.looksRight("account-auto-top-up-asks");
    await ada.status.getByRole("link", { name: "Confirm with your bank" }).click();
    await ada.isOn("Confirm a purchase");
    await ada.see(/^Your bank wants you to confirm this purchase before Visa ending in 3184/);
    await ada.looksRight("confirm-purchase");
    const mailed = await ada.opensAnotherPage("/sandbox/mailbox");
    const mail = mailed.getByRole("link", { name: /^Confirm a payment of / }).first();
    const hasCome = async () => {
      await mailed.reload();
      return mail.isVisible();
    };
    await expect.poll(hasCome, { timeout: 10_000 }).toBe(true);
    await mail.click();
    await mailed.locator(`a[href$="${path}"]`).first().click();
    await mailed.getByRole("heading", { name: "Confirm a purchase" }).waitFor();

    await ada.press("Confirm with your bank");
    await ada.page.waitForURL(/\/authenticate\//);
    await mailed.getByRole("button", { name: "Confirm with your bank" }).click();
    await mailed.waitForURL(/\/authenticate\//);
    expect(mailed.url()).toBe(ada.page.url());
    await ada.press("Approve");
    await ada.page.waitForURL(`**${path}`);
    await ada.isOn("The purchase is paid");
    await ada.see("€113.05 bought 10 credits, which expire on ");
    await mailed.getByRole("button", { name: "Approve" }).click();
    await mailed.getByRole("heading", { name: "The purchase is paid" }).waitFor();
    await mailed.close();
    await ada.looksRight("confirm-purchase-paid");

    await ada.follow("Go to Account Overview");
    await ada.seesBalance(10);
    await ada.seesStatus("On");
    await ada.hasPaidFor(10);
    isOnlyExpectedlyNoisy();
  });

  test("whose bank asks is left for another one, and only that one is charged", async () => {
    const path = await isAsked();
    await ada.open(path);
    await ada.press("Confirm with your bank");
    await ada.page.waitForURL(/\/authenticate\//);
    await ada.page.goBack();
    await ada.isOn("Confirm a purchase");
    await ada.press("Pay with another card");
    await ada.isOn("Order");
    await ada.see("The automatic purchase was called off. Nothing was charged.");
    expect(await ada.page.getByLabel("Credits to buy", { exact: true }).inputValue()).toBe("10");
    await ada.press("Continue");
    await ada.isOn("Billing and Payment");
    await ada.fillInAddress();
    await ada.addCard(WORKS);
    await ada.press("Continue");
    await ada.press("Pay €113.05");
    await ada.page.waitForURL("**/account");
    await ada.seesBalance(10);
    await ada.seesStatus("On");
    expect((await ada.topUps()).map(({ state }) => state)).toEqual(["paid", "canceled"]);
    await ada.hasPaidFor(10);
    isOnlyExpectedlyNoisy();
  });
});

describe("a year of silence", () => {
  const DAY = 86_400_000;
  const short = { day: "numeric", month: "short", year: "numeric" } as const;
  const time = { hour: "2-digit", minute: "2-digit", timeZone: "UTC" } as const;
  /** As the page writes it. */
  const instant = (iso: string) =>
    new Intl.DateTimeFormat("en-GB", { ...short, ...time }).format(Date.parse(iso));

  async function moveClock(to: number): Promise<void> {
    const day = new Date(to).toISOString().slice(0, 10);
    await ada.page.getByLabel("Date", { exact: true }).fill(day);
    await ada.press("Move the test clock here");
    await ada.see(/^The test clock moved to /);
  }

  test("ends before the date with a purchase that moves all dates, and its receipt shows from where to where", async () => {
    const began = await shop.now();
    ada = await Shopper.come(shop, {
      credits: 10,
      card: WORKS,
      autoTopUp: { beforeExpiry: true },
    });
    await ada.isGiven(5, began + 400 * DAY);
    await ada.status.getByText(/^Next renewal on /).waitFor();
    const before = (await overviewOf(ada.customer.person)).lots;

    await moveClock(began + 360 * DAY);
    await ada.seesBalance(15);
    expect(await ada.topUps()).toEqual([]);
    await moveClock(began + 370 * DAY);
    await ada.seesBalance(25);
    const bought = ada.page.getByRole("row", { name: /Automatic purchase: before expiry/ });
    await bought.getByText("Receipt").click();
    const after = (await overviewOf(ada.customer.person)).lots;
    const dateOf = (lots: readonly LotView[], { id }: LotView) =>
      instant(lots.find((lot) => lot.id === id)?.expiresAt ?? "");
    for (const lot of before) {
      const moved = `${lot.remaining} credits you had before move from ${dateOf(before, lot)} to ${dateOf(after, lot)}.`;
      await bought.getByText(moved).waitFor();
    }
    await bought.getByText(/^€113\.05 bought 10 credits, which expire on /).waitFor();
    await ada.looksRight("account-after-renewal");
    await ada.hasPaidFor(10);
    expect(await ada.visit.isStillTheSamePage()).toBe(true);
    isOnlyExpectedlyNoisy();
  });
});

test("after all of it every invariant holds", async () => {
  expect(await runOps(shop.dataDir, "audit")).toMatchObject({ code: 0 });
});
