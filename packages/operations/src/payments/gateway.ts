/**
 * The door to the payment gateway, and with its neighbours the only place that knows the SDK. It sends
 * what it is told to and gives back what came as plain facts, each with how far it can be believed. It
 * decides nothing, stores nothing, repeats nothing that moves money, and lets no secret out.
 */
import { type Instant, invariant } from "@scanmeter/core";
import { type GatewayExchange, openLine } from "./gateway-calls.ts";
import { type ConnectionOptions, connect, isLive } from "./gateway-connection.ts";
import { type CustomerCalls, customerCalls } from "./gateway-customer-calls.ts";
import { type EventCalls, eventCalls } from "./gateway-event-calls.ts";
import { type PaymentCalls, paymentCalls } from "./gateway-payment-calls.ts";

export type { GatewayExchange } from "./gateway-calls.ts";
export type { CardFacts, CardPageFacts, CardPageOrder } from "./gateway-cards.ts";
export { gatewayApiVersion } from "./gateway-connection.ts";
export type { GatewayCustomer } from "./gateway-customer-calls.ts";
export { type GatewayEvent, gatewayEventTypes } from "./gateway-events.ts";
export type { Page } from "./gateway-pages.ts";
export {
  cancelParams,
  confirmOffSessionParams,
  confirmOnSessionParams,
  paymentParams,
  refundParams,
} from "./gateway-params.ts";
export type { CallAboutPayment, Look, Since, StoredCall } from "./gateway-payment-calls.ts";
export type { GatewayDispute, GatewayRefund, PaymentReading } from "./gateway-payments.ts";
export type { Asked } from "./gateway-refusals.ts";

export interface Gateway extends CustomerCalls, PaymentCalls, EventCalls {
  /** Whether the money is real. */
  readonly livemode: boolean;
}

export interface GatewayOptions extends ConnectionOptions {
  /** One, or two while they are being changed. Without any, no delivery is genuine. */
  readonly webhookSecrets: readonly string[];
  /** Against which the age of a delivery is measured. */
  readonly now: () => Instant;
  /** Hears of every call when it has ended. */
  readonly report?: (exchange: GatewayExchange) => void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { webhookSecrets, now, report = () => {} } = options;
  invariant(
    webhookSecrets.every((secret) => secret.trim() !== ""),
    "what deliveries are signed with is a secret",
  );
  const line = openLine(connect(options), report);
  return {
    livemode: isLive(options.secretKey),
    ...customerCalls(line),
    ...paymentCalls(line),
    ...eventCalls(line, { secrets: webhookSecrets, now }),
  };
}
