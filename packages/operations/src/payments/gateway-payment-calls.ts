/**
 * Taking money and giving it back. One payment per purchase, created without a charge, stored, then
 * confirmed: every unknown outcome is a question about a known id, and a payment succeeds at most once.
 */
import type { Instant } from "@scanmeter/core";
import type { Answer, PaymentIntentFacts } from "@scanmeter/core/purchase";
import type Stripe from "stripe";
import { type Line, sentOnce } from "./gateway-calls.ts";
import { everyPage, type Page, pageOf, pageParams } from "./gateway-pages.ts";
import {
  disputeOf,
  type GatewayRefund,
  type PaymentReading,
  paymentIntentOf,
  readIntentOf,
  refundOf,
} from "./gateway-payments.ts";
import type { Asked } from "./gateway-refusals.ts";

/** A call whose exact parameters were stored, in JSON, before it was first sent. */
export interface StoredCall {
  readonly params: string;
  readonly key: string;
}

export interface CallAboutPayment extends StoredCall {
  readonly paymentIntentId: string;
}

/** One page of what was made since an instant, the newest first. */
export interface Since {
  readonly since: Instant;
  readonly startingAfter?: string;
}

export interface Look {
  /**
   * Nothing was granted for this payment so far, and nothing is known of its money. Then its charge is
   * believed when it says that none of it went back, which saves three calls of four. What failed of a
   * refund that is known already, only the lists tell.
   */
  readonly isFirst: boolean;
}

export interface PaymentCalls {
  createPayment(call: StoredCall): Promise<Answer>;
  confirmPayment(call: CallAboutPayment): Promise<Answer>;
  cancelPayment(call: CallAboutPayment): Promise<Answer>;
  /**
   * The payment with all its refunds and disputes, or nothing: half of them would give credits back
   * that are gone.
   */
  readPayment(paymentIntentId: string, look?: Look): Promise<Asked<PaymentReading>>;
  /** From the list and not from the search, which lags [docs.stripe.com/search]. */
  listPayments(since: Since): Promise<Asked<Page<PaymentIntentFacts>>>;
  refund(call: CallAboutPayment): Promise<Asked<GatewayRefund>>;
}

export function paymentCalls({ stripe, ask, move }: Line): PaymentCalls {
  async function reversalsOf(payment_intent: string) {
    const [refunds, disputes] = await Promise.all([
      everyPage((from) =>
        ask({
          name: "listRefunds",
          key: null,
          send: () => stripe.refunds.list({ payment_intent, ...pageParams(from) }),
          read: (body) => pageOf(body, refundOf),
        }),
      ),
      everyPage((from) =>
        ask({
          name: "listDisputes",
          key: null,
          send: () => stripe.disputes.list({ payment_intent, ...pageParams(from) }),
          read: (body) => pageOf(body, disputeOf),
        }),
      ),
    ]);
    return { refunds, disputes };
  }

  return {
    createPayment({ params, key }) {
      const given = JSON.parse(params) as Stripe.PaymentIntentCreateParams;
      return move({
        name: "createPayment",
        key,
        send: () => stripe.paymentIntents.create(given, sentOnce(key)),
        read: paymentIntentOf,
      });
    },

    confirmPayment({ paymentIntentId, params, key }) {
      const given = JSON.parse(params) as Stripe.PaymentIntentConfirmParams;
      return move({
        name: "confirmPayment",
        key,
        about: paymentIntentId,
        send: () => stripe.paymentIntents.confirm(paymentIntentId, given, sentOnce(key)),
        read: paymentIntentOf,
      });
    },

    cancelPayment({ paymentIntentId, params, key }) {
      const given = JSON.parse(params) as Stripe.PaymentIntentCancelParams;
      return move({
        name: "cancelPayment",
        key,
        about: paymentIntentId,
        send: () => stripe.paymentIntents.cancel(paymentIntentId, given, sentOnce(key)),
        read: paymentIntentOf,
      });
    },

    async readPayment(id, { isFirst } = { isFirst: false }) {
      const read = await ask({
        name: "readPayment",
        key: null,
        about: id,
        send: () => stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] }),
        read: (body) => readIntentOf(id, body),
      });
      if (read.is !== "value") return read;
      const { intent, hasCharge, isUntouched } = read.value;
      if (!hasCharge || (isFirst && isUntouched)) {
        return { is: "value", value: { intent, refunds: [], disputes: [] } };
      }
      const { refunds, disputes } = await reversalsOf(id);
      if (refunds.is !== "value") return refunds;
      if (disputes.is !== "value") return disputes;
      return {
        is: "value",
        value: { intent, refunds: refunds.value, disputes: disputes.value },
      };
    },

    listPayments: ({ since, startingAfter }) =>
      ask({
        name: "listPayments",
        key: null,
        send: () =>
          stripe.paymentIntents.list({
            created: { gte: Math.floor(since / 1000) },
            expand: ["data.latest_charge"],
            ...pageParams(startingAfter),
          }),
        read: (body) => pageOf(body, paymentIntentOf),
      }),

    refund({ paymentIntentId, params, key }) {
      const given = JSON.parse(params) as Stripe.RefundCreateParams;
      return ask({
        name: "refund",
        key,
        send: () =>
          stripe.refunds.create({ payment_intent: paymentIntentId, ...given }, sentOnce(key)),
        read: refundOf,
      });
    },
  };
}
