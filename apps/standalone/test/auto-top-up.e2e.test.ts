/** Automatic top-ups are configured: in the checkout's Order step, and in the dialog on Account Overview. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NARROW } from "./support/looks.ts";
import { Shop } from "./support/shop.ts";
import { Shopper, WORKS } from "./support/shopper.ts";

/** An expected no is an answer with a status of its own, and the browser tells that too. */
const REFUSED = /status of (400|409) .*\/trpc\/[^ ]*autoTopUp\.(preview|save)/;

const ON = "Buy credits automatically";
const QUANTITY = "Credits to buy each time";
const RUN_OUT = "When you run out of credits";
const BEFORE_EXPIRY = "Before your credits expire";
const THRESHOLD = "Threshold";
const LIMIT = "Monthly limit in EUR";
const CONFIGURE = "Auto top-up configuration";

let shop: Shop;
let ada: Shopper;

beforeAll(async () => {
  shop = await Shop.open("auto-top-up");
});

afterAll(() => shop?.close());

afterEach(() => ada.leaves());

const choice = (name: string) => ada.page.getByRole("checkbox", { name });
const areChosen = () =>
  Promise.all([ON, RUN_OUT, BEFORE_EXPIRY].map((name) => choice(name).isChecked()));
const field = (name: string) => ada.page.getByLabel(name);

describe("in the checkout's Order step, settings", () => {
  test("stay on when the checkout is left, wait for a card, and an order of nothing brings one and charges nothing", async () => {
    ada = await Shopper.come(shop, { credits: 3 });
    await ada.seesStatus("Off");
    await ada.follow("BUY CREDITS");
    await ada.isOn("Order");
    expect(await choice(ON).isChecked()).toBe(false);
    await choice(ON).check();
    expect(await areChosen()).toEqual([true, false, false]);
    await ada.fillIn({ [QUANTITY]: "25" });
    await choice(RUN_OUT).check();
    await choice(BEFORE_EXPIRY).check();
    await ada.see(
      "25 credits for €267.75 each time you run out of credits, and 3 days before paid credits expire.",
    );
    await ada.see("Unsaved.");
    const agreement = await ada.page.locator(".auto__agreement").innerText();
    await ada.looksRight("checkout-auto-top-up");
    await ada.press("Save auto top-up");
    await ada.see("Stays on even if you leave this page.");

    await ada.fillIn({ [QUANTITY]: "30" });
    await ada.see("Unsaved.");
    await ada.follow(/^Scanmeter/);
    await ada.page.getByRole("dialog").getByText("auto top-up is not saved").waitFor();
    await ada.press("Leave");
    await ada.page.waitForURL("**/account");
    await ada.page.reload();
    await ada.seesStatus("Saved, waiting for a card");
    await ada.status.getByText("25 credits for €267.75").waitFor();
    await ada.status.getByText(/^Agreed to by shopper-\d+ on .+, in the checkout\.$/).waitFor();
    const { consent } = await ada.autoTopUp();
    expect(consent).toMatchObject({ surface: "checkout", totalMinor: 26_775, currency: "EUR" });
    expect(agreement).toBe(`By saving you agree: “${consent?.sentence}”`);
    await ada.looksRight("account-auto-top-up-waiting");

    await ada.status.getByRole("link", { name: "Add a card" }).click();
    await ada.see("Auto top-up will use the card from then on: 25 credits for €267.75");
    await ada.savesCardByOrderOfNothing(WORKS);
    await ada.seesStatus("On");
    await ada.status.getByText("charged to Visa ending in 4242").waitFor();
    await ada.status.getByText(/^Next renewal on /).waitFor();
    expect(await ada.topUps()).toEqual([]);
    await ada.seesBalance(3);
    expect(ada.visit.complaintsBut()).toEqual([]);
  });
});

describe("in the dialog on Account Overview, settings", () => {
  const does = () => ada.dialog.getByRole("region", { name: "What this does" });
  const save = () => ada.dialog.getByRole("button", { name: "SAVE" }).click();
  const toast = (text: string) => ada.page.locator(".passing").getByText(text).waitFor();
  const focusIsIn = () => ada.page.evaluate<string>("document.activeElement?.name ?? ''");

  async function opens(): Promise<void> {
    await ada.follow(CONFIGURE);
    await ada.dialog.waitFor();
    await expect.poll(focusIsIn).toBe("enabled");
  }

  /** On a phone, too, it is told where the button is that was pressed. */
  async function isTold(text: string): Promise<string> {
    const told = ada.dialog.getByRole("alert").filter({ hasText: text });
    await told.waitFor();
    const { y, height } = (await told.boundingBox()) ?? { y: -1, height: 0 };
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(NARROW.height);
    return told.innerText();
  }

  /** And the focus is where it was before. */
  async function isClosed(): Promise<void> {
    await ada.dialog.waitFor({ state: "hidden" });
    expect(await ada.focused()).toBe(CONFIGURE);
  }

  async function switchesOn(quantity: number): Promise<void> {
    await choice(ON).check();
    await ada.fillIn({ [QUANTITY]: String(quantity) });
    await choice(RUN_OUT).check();
  }

  test("say what they do as they are typed, are saved once they are right, and are remembered or given up", async () => {
    ada = await Shopper.come(shop, { credits: 10, card: WORKS });
    await opens();
    expect(await choice(ON).isChecked()).toBe(false);
    await choice(ON).check();
    await save();
    await ada.dialog.getByRole("alert").getByText("Not saved yet. Please look at:").waitFor();
    expect(await focusIsIn()).toBe("outOfCredits");
    await choice(RUN_OUT).check();
    await does().getByText("10 credits for €113.05 each time you run out of credits").waitFor();
    await ada.fillIn({ [QUANTITY]: "25" });
    await does().getByText("25 credits for €267.75 each time you run out of credits").waitFor();
    await choice(BEFORE_EXPIRY).check();
    await does()
      .getByText(/^25 credits .+, and 3 days before paid credits expire; charged to Visa/)
      .waitFor();
    await does()
      .getByText(/^The last 12 months would have made no purchase; next on /)
      .waitFor();
    await does()
      .getByText(/^€267\.75 is today's price/)
      .waitFor();
    await ada.looksRight("auto-top-up-dialog");

    await ada.dialog.getByText("More", { exact: true }).click();
    await ada.fillIn({ [THRESHOLD]: "half", [LIMIT]: "100", [QUANTITY]: "0" });
    await choice(RUN_OUT).uncheck();
    await choice(BEFORE_EXPIRY).uncheck();
    await save();
    const problems = ada.dialog.getByRole("alert").getByRole("button");
    const told = async () => (await problems.allInnerTexts()).map((text) => text.split(":")[0]);
    await expect.poll(told).toEqual([QUANTITY, "When to buy", THRESHOLD]);
    expect(await focusIsIn()).toBe("quantity");
    await ada.looksRight("auto-top-up-dialog-problems");
    await problems.last().click();
    expect(await focusIsIn()).toBe("threshold");
    await ada.fillIn({ [THRESHOLD]: "2", [QUANTITY]: "25" });
    await choice(RUN_OUT).check();
    // What one purchase costs, only the server knows.
    await ada.dialog.getByText(/^One purchase costs €267\.75/).waitFor();
    await ada.fillIn({ [LIMIT]: "300" });
    await does()
      .getByText(
        /each time you have 2 credits or fewer left; .+; at most €300\.00 in a calendar month\.$/,
      )
      .waitFor();
    await save();
    await isClosed();
    await toast("Auto top-up saved. It is on.");
    await ada.seesStatus("On");
    await ada.status.getByText("€0.00 of €300.00 used or under way").waitFor();
    expect(await ada.visit.isStillTheSamePage()).toBe(true);

    await ada.page.reload();
    await ada.status.getByText(/^Agreed to by shopper-\d+ on .+, on Account Overview\.$/).waitFor();
    const isAsSaved = async () => {
      await opens();
      expect(await areChosen()).toEqual([true, true, false]);
      const typed = [QUANTITY, THRESHOLD, LIMIT].map((name) => field(name).inputValue());
      expect(await Promise.all(typed)).toEqual(["25", "2", "300"]);
    };
    await isAsSaved();
    await ada.fillIn({ [QUANTITY]: "99" });
    await ada.page.keyboard.press("Escape");
    await isClosed();
    await isAsSaved();
    await ada.fillIn({ [QUANTITY]: "98" });
    await ada.press("Cancel");
    await isClosed();
    await isAsSaved();
    expect(await ada.topUps()).toEqual([]);
    expect(ada.visit.complaintsBut(REFUSED)).toEqual([]);
  });

  test("that somebody else saved meanwhile are shown, and what was typed is kept until it is saved", async () => {
    ada = await Shopper.come(shop, { credits: 10, card: WORKS });
    await opens();
    await switchesOn(25);
    await does().getByText("25 credits for").waitFor();
    const elsewhere = await ada.opensAnotherPage("/account?configure=auto-top-up");
    await elsewhere.getByRole("checkbox", { name: ON }).check();
    await elsewhere.getByRole("checkbox", { name: BEFORE_EXPIRY }).check();
    await elsewhere.getByText("10 credits for €113.05 3 days before paid credits expire").waitFor();
    await elsewhere.getByRole("button", { name: "SAVE" }).click();
    await elsewhere.getByText("Auto top-up saved. It is on.").waitFor();
    await elsewhere.close();

    await ada.page.setViewportSize(NARROW);
    await save();
    expect(await isTold("were changed while you edited them")).toContain(
      "Saved now: 10 credits for €113.05 3 days before paid credits expire",
    );
    expect(await field(QUANTITY).inputValue()).toBe("25");
    expect(await areChosen()).toEqual([true, true, false]);
    await ada.looksRight("auto-top-up-dialog-changed");
    await save();
    await isClosed();
    expect(await ada.autoTopUp()).toMatchObject({
      quantity: 25,
      triggers: { outOfCredits: true, beforeExpiry: false },
    });
    expect(ada.visit.complaintsBut(REFUSED)).toEqual([]);
  });

  test("that charge at once are asked about once more, and charge once", async () => {
    ada = await Shopper.come(shop, { card: WORKS });
    await opens();
    await switchesOn(10);
    await does().getByText("10 credits for €113.05").waitFor();
    await ada.page.setViewportSize(NARROW);
    await save();
    await isTold("You are out of credits now, so 10 credits are bought as soon as you save");
    expect((await ada.autoTopUp()).enabled).toBe(false);
    await ada.looksRight("auto-top-up-dialog-charge");
    await ada.dialog.getByRole("button", { name: "Save and charge €113.05 now" }).dblclick();
    await isClosed();
    await toast("Auto top-up saved. It is on.");
    await ada.seesBalance(10);
    await ada.page
      .getByRole("rowheader", { name: "Automatic purchase: credits ran out" })
      .waitFor();
    await ada.seesStatus("On");
    await ada.status.getByText("€113.05 bought or under way this calendar month.").waitFor();
    await ada.hasPaidFor(10);
    expect(await ada.visit.isStillTheSamePage()).toBe(true);
    expect(ada.visit.complaintsBut()).toEqual([]);
  });

  test("are made without a mouse, the focus never leaves the dialog, and a charge to come is asked about there too", async () => {
    ada = await Shopper.come(shop);
    const { keyboard } = ada.page;
    const tabTo = async (what: string) => {
      for (let presses = 0; presses < 40; presses += 1) {
        if (what === (await focusIsIn()) || what === (await ada.focused())) return;
        await keyboard.press("Tab");
      }
      throw new Error(`${what} was not reached; the focus is at ${await ada.focused()}`);
    };
    await tabTo(CONFIGURE);
    await keyboard.press("Enter");
    await ada.dialog.waitFor();
    await expect.poll(focusIsIn).toBe("enabled");
    await keyboard.press("Space");
    await tabTo("quantity");
    await keyboard.type("50");
    await tabTo("outOfCredits");
    await keyboard.press("Space");
    await tabTo("More");
    await keyboard.press("Enter");
    await tabTo("monthlyLimit");
    await keyboard.type("600");
    const isOutside =
      "document.activeElement !== document.body && !document.activeElement.closest('dialog')";
    for (let presses = 0; presses < 12; presses += 1) {
      await keyboard.press("Tab");
      expect(await ada.page.evaluate(isOutside)).toBe(false);
    }
    for (const target of await ada.dialog.locator("button, .input, summary, .choice").all())
      expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await does()
      .getByText(/^50 credits for €505\.75 .+; at most €600\.00 in a calendar month\.$/)
      .waitFor();
    await does().getByText("then add a card on Account Overview").waitFor();
    await tabTo("SAVE");
    await keyboard.press("Enter");
    await expect.poll(ada.focused.bind(ada)).toBe("Save and charge €505.75 once there is a card");
    await keyboard.press("Enter");
    await isClosed();
    await toast("Auto top-up saved. It waits for a card.");
    expect(await ada.autoTopUp()).toMatchObject({ quantity: 50, monthlyLimitMinor: 60_000 });
  });
});
