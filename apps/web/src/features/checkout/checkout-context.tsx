import type { PricesView } from "@scanmeter/contracts/checkout";
import { type Accessor, createContext, useContext } from "solid-js";
import type { AutoTopUp } from "../auto-top-up/create-auto-top-up.ts";
import type { Checkout } from "./create-checkout.ts";

export interface CheckoutFlow {
  checkout: Checkout;
  prices: Accessor<PricesView>;
  /** No part of the order: configured beside it, and told where a card is saved. */
  autoTopUp: AutoTopUp;
  /** Somebody here is paying: once it is paid, this page leads back to Account Overview. */
  watch(): void;
  /** Whether something was done about the last error since: it is not told again then. */
  isErrorAnswered: Accessor<boolean>;
  /** Another card was chosen. */
  answerError(): void;
}

const CheckoutContext = createContext<CheckoutFlow>();
export const CheckoutProvider = CheckoutContext.Provider;

export function useCheckout(): CheckoutFlow {
  const flow = useContext(CheckoutContext);
  if (!flow) throw new Error("the checkout is provided by its frame");
  return flow;
}
