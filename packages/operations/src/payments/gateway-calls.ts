/**
 * One call to the gateway and how it ended. Nothing is thrown: whatever goes wrong on the way is one
 * of the ends, and the caller's state machine knows what to do with each.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Answer, PaymentIntentFacts } from "@scanmeter/core/purchase";
import Stripe from "stripe";
import { type Fields, fieldsOf, isWhole, textOf } from "./gateway-fields.ts";
import { type Asked, answerOf, askedOf, type Refusal, refusalIn } from "./gateway-refusals.ts";

/** For logs and figures: which call it was and how it ended, and nothing of what was in it. */
export interface GatewayExchange {
  readonly call: string;
  readonly key: string | null;
  readonly end: "value" | Refusal["is"];
  readonly status: number | null;
  readonly code: string | null;
  /** The name under which the gateway finds the call in its own records. */
  readonly requestId: string | null;
  /** How often the SDK sent it. */
  readonly sendings: number;
}

export interface Call<Value> {
  readonly name: string;
  /** Null for a call that may be made as often as one likes. */
  readonly key: string | null;
  /** The id that becomes part of the address. */
  readonly about?: string;
  send(): Promise<unknown>;
  /** Null for a body that is no answer to this call. */
  read(body: unknown): Value | null;
}

export interface Line {
  readonly stripe: Stripe;
  ask<Value>(call: Call<Value>): Promise<Asked<Value>>;
  /** A call that may move money or stop it. */
  move(call: Call<PaymentIntentFacts>): Promise<Answer>;
}

type End<Value> = { readonly is: "value"; readonly value: Value } | Refusal;

const missing = {
  is: "missing",
  failure: { code: "resource_missing", declineCode: null, adviceCode: null },
} as const;

export function openLine(stripe: Stripe, report: (exchange: GatewayExchange) => void): Line {
  // The SDK says that it sends, but not how often it has: the call that is being made is found by
  // following it through its promises and timers.
  const calling = new AsyncLocalStorage<{ sendings: number }>();
  stripe.on("request", () => {
    const call = calling.getStore();
    if (call !== undefined) call.sendings += 1;
  });

  async function end<Value>({ name, key, about, send, read }: Call<Value>): Promise<End<Value>> {
    // An empty id, or one with a slash, would make another address: of all payments, say.
    if (about !== undefined && !/^\w+$/.test(about)) return missing;
    const call = { sendings: 0 };
    const ended: Ended = await calling
      .run(call, async () => send())
      .then(
        (body) => ({ body }),
        (error: unknown) => ({ error }),
      );
    const { sendings } = call;
    const result: End<Value> =
      "body" in ended
        ? valueOr(isSuccess(ended.body) ? read(ended.body) : null)
        : refusalIn(ended.error, key === null ? 1 : sendings);
    const code = "failure" in result ? result.failure.code : null;
    report({ call: name, key, end: result.is, code, sendings, ...traceOf(ended) });
    return result;
  }

  return {
    stripe,
    async ask(call) {
      const result = await end(call);
      return result.is === "value" ? result : askedOf(result);
    },
    async move(call) {
      const result = await end(call);
      return result.is === "value" ? { is: "intent", intent: result.value } : answerOf(result);
    },
  };
}

/**
 * Options of a call that moves money. The SDK is not to repeat it by itself: whoever stored the call
 * counts its sendings, repeats it with the same key and knows when to stop. What the SDK cannot be
 * talked out of is one repetition after a connection was closed, mostly one that had been idle for
 * too long; it carries the same key, and a refusal after it proves nothing.
 */
export function sentOnce(key: string): Stripe.RequestOptions {
  return { idempotencyKey: key, maxNetworkRetries: 0 };
}

type Ended = { readonly body: unknown } | { readonly error: unknown };

function valueOr<Value>(value: Value | null): End<Value> {
  return value === null ? { is: "unknown" } : { is: "value", value };
}

/** The SDK resolves with any JSON that holds no `error`, whatever the status it came with. */
function isSuccess(body: unknown): boolean {
  return responseOf(body)?.statusCode === 200;
}

function responseOf(body: unknown): Fields | null {
  return fieldsOf(fieldsOf(body)?.lastResponse);
}

function traceOf(ended: Ended) {
  const trace = "body" in ended ? responseOf(ended.body) : stripeErrorOf(ended.error);
  const status = trace?.statusCode;
  return { status: isWhole(status) ? status : null, requestId: textOf(trace?.requestId) };
}

function stripeErrorOf(error: unknown) {
  return error instanceof Stripe.errors.StripeError ? error : null;
}
