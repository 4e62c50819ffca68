/** A webhook made by hand, byte for byte, for what no honest gateway would send. */
import { createHmac } from "node:crypto";
import type { World } from "./world.ts";

export interface Webhook {
  readonly body: string;
  readonly signature: string | null;
}

/** As the gateway signs it, by the product's clock and so many seconds ago. */
export async function signed(
  world: World,
  event: object,
  { secret = world.stripe.webhookSecret, secondsAgo = 0 } = {},
): Promise<Webhook> {
  const body = JSON.stringify(event);
  const at = Math.floor((await world.now()) / 1_000) - secondsAgo;
  const mac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return { body, signature: `t=${at},v1=${mac}` };
}

/** The status it is answered with. */
export async function post(world: World, { body, signature }: Webhook): Promise<number> {
  const response = await fetch(`${world.product.url}/webhooks/stripe`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(signature !== null && { "stripe-signature": signature }),
    },
    body,
  });
  await response.body?.cancel();
  return response.status;
}
