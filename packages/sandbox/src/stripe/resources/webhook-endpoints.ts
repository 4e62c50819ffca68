/** Where events are delivered. The secret is told once, when the endpoint is made. */
import { type Endpoint, endpoint } from "../api/endpoint.ts";
import { cursorParams, listAll } from "../api/list.ts";
import { listOf, metadata, oneOf, required, text, url } from "../api/params.ts";
import { newId } from "../ids.ts";
import type { Resource, Store } from "../store.ts";
import { API_VERSION, get } from "../world.ts";

export interface WebhookEndpoint extends Resource {
  enabled_events: string[];
  status: "enabled" | "disabled";
  url: string;
  [more: string]: unknown;
}

interface WebhookEndpointFacts {
  readonly secret: string;
  /** The one that is told where to go by its receiver, see `moveReceiver`. */
  readonly isReceiver?: boolean;
}

const path = "/v1/webhook_endpoints";

export const webhookEndpointEndpoints: readonly Endpoint[] = [
  endpoint(
    "post",
    path,
    {
      api_version: oneOf(API_VERSION),
      description: text(),
      enabled_events: required(listOf(text())),
      metadata,
      url: required(url),
    },
    ({ store, clock }, params) => {
      const secret = newId("whsec", 32);
      const made = insertEndpoint(store, { ...params, created: clock.seconds(), secret });
      return { ...made, secret };
    },
  ),
  endpoint("get", path, cursorParams, (world, params) =>
    listAll(world, { object: "webhook_endpoint", url: path }, params),
  ),
  endpoint("delete", `${path}/:id`, {}, (world, _, { id }) => {
    get(world, "webhook_endpoint", id);
    world.store.remove(id);
    world.store.run("delete from deliveries where endpoint_id = ?", id);
    return { id, object: "webhook_endpoint", deleted: true };
  }),
];

/** The endpoints named when the process starts. Naming one again changes its secret, not its id. */
export function ensureEndpoint(
  store: Store,
  given: { url: string; secret: string; created: number },
): void {
  const known = listEndpoints(store).find(({ url: one }) => one === given.url);
  if (known === undefined) insertEndpoint(store, { ...given, enabled_events: ["*"] });
  else store.saveFacts(known.id, { secret: given.secret } satisfies WebhookEndpointFacts);
}

/**
 * Where the program beside us listens, told by that program itself once it knows. When it comes back
 * on another port, the endpoint moves with everything that waits for it: two would get everything twice.
 */
export function moveReceiver(
  store: Store,
  given: { url: string; secret: string; created: number },
): WebhookEndpoint {
  const facts: WebhookEndpointFacts = { secret: given.secret, isReceiver: true };
  const all = listEndpoints(store);
  const known =
    all.find(({ url }) => url === given.url) ??
    all.find(({ id }) => store.facts<WebhookEndpointFacts>(id).isReceiver === true);
  const endpoint = known ?? insertEndpoint(store, { ...given, enabled_events: ["*"] });
  endpoint.url = given.url;
  store.saveFacts(endpoint.id, facts);
  return store.save(endpoint);
}

export function listEndpoints(store: Store): WebhookEndpoint[] {
  const everything = { where: {}, createdFrom: 0, createdTo: Number.MAX_SAFE_INTEGER };
  return store.list<WebhookEndpoint>({ object: "webhook_endpoint", ...everything, limit: 16 });
}

export function endpointFor(
  { enabled_events }: WebhookEndpoint,
  matches: (pattern: string) => boolean,
): boolean {
  return enabled_events.some(matches);
}

export function secretOf(store: Store, id: string): string {
  return store.facts<WebhookEndpointFacts>(id).secret;
}

function insertEndpoint(
  store: Store,
  given: {
    url: string;
    secret: string;
    created: number;
    enabled_events: string[];
    description?: string;
    metadata?: Record<string, string>;
    api_version?: string;
  },
): WebhookEndpoint {
  const made: WebhookEndpoint = {
    id: newId("we"),
    object: "webhook_endpoint",
    api_version: given.api_version ?? null,
    application: null,
    created: given.created,
    description: given.description ?? null,
    enabled_events: given.enabled_events,
    livemode: false,
    metadata: given.metadata ?? {},
    status: "enabled",
    url: given.url,
  };
  const facts: WebhookEndpointFacts = { secret: given.secret };
  return store.insert(made, given.created, facts);
}
