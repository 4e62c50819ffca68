/** A saved card as its owner knows it. Nobody here knows more of it than the last four digits. */
import type { PaymentMethodView } from "@scanmeter/contracts/checkout";

const brands: Record<string, string> = {
  amex: "American Express",
  cartes_bancaires: "Cartes Bancaires",
  diners: "Diners Club",
  discover: "Discover",
  eftpos_au: "Eftpos Australia",
  jcb: "JCB",
  mastercard: "Mastercard",
  unionpay: "UnionPay",
  visa: "Visa",
};

type Card = Pick<PaymentMethodView, "brand" | "last4" | "expMonth" | "expYear">;

/** "Visa ending in 4242". */
export function cardInWords(card: Pick<Card, "brand" | "last4">): string {
  return `${brands[card.brand] ?? "Card"} ending in ${card.last4}`;
}

/** "04/2030", as it is printed on the card. */
export function cardExpiry({ expMonth, expYear }: Card): string {
  return `${String(expMonth).padStart(2, "0")}/${expYear}`;
}

/** A card is good to the end of its month; within a day of that the bank knows better than we. */
export function hasExpired({ expMonth, expYear }: Card, now: number): boolean {
  return Date.UTC(expYear, expMonth, 1) <= now;
}
