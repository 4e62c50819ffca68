import { demoSeller } from "@scanmeter/core/documents";
import type { PaymentOptions } from "@scanmeter/operations";

/** Buying over a gateway nobody answers at, for what does not ask it. */
export const nowhereGateway: PaymentOptions = {
  secretKey: "sk_test_standin_of_a_test",
  apiBase: "http://127.0.0.1:9",
  webhookSecrets: ["whsec_of_a_test"],
  seller: demoSeller,
  publicUrl: () => "http://scanmeter.test",
};
