/** The calls about buying. */
import type {
  BillingView,
  CheckoutView,
  DocumentView,
  PaymentMethodView,
  PricesView,
  QuoteView,
  TopUpView,
} from "@scanmeter/contracts/checkout";
import type { BillingInput } from "../features/billing/entered-billing.ts";
import { api } from "./client.ts";

interface Query<I, O> {
  query(input: I): Promise<O>;
}
interface Mutation<I, O> {
  mutate(input: I): Promise<O>;
}
type OfCheckout<More = object> = { checkoutId: string } & More;

interface BuyingCalls {
  pricing: { tiers: Query<object, PricesView>; quote: Query<{ quantity: number }, QuoteView> };
  account: {
    billing: Query<object, BillingView | null>;
    saveBilling: Mutation<BillingInput, BillingView>;
  };
  checkout: {
    open: Mutation<{ quantity: number; idempotencyKey: string }, CheckoutView>;
    get: Query<OfCheckout, CheckoutView>;
    setQuantity: Mutation<OfCheckout<{ quantity: number }>, CheckoutView>;
    setBilling: Mutation<OfCheckout<{ billing: BillingInput }>, CheckoutView>;
    addCard: Mutation<OfCheckout, { url: string }>;
    setPayment: Mutation<OfCheckout<{ paymentMethodId: string; keep?: boolean }>, CheckoutView>;
    finalize: Mutation<OfCheckout<{ expectedTotalMinor: number }>, CheckoutView>;
    cancel: Mutation<OfCheckout, CheckoutView>;
  };
  paymentMethods: {
    list: Query<object, PaymentMethodView[]>;
    setDefault: Mutation<{ paymentMethodId: string }, unknown>;
    remove: Mutation<{ paymentMethodId: string }, unknown>;
  };
  topUps: {
    list: Query<
      { cursor?: string; limit?: number },
      { items: TopUpView[]; nextCursor: string | null }
    >;
    get: Query<{ topUpId: string }, TopUpView>;
  };
  invoices: { list: Query<object, DocumentView[]> };
}

export const buying = api as unknown as BuyingCalls;
