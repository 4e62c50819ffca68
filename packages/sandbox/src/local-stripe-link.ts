/**
 * The line to the local Stripe beside a sandbox, over the controls it has for that: where it delivers
 * to, what time it is, and whether everything it had to tell has arrived. The product itself reaches
 * it through the ordinary SDK and knows nothing of this.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Instant } from "@scanmeter/core";
import type { Neighbour } from "./clock-driver.ts";

export interface LocalStripeLink extends Neighbour {
  /** Says where webhooks go from now on, and with which secret they are signed. */
  receiveAt(receiver: { readonly url: string; readonly secret: string }): Promise<void>;
}

export interface LocalStripeLinkOptions {
  readonly apiBase: string;
  /** One that died is back after a moment; so long is waited for it, the first time. */
  readonly backWithinMs?: number;
  readonly settledWithinMs?: number;
}

const LOOK_EVERY_MS = 50;
const ANSWERS_WITHIN_MS = 5_000;

export function openLocalStripeLink(options: LocalStripeLinkOptions): LocalStripeLink {
  const { apiBase, backWithinMs = 5_000, settledWithinMs = 5_000 } = options;
  // Whoever waited for it in vain does not wait again at every step of a long way.
  let isAway = false;

  async function ask<Answer>(path: string, body?: object, withinMs = ANSWERS_WITHIN_MS) {
    const until = performance.now() + (isAway ? 0 : backWithinMs);
    for (;;) {
      try {
        const response = await fetch(`${apiBase}/_control${path}`, {
          signal: AbortSignal.timeout(withinMs),
          ...(body && { method: "POST", body: JSON.stringify(body) }),
        });
        isAway = false;
        return { status: response.status, answer: (await response.json()) as Answer };
      } catch (error) {
        if (performance.now() >= until) {
          isAway = true;
          throw new Error(`The local Stripe at ${apiBase} does not answer`, { cause: error });
        }
        await wait(LOOK_EVERY_MS);
      }
    }
  }

  return {
    async follow(now) {
      const moved = await ask<{ error?: string }>("/clock", { to: now });
      if (moved.status === 200) return;
      // It does not run back, so it may only be further than we are: by a moment, or after our crash.
      const { answer } = await ask<{ now: Instant }>("/clock");
      if (!(answer.now >= now))
        throw new Error(`The local Stripe does not follow: ${moved.answer.error ?? moved.status}`);
    },
    async settled() {
      const body = { timeoutMs: settledWithinMs };
      const { answer } = await ask<{ isIdle?: boolean }>(
        "/idle",
        body,
        settledWithinMs + ANSWERS_WITHIN_MS,
      );
      if (answer.isIdle !== true)
        throw new Error("The local Stripe could not deliver everything in time");
    },
    async receiveAt(receiver) {
      const { status } = await ask("/receiver", receiver);
      if (status !== 200)
        throw new Error(`The local Stripe at ${apiBase} takes no receiver (${status})`);
    },
  };
}
