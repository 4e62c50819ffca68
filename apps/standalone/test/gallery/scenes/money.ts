/** Buying: the three steps, what can become of an order, billing details. */
import type { Scene } from "../scene.ts";

const PRICES = /\/trpc\/[^?]*pricing/;
const CARDS = /\/trpc\/[^?]*paymentMethods\.list/;

/** The buyer's open order at one of its steps. */
const atStep =
  (step: string, quantity = 25): Exclude<Scene["path"], string> =>
  async ({ buyer }) =>
    `/checkout/${step}?checkout=${(await buyer.orders(quantity)).id}`;

export const money: readonly Scene[] = [
  { name: "checkout-order", who: "buyer", path: "/checkout/order", shows: ".sums__line--total dd" },
  {
    name: "checkout-order-new",
    who: "newcomer",
    path: "/checkout/order",
    shows: ".sums__line--total dd",
  },
  {
    name: "checkout-order-with-auto-top-up",
    who: "regular",
    path: "/checkout/order",
    shows: ".sums__line--total dd",
  },
  {
    name: "checkout-order-capped",
    who: "buyer",
    path: "/checkout/order?quantity=24",
    shows: "text=You pay no more than for 25 credits",
  },
  {
    name: "checkout-order-nothing",
    who: "buyer",
    path: "/checkout/order?quantity=0",
    shows: "text=No credits, nothing to pay.",
  },
  {
    name: "checkout-order-problem",
    who: "buyer",
    path: "/checkout/order",
    async act(page) {
      await page.getByLabel("Credits to buy", { exact: true }).fill("10001");
      await page.getByRole("button", { name: "Continue" }).click();
    },
    shows: "text=At most 10,000 credits at once.",
  },
  {
    name: "checkout-order-loading",
    who: "buyer",
    path: "/checkout/order",
    held: PRICES,
    shows: ".skeleton",
  },
  {
    name: "checkout-order-failed",
    who: "buyer",
    path: "/checkout/order",
    cut: PRICES,
    shows: "text=/could not be loaded|does not answer/",
  },
  {
    name: "checkout-billing-empty",
    who: "newcomer",
    path: async ({ newcomer }) => `/checkout/billing?checkout=${(await newcomer.orders(10)).id}`,
    shows: "text=Add a card",
  },
  {
    name: "checkout-billing-problems",
    who: "newcomer",
    path: async ({ newcomer }) => `/checkout/billing?checkout=${(await newcomer.orders(10)).id}`,
    act: (page) => page.getByRole("button", { name: "Continue" }).click(),
    shows: "text=Choose the country you are billed in.",
  },
  { name: "checkout-billing", who: "buyer", path: atStep("billing"), shows: "text=Visa" },
  {
    name: "checkout-leave-dialog",
    who: "buyer",
    path: atStep("billing"),
    async act(page) {
      await page.getByLabel(/^Company/).fill("Northgate");
      await page.getByRole("link", { name: /^Scanmeter/ }).click();
    },
    shows: "dialog[open]",
  },
  {
    name: "checkout-confirmation",
    who: "buyer",
    path: atStep("confirmation"),
    shows: "text=/^Pay €/",
  },
  {
    name: "checkout-declined",
    who: "declined",
    async path({ declined }) {
      return `/checkout/confirmation?checkout=${(await declined.orders(10)).id}`;
    },
    act: (page) => page.getByRole("button", { name: /^Pay/ }).click(),
    shows: "text=The bank declined the payment.",
  },
  {
    name: "checkout-complete",
    who: "regular",
    path: async ({ regular }) => `/checkout/order?checkout=${(await regular.buys(10)).id}`,
    shows: "text=This order is complete",
  },
  {
    name: "checkout-unknown",
    who: "newcomer",
    path: async ({ buyer }) => `/checkout/order?checkout=${(await buyer.orders(10)).id}`,
    shows: "text=There is no such checkout in this account.",
  },
  { name: "checkout-member", who: "mate", path: "/checkout/order", shows: "h1" },
  { name: "billing", who: "regular", path: "/billing", shows: "text=/^Invoice/" },
  { name: "billing-member", who: "mate", path: "/billing", shows: "text=/^Invoice/" },
  { name: "billing-empty", who: "newcomer", path: "/billing", shows: "text=No card is saved." },
  { name: "billing-loading", who: "regular", path: "/billing", held: CARDS, shows: ".skeleton" },
  {
    name: "billing-failed",
    who: "regular",
    path: "/billing",
    cut: CARDS,
    shows: "text=/could not be loaded/",
  },
  {
    name: "billing-details",
    who: "buyer",
    path: "/settings/billing",
    shows: "text=Billing details",
  },
  {
    name: "confirm-purchase",
    who: "asked",
    async path({ asked }) {
      const { items } = await asked.asks<{ items: { id: string }[] }>("topUps.list");
      return `/top-ups/${items[0]?.id}/confirm`;
    },
    shows: "text=/^Your bank wants you to confirm/",
  },
];
