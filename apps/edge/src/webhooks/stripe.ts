/**
 * Where the payment gateway tells us things. What is genuine is stored and only then answered with
 * 200; the work on it comes later, from the table. Anything else is one 400, whatever is wrong with it.
 */
import type { Buying } from "@scanmeter/operations";
import { readLimitedBody, saysLengthUpTo } from "../http/limited-body.ts";

export const STRIPE_WEBHOOK_PATH = "/webhooks/stripe";

/** The largest events are some tens of KiB. */
const BODY_BYTES_MAX = 512 * 1_024;

export type WebhookEndpoint = (request: Request) => Promise<Response>;

export function createStripeWebhook(buying: Buying): WebhookEndpoint {
  return async (request) => {
    if (request.method !== "POST") return answer(405, "Events are posted.");
    const body = await bodyOf(request);
    if (body === "too large") return answer(413, "An event is not that large.");
    const signature = request.headers.get("stripe-signature");
    const event = buying.verifyEvent(textOf(body), signature);
    if (event === null) return answer(400, "This is not a genuine event.");
    await buying.receiveEvent(event);
    return answer(200, "Received.");
  };
}

async function bodyOf(request: Request): Promise<Uint8Array | "too large"> {
  return saysLengthUpTo(request, BODY_BYTES_MAX)
    ? new Uint8Array(await request.arrayBuffer())
    : readLimitedBody(request, BODY_BYTES_MAX);
}

/** Byte for byte what was signed: a mark at the beginning would otherwise be dropped in silence. */
function textOf(body: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
}

function answer(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
