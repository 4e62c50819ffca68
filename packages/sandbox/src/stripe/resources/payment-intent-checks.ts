import { invalidRequest } from "../api/errors.ts";
import type { World } from "../world.ts";
import type { PaymentIntent } from "./payment-intent-shape.ts";
import { type PaymentMethod, refuseSpent } from "./payment-methods.ts";

/** A card pays only for the customer it belongs to. */
export function refuseForeign(world: World, intent: PaymentIntent, method: PaymentMethod): void {
  refuseSpent(world, method);
  if (method.customer === null || method.customer === intent.customer) return;
  throw invalidRequest(
    intent.customer === null
      ? "The provided PaymentMethod is attached to a Customer; pass that Customer on the PaymentIntent."
      : "The PaymentMethod supplied belongs to a different Customer than the one on this PaymentIntent.",
    { param: "payment_method" },
  );
}
