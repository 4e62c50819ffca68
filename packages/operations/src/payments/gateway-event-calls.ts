/** Hearing from the gateway: what it delivers, and what it would have delivered. */
import type { Instant } from "@scanmeter/core";
import type { Line } from "./gateway-calls.ts";
import { type GatewayEvent, gatewayEventOf, gatewayEventTypes } from "./gateway-events.ts";
import { fieldsOf, isText } from "./gateway-fields.ts";
import { type Page, pageOf, pageParams } from "./gateway-pages.ts";
import type { Since } from "./gateway-payment-calls.ts";
import type { Asked } from "./gateway-refusals.ts";

export interface EventCalls {
  /**
   * Those of `gatewayEventTypes`; a page may be empty and not be the last. The gateway keeps them for
   * thirty days, and very rarely makes none at all, so that objects have to be read as well
   * [docs.stripe.com/webhooks/handle-irrecoverable-events].
   */
  listEvents(since: Since): Promise<Asked<Page<GatewayEvent>>>;
  /** Null when the signature, its time or the shape is not right. */
  verifyEvent(rawBody: string, signature: string | null): GatewayEvent | null;
}

export function eventCalls(
  { stripe, ask }: Line,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: () => Instant },
): EventCalls {
  return {
    listEvents: ({ since, startingAfter }) =>
      ask({
        name: "listEvents",
        key: null,
        // Not by type: the gateway takes twenty of them, and there are more.
        send: () =>
          stripe.events.list({
            created: { gte: Math.floor(since / 1000) },
            ...pageParams(startingAfter),
          }),
        read: ourEventsOf,
      }),

    verifyEvent: (rawBody, signature) =>
      signature === null ? null : gatewayEventOf(signedBody(rawBody, signature)),
  };

  /**
   * What was signed with one of our secrets, at most 300 s ago: Stripe's own tolerance, which a zero
   * would switch off. Either secret passes while they are being changed, and each is tried whatever
   * became of the others, so that the time it takes tells nothing.
   */
  function signedBody(rawBody: string, signature: string): unknown {
    const receivedAt = now();
    const { DEFAULT_TOLERANCE: tolerance } = stripe.webhooks;
    let body: unknown = null;
    for (const secret of secrets) {
      try {
        body = stripe.webhooks.constructEvent(
          rawBody,
          signature,
          secret,
          tolerance,
          undefined,
          receivedAt,
        );
      } catch {
        // Another secret, too old, or no JSON. None of them is an event, and nobody is told which.
      }
    }
    return body;
  }
}

function ourEventsOf(body: unknown): Page<GatewayEvent> | null {
  const page = pageOf(body, fieldsOf);
  if (page === null) return null;
  const ours = page.items.filter(({ type }) => isText(type) && gatewayEventTypes.has(type));
  const items = ours.map(gatewayEventOf).filter((event) => event !== null);
  return items.length < ours.length ? null : { items, next: page.next };
}
