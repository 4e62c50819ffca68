/** Every endpoint of this Stripe. */
import type { Endpoint } from "./api/endpoint.ts";
import { balanceTransactionEndpoints } from "./resources/balance-transactions.ts";
import { chargeEndpoints } from "./resources/charges.ts";
import { checkoutSessionEndpoints } from "./resources/checkout-sessions.ts";
import { customerEndpoints } from "./resources/customers.ts";
import { disputeEndpoints } from "./resources/disputes.ts";
import { earlyFraudWarningEndpoints } from "./resources/early-fraud-warnings.ts";
import { eventEndpoints } from "./resources/events.ts";
import { invoiceEndpoints } from "./resources/invoices.ts";
import { paymentIntentEndpoints } from "./resources/payment-intents.ts";
import { paymentMethodEndpoints } from "./resources/payment-methods.ts";
import { refundEndpoints } from "./resources/refunds.ts";
import { setupIntentEndpoints } from "./resources/setup-intents.ts";
import { taxIdEndpoints } from "./resources/tax-ids.ts";
import { webhookEndpointEndpoints } from "./resources/webhook-endpoints.ts";

export const endpoints: readonly Endpoint[] = [
  ...balanceTransactionEndpoints,
  ...chargeEndpoints,
  ...checkoutSessionEndpoints,
  ...customerEndpoints,
  ...disputeEndpoints,
  ...earlyFraudWarningEndpoints,
  ...eventEndpoints,
  ...invoiceEndpoints,
  ...paymentIntentEndpoints,
  ...paymentMethodEndpoints,
  ...refundEndpoints,
  ...setupIntentEndpoints,
  ...taxIdEndpoints,
  ...webhookEndpointEndpoints,
];
