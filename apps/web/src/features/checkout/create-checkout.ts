import type { CheckoutView } from "@scanmeter/contracts/checkout";
import type { Accessor } from "solid-js";
import { api } from "../../api/client.ts";
import { createFollowed, type Followed } from "../../live/create-followed.ts";

export type Checkout = Followed<CheckoutView>;

export function createCheckout(checkoutId: Accessor<string | null>): Checkout {
  return createFollowed(checkoutId, (id) => api.checkout.get.query({ checkoutId: id }));
}
