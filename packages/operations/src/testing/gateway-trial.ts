/**
 * The gateway through the real SDK against the local Stripe as a process of its own, which can be told
 * to lose, delay and spoil answers. Whatever is told here, charges are counted at the other end.
 */
import { instant } from "@scanmeter/core";
import type { Answer } from "@scanmeter/core/purchase";
import {
  type Asked,
  cancelParams,
  confirmOffSessionParams,
  confirmOnSessionParams,
  createGateway,
  type Gateway,
  type GatewayOptions,
} from "../payments/gateway.ts";
import { startLocalStripe } from "./local-stripe.ts";

export function got<Value>(asked: Asked<Value>): Value {
  if (asked.is !== "value") throw new Error(`The gateway answered ${JSON.stringify(asked)}.`);
  return asked.value;
}

export function intentOf(answer: Answer) {
  if (answer.is !== "intent") throw new Error(`The gateway answered ${JSON.stringify(answer)}.`);
  return answer.intent;
}

/** As a browser posts a form of the hosted pages; where it is led then. */
export async function submit(url: string | null, fields: Record<string, string>) {
  const body = new URLSearchParams(fields);
  const response = await fetch(url ?? "", { method: "POST", body, redirect: "manual" });
  return response.headers.get("location");
}

export type GatewayTrial = Awaited<ReturnType<typeof startGatewayTrial>>;

export async function startGatewayTrial() {
  const local = await startLocalStripe();
  const connect = (options: Partial<GatewayOptions> = {}): Gateway =>
    createGateway({
      secretKey: local.secretKey,
      apiBase: local.url,
      webhookSecrets: [local.webhookSecret],
      now: () => instant(Date.now()),
      ...options,
    });
  const gateway = connect();

  async function aCustomer(card: string) {
    const customer = got(await gateway.createCustomer({ accountId: "acc_1", key: "cus-acc_1" }));
    const attached = await gateway.attachCard({
      paymentMethodId: card,
      customerId: customer.id,
      key: `attach-${card}`,
    });
    return { customerId: customer.id, cardId: got(attached).id };
  }

  /** A payment of 95 euros, not confirmed yet. */
  async function aPayment(card = "pm_card_visa") {
    const { customerId, cardId } = await aCustomer(card);
    const params = paymentOf(customerId);
    const { id } = intentOf(await gateway.createPayment({ params, key: "pi-top_1-1" }));
    return {
      id,
      customerId,
      cardId,
      confirm: (key = "cf-top_1-2", through = gateway) =>
        through.confirmPayment({
          paymentIntentId: id,
          params: confirmOffSessionParams({ paymentMethodId: cardId }),
          key,
        }),
      confirmWithCustomer: (paymentMethodId = cardId) =>
        gateway.confirmPayment({
          paymentIntentId: id,
          params: confirmOnSessionParams({
            paymentMethodId,
            returnUrl: "https://shop.example/back",
          }),
          key: "cf-top_1-2",
        }),
      cancel: () =>
        gateway.cancelPayment({ paymentIntentId: id, params: cancelParams("failed"), key: "cx-1" }),
      read: async () => got(await gateway.readPayment(id)),
    };
  }

  return {
    local,
    gateway,
    connect,
    aCustomer,
    aPayment,
    async aPaidPayment(card?: string) {
      const payment = await aPayment(card);
      const { status } = intentOf(await payment.confirm());
      if (status !== "succeeded") throw new Error(`The payment is ${status}.`);
      return payment;
    },
    summary: () => local.look<Summary>("/summary"),
    fault: (given: object) => local.control("/faults", { method: "post", ...given }),
    async reset() {
      await local.control("/reset");
      local.deliveries.length = 0;
    },
    close: () => local.close(),
  };
}

interface Summary {
  readonly charges: Record<string, number>;
  readonly refunds: Record<string, number>;
}

export function paymentOf(customerId: string): string {
  return JSON.stringify({
    amount: 9500,
    currency: "eur",
    customer: customerId,
    allowed_payment_method_types: ["card"],
    metadata: { top_up_id: "top_1", account_id: "acc_1" },
  });
}
