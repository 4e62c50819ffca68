/**
 * Webhooks as a gateway in trouble sends them: each event many times, in no order, some of them first
 * when most others are done, some once more when all is over, and forgeries in between.
 */
import { createHmac } from "node:crypto";

export interface WebhookDelivery {
  readonly body: string;
  /** `wrong_secret`: signed by somebody else; `changed_body`: signed by us and changed on the way. */
  readonly is: "genuine" | "wrong_secret" | "changed_body";
}

export interface DeliveryPlan {
  readonly deliveries: readonly WebhookDelivery[];
  /** For when everything that was delivered has been worked on. They are among the `times`. */
  readonly afterwards: readonly WebhookDelivery[];
}

/** One event in so many is not heard of before `LATE_FROM` of all deliveries. */
const LATE_ONE_IN = 20;
const LATE_FROM = 0.8;
/** One event in so many comes once more when all is over. */
const AFTERWARDS_ONE_IN = 10;
/** How the ids of forged events begin, by which they would be found if one was stored. */
export const FORGED_ID = "evt_forged_";

/** All events of a type that the local Stripe has, as JSON, the newest first. */
export async function listEvents(
  stripe: { readonly url: string; readonly secretKey: string },
  type: string,
): Promise<string[]> {
  const events: string[] = [];
  for (let after: string | undefined; ; ) {
    const search = new URLSearchParams({
      type,
      limit: "100",
      ...(after && { starting_after: after }),
    });
    const answer = await fetch(`${stripe.url}/v1/events?${search}`, {
      headers: { authorization: `Bearer ${stripe.secretKey}` },
    });
    const page = (await answer.json()) as { data: { id: string }[]; has_more: boolean };
    events.push(...page.data.map((event) => inAscii(JSON.stringify(event, null, 2))));
    after = page.data.at(-1)?.id;
    if (!page.has_more) return events;
  }
}

/** Means the same, and has as many bytes as letters. */
function inAscii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @param forged how many forgeries come on top. */
export function planDeliveries(
  events: readonly string[],
  { times, forged, random }: { times: number; forged: number; random: () => number },
): DeliveryPlan {
  const placed: { at: number; delivery: WebhookDelivery }[] = [];
  const afterwards: WebhookDelivery[] = [];
  for (const [number, body] of events.entries()) {
    const from = number % LATE_ONE_IN === 0 ? LATE_FROM : 0;
    const delivery = { body, is: "genuine" } as const;
    const comesAgain = number % AFTERWARDS_ONE_IN === 0;
    if (comesAgain) afterwards.push(delivery);
    for (let n = comesAgain ? 1 : 0; n < times; n++) {
      placed.push({ at: from + (1 - from) * random(), delivery });
    }
  }
  for (let n = 0; n < forged; n++) {
    const body = events[n % events.length]?.replace(/"evt_\w+"/, `"${FORGED_ID}${n}"`) ?? "";
    const delivery = { body, is: n % 2 === 0 ? "wrong_secret" : "changed_body" } as const;
    placed.push({ at: random(), delivery });
  }
  const deliveries = placed.sort((a, b) => a.at - b.at).map(({ delivery }) => delivery);
  return { deliveries, afterwards };
}

/** Signed when it is sent: a delivery that comes late is not an old one. */
export function signDelivery(
  { body, is }: WebhookDelivery,
  { secret, at }: { readonly secret: string; readonly at: number },
): { readonly body: string; readonly signature: string } {
  const seconds = Math.floor(at / 1_000);
  const key = is === "wrong_secret" ? `${secret}_of_somebody_else` : secret;
  const mac = createHmac("sha256", key).update(`${seconds}.${body}`).digest("hex");
  const signature = `t=${seconds},v1=${mac}`;
  return { body: is === "changed_body" ? body.replace("succeeded", "sucxeeded") : body, signature };
}
