/** The payment gateway as one that delivers: it holds the events and signs each anew when it is sent. */

import {
  type DeliveryPlan,
  listEvents,
  planDeliveries,
  signDelivery,
  type WebhookDelivery,
} from "@scanmeter/operations/testing/webhook-deliveries";
import { Dice } from "../../apps/standalone/test/support/dice.ts";
import { closedLoop } from "../load/loops.ts";
import { answerTo, cpuMicros } from "../program.ts";

let plan: DeliveryPlan = { deliveries: [], afterwards: [] };
let secret = "";

interface Target {
  readonly port: number;
  readonly callers: number;
}

const answers = {
  /** Answers with how many events there are. */
  async prepare(options: {
    readonly stripe: { readonly url: string; readonly secretKey: string };
    readonly webhookSecret: string;
    readonly times: number;
    readonly forged: number;
    readonly seed: number;
  }): Promise<number> {
    const { stripe, webhookSecret, times, forged, seed } = options;
    const events = await listEvents(stripe, "payment_intent.succeeded");
    const dice = new Dice(seed);
    plan = planDeliveries(events, { times, forged, random: () => dice.next() });
    secret = webhookSecret;
    return events.length;
  },
  deliver: (target: Target) => closedLoop(requestsOf(plan.deliveries), target),
  deliverAfterwards: (target: Target) => closedLoop(requestsOf(plan.afterwards), target),
  cpuMicros,
};
export type WebhookLoadAnswers = typeof answers;

function requestsOf(deliveries: readonly WebhookDelivery[]): () => string | null {
  let at = 0;
  return () => {
    const delivery = deliveries[at++];
    if (delivery === undefined) return null;
    const { body, signature } = signDelivery(delivery, { secret, at: Date.now() });
    return `POST /webhooks/stripe HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json; charset=utf-8\r\nstripe-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  };
}

answerTo(answers);
