/**
 * Carries events to their endpoints: everything that is due at once, again after a while where it
 * did not arrive. Nothing is promised about the order, as with the real one.
 */
import type { Event } from "../resources/events.ts";
import { presentEvent } from "../resources/events.ts";
import { secretOf, type WebhookEndpoint } from "../resources/webhook-endpoints.ts";
import type { World } from "../world.ts";
import { type Delivery, listDue, saveResult } from "./deliveries.ts";
import { signatureHeader } from "./signature.ts";

export interface Courier {
  /** Sends what is due. Returns at once. */
  wake(): void;
  readonly inFlight: number;
  close(): Promise<void>;
}

export interface CourierSettings {
  readonly timeoutMs: number;
  /** The waits after the first, second … attempt that failed; after the last one it is given up. */
  readonly backoffMs: readonly number[];
}

const IN_FLIGHT_MAX = 32;

export function createCourier(
  world: World,
  settings: CourierSettings,
  deps: { wire: (text: string) => string; onChange: () => void },
): Courier {
  const flying = new Map<number, Promise<void>>();
  const closing = new AbortController();

  function wake(): void {
    if (closing.signal.aborted) return;
    const due = listDue(world.store, world.clock.now(), IN_FLIGHT_MAX + flying.size);
    for (const delivery of due) {
      if (flying.size >= IN_FLIGHT_MAX) return;
      if (!flying.has(delivery.id)) flying.set(delivery.id, carry(delivery));
    }
  }

  async function carry(delivery: Delivery): Promise<void> {
    const { store, clock } = world;
    const result = await send(delivery);
    flying.delete(delivery.id);
    if (closing.signal.aborted) return;
    const backoff = settings.backoffMs[delivery.attempts];
    const state = result.isAccepted ? "delivered" : backoff === undefined ? "failed" : "waiting";
    const { status, error } = result;
    saveResult(store, delivery.id, { state, dueAt: clock.now() + (backoff ?? 0), status, error });
    wake();
    deps.onChange();
  }

  async function send(delivery: Delivery) {
    const event = world.store.find<Event>("event", delivery.eventId);
    const endpoint = world.store.find<WebhookEndpoint>("webhook_endpoint", delivery.endpointId);
    if (event === undefined || endpoint === undefined)
      return { isAccepted: false, status: null, error: "the event or its endpoint is gone" };
    const body = deps.wire(JSON.stringify(presentEvent(world, event), null, 2));
    try {
      const response = await fetch(endpoint.url, {
        method: "POST",
        body: delivery.twist.action === "changed_body" ? body.replace("evt_", "evt.") : body,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "user-agent": "Stripe/1.0 (local)",
          ...signatureFor(delivery, body),
        },
        redirect: "manual",
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(settings.timeoutMs)]),
      });
      await response.body?.cancel();
      return { isAccepted: response.ok, status: response.status, error: null };
    } catch (error) {
      return { isAccepted: false, status: null, error: reasonOf(error) };
    }
  }

  // Made for each attempt anew, so that a late attempt is not an old one.
  function signatureFor({ twist, endpointId }: Delivery, body: string): Record<string, string> {
    if (twist.action === "no_signature") return {};
    const secret =
      twist.action === "wrong_secret" ? "whsec_wrong" : secretOf(world.store, endpointId);
    const age = twist.action === "old_timestamp" ? (twist.ageSeconds ?? 0) : 0;
    return { "stripe-signature": signatureHeader(body, secret, world.clock.seconds() - age) };
  }

  return {
    wake,
    get inFlight() {
      return flying.size;
    },
    async close() {
      closing.abort();
      await Promise.allSettled(flying.values());
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return error.cause instanceof Error ? error.cause.message : error.message;
}
