import { invariant } from "../invariant.ts";
import { accept, type Outcome, refuse } from "../outcome.ts";
import {
  CHARGE_MAX_MINOR,
  type Currency,
  currencies,
  decimalOf,
  isChargeable,
  isMinor,
  type Minor,
  minor,
  shareHalfUp,
} from "./money.ts";
import { TAX_MAX_BASIS_POINTS, WHOLE_BASIS_POINTS } from "./tax.ts";
import { parseTiers, type Tier, type TierRules, tierFor } from "./tiers.ts";

/** Far more than anybody buys at once; it keeps every product of a price exact. */
const QUANTITY_LIMIT = 1_000_000;

/** What one credit costs, as settings. A change of any number is a new version. */
export interface PriceListData extends TierRules {
  readonly version: string;
  readonly currency: Currency;
  readonly unitPriceMinor: number;
  readonly tiers: readonly Tier[];
}

/** A price list that has been checked: each of its quotes can be charged, and none is a trap. */
export interface PriceList extends PriceListData {
  readonly unitPriceMinor: Minor;
}

/** The price of a whole quantity before tax and before any cap; rounded here, once. */
export function netHalfUp(line: {
  readonly quantity: number;
  readonly unitPriceMinor: Minor;
  readonly discountPercent: number;
}): Minor {
  const subtotal = minor(line.quantity * line.unitPriceMinor);
  return minor(shareHalfUp(subtotal, { part: 100 - line.discountPercent, whole: 100 }));
}

/** A larger quantity that costs less than the one asked for, so its price is the most we take. */
export interface Cap {
  readonly quantity: number;
  readonly discountPercent: number;
}

/**
 * The cheapest larger quantity, if it is cheaper. Within a tier the price only rises, so it is one
 * that begins a tier; of two at the same price the larger, because that is the better advice.
 */
export function capFor(list: PriceList, quantity: number): Cap | null {
  if (!list.capsAtLargerQuantity) return null;
  let cap: Cap | null = null;
  let least = netAt(list, quantity) - 1;
  for (const { from, discountPercent } of list.tiers) {
    if (from <= quantity || netAt(list, from) > least) continue;
    cap = { quantity: from, discountPercent };
    least = netAt(list, from);
  }
  return cap;
}

export function discountFor(list: PriceList, quantity: number): number {
  const tier = tierFor(list.tiers, quantity);
  invariant(tier !== undefined, "each quantity that can be bought is in a tier");
  return tier.discountPercent;
}

function netAt(list: PriceList, quantity: number): Minor {
  const { unitPriceMinor } = list;
  return netHalfUp({ quantity, unitPriceMinor, discountPercent: discountFor(list, quantity) });
}

/** Takes a price list, or says in one sentence for the operator why nothing can be sold by it. */
export function parsePriceList(data: PriceListData): Outcome<PriceList, string> {
  const { version, unitPriceMinor, quantityMax, currency } = data;
  if (version === "") return refuse("A price list has a version.");
  if (!isMinor(unitPriceMinor) || unitPriceMinor < 1 || unitPriceMinor > CHARGE_MAX_MINOR) {
    return refuse(
      `The price of a credit is a whole number of minor units a card can be charged, not ${unitPriceMinor}.`,
    );
  }
  if (!Number.isInteger(quantityMax) || quantityMax < 1 || quantityMax > QUANTITY_LIMIT) {
    return refuse(
      `The largest quantity is a whole number from 1 to ${QUANTITY_LIMIT}, not ${quantityMax}.`,
    );
  }
  const tiers = parseTiers(data.tiers, data);
  if (!tiers.ok) return tiers;

  // Totals never fall as the quantity rises, so the first and the last are the extremes.
  const list: PriceList = { ...data, unitPriceMinor };
  const cap = capFor(list, 1);
  const least = netAt(list, cap?.quantity ?? 1);
  if (!isChargeable({ amountMinor: least, currency })) {
    const minimum = minor(currencies[currency].minimumChargeMinor);
    return refuse(
      `One credit would cost ${decimalOf({ amountMinor: least, currency })} ${currency}; no card is charged less than ${decimalOf({ amountMinor: minimum, currency })}.`,
    );
  }
  const net = netAt(list, quantityMax);
  const tax = shareHalfUp(net, { part: TAX_MAX_BASIS_POINTS, whole: WHOLE_BASIS_POINTS });
  if (!isChargeable({ amountMinor: minor(net + tax), currency })) {
    return refuse(
      `${quantityMax} credits would cost ${decimalOf({ amountMinor: net, currency })} ${currency} before tax, and with tax more than the eight digits a card can be charged.`,
    );
  }
  return accept(list);
}

/** The prices of rule 14. */
export const defaultPriceListData: PriceListData = {
  version: "2026-1",
  currency: "EUR",
  unitPriceMinor: 10_00,
  quantityMax: 10_000,
  capsAtLargerQuantity: true,
  tiers: [
    { from: 1, discountPercent: 0 },
    { from: 10, discountPercent: 5 },
    { from: 25, discountPercent: 10 },
    { from: 50, discountPercent: 15 },
    { from: 100, discountPercent: 20 },
  ],
};
