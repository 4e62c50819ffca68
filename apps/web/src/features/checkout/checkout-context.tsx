import type { PricesView } from "@scanmeter/contracts/checkout";
import { type Accessor, createContext, useContext } from "solid-js";
import type { Checkout } from "./create-checkout.ts";

export interface CheckoutFlow {
  checkout: Checkout;
  prices: Accessor<PricesView>;
  /** Somebody here is paying: once it is paid, this page leads back to Account Overview. */
  watch(): void;
}

const CheckoutContext = createContext<CheckoutFlow>();
export const CheckoutProvider = CheckoutContext.Provider;

export function useCheckout(): CheckoutFlow {
  const flow = useContext(CheckoutContext);
  if (!flow) throw new Error("the checkout is provided by its frame");
  return flow;
}
