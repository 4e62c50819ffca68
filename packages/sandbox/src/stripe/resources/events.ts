/** What happened, kept for thirty days. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { listAll, listParams } from "../api/list.ts";
import { boolean, exclusive, listOf, text } from "../api/params.ts";
import type { Resource } from "../store.ts";
import { countUndelivered, UNDELIVERED } from "../webhooks/deliveries.ts";
import { get, type World } from "../world.ts";

export interface Event extends Resource {
  api_version: string;
  created: number;
  data: { object: Resource; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
}

const KEPT_S = 30 * 86_400;

const undelivered = `exists (select 1 ${UNDELIVERED} and waiting.event_id = objects.id)`;

export const eventEndpoints: readonly Endpoint[] = [
  endpoint("get", "/v1/events/:id", {}, (world, _, { id }) =>
    presentEvent(world, get<Event>(world, "event", id)),
  ),
  endpoint(
    "get",
    "/v1/events",
    { ...listParams, delivery_success: boolean, type: text(), types: listOf(text()) },
    (world, { delivery_success, type, types, ...params }) => {
      if (type !== undefined && types !== undefined) throw exclusive("type", "types");
      const page = listAll<Event>(world, { object: "event", url: "/v1/events" }, params, {
        where: { type: types ?? type },
        also:
          delivery_success === undefined
            ? undefined
            : (delivery_success ? "not " : "") + undelivered,
        createdFrom: world.clock.seconds() - KEPT_S,
      });
      return { ...page, data: page.data.map((event) => presentEvent(world, event)) };
    },
  ),
];

/** As it is told: with the number of endpoints that have not heard of it yet. */
export function presentEvent({ store }: World, event: Event): Event {
  return { ...event, pending_webhooks: countUndelivered(store, event.id) };
}
