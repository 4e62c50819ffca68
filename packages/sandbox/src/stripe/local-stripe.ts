/**
 * A Stripe for machines without an account there: the part of the API this product uses, its pages,
 * its events, on disk and on loopback. It imports nothing of the product.
 */
import { type HttpBindings, type ServerType, serve } from "@hono/node-server";
import { Hono } from "hono";
import { type CallRecord, makeCaller, unknownPath } from "./api/calls.ts";
import { makeClock } from "./clock.ts";
import { CONTROL_PREFIX, respondToControl } from "./control/control.ts";
import { endpoints } from "./endpoints.ts";
import { makeFaultRules } from "./faults/fault-rules.ts";
import { addPages } from "./pages/pages.ts";
import { ensureEndpoint } from "./resources/webhook-endpoints.ts";
import { createScheduler, scheduleTask } from "./scheduler.ts";
import { openStore } from "./store.ts";
import { taskHandlers } from "./tasks.ts";
import { type Courier, createCourier } from "./webhooks/courier.ts";
import { makeDeliveryRules } from "./webhooks/delivery-rules.ts";
import { makeRecorder } from "./webhooks/record-event.ts";
import { HERE, type World } from "./world.ts";

export interface LocalStripeOptions {
  /** Where the state lives; made if it is not there. */
  readonly dataDir: string;
  /** 0, the default, asks for any free port. */
  readonly port?: number;
  /** The address browsers reach it at; by default the one it listens on. */
  readonly publicUrl?: string;
  /** Who gets every event, besides the endpoints made through the API. */
  readonly webhooks?: readonly { readonly url: string; readonly secret: string }[];
  /** Opens the controls under `/_control`. For tests only. */
  readonly hasControls?: boolean;
  readonly businessName?: string;
  readonly consequencesAfterMs?: number;
  readonly webhookTimeoutMs?: number;
  readonly webhookBackoffMs?: readonly number[];
  /** The machine's clock, in milliseconds. */
  readonly now?: () => number;
}

export interface LocalStripe {
  readonly url: string;
  close(): Promise<void>;
}

// Dense at first, because somebody waits for it at a desk; then as patient as the real one in a sandbox.
const BACKOFF_MS = [1_000, 5_000, 30_000, 300_000, 3_600_000, 7_200_000, 14_400_000];
const CALLS_KEPT = 2_000;

export async function createLocalStripe(options: LocalStripeOptions): Promise<LocalStripe> {
  const store = openStore(options.dataDir);
  const faults = makeFaultRules();
  const rules = makeDeliveryRules();
  const recorder = makeRecorder(rules);
  const world: World = {
    store,
    clock: makeClock(store, options.now ?? Date.now),
    businessName: options.businessName ?? "Local Stripe",
    consequencesAfterMs: options.consequencesAfterMs ?? 1_000,
    cause: { requestId: null, idempotencyKey: null },
    emit: (type, object, previous) => void recorder(world, { type, object, previous }),
    schedule: (task) => scheduleTask(world, task),
  };

  let url = "";
  const wire = (text: string) => text.replaceAll(HERE, url);
  const calls = keepCalls();
  const courier: Courier = createCourier(
    world,
    {
      timeoutMs: options.webhookTimeoutMs ?? 10_000,
      backoffMs: options.webhookBackoffMs ?? BACKOFF_MS,
    },
    { wire, onChange: () => scheduler.changed() },
  );
  const scheduler = createScheduler(world, taskHandlers, () => courier);
  const seed = () => {
    const created = world.clock.seconds();
    for (const target of options.webhooks ?? []) ensureEndpoint(store, { ...target, created });
  };
  seed();

  const app = new Hono<{ Bindings: HttpBindings }>();
  const onChange = () => scheduler.tick();
  const answer = makeCaller({ world, faults, record: calls.add, wire, onChange });
  for (const endpoint of endpoints)
    app.on(endpoint.method, endpoint.path, async (c) => {
      const { pathname: path, search: query } = new URL(c.req.url);
      const header = (name: string) => c.req.header(name);
      const body = await c.req.text();
      return answer({ endpoint, path, query, body, header, ids: c.req.param(), node: c.env });
    });
  addPages(app, { world, wire, onChange });
  if (options.hasControls) {
    const deps = { world, faults, rules, recorder, scheduler, calls, seed };
    app.all(`${CONTROL_PREFIX}/*`, (c) => respondToControl(deps, c.req.raw));
    app.all(CONTROL_PREFIX, (c) => respondToControl(deps, c.req.raw));
  }
  app.notFound((c) => unknownPath(c.req.method, c.req.path));
  app.onError((error) => {
    console.error("A request failed:", error);
    return Response.json({ error: { type: "api_error", message: "failed" } }, { status: 500 });
  });

  const server = await listen(app, options.port ?? 0, (port) => {
    url = options.publicUrl ?? `http://127.0.0.1:${port}`;
  }).catch((error: unknown) => {
    store.close();
    throw error;
  });
  scheduler.tick();

  return {
    url,
    async close() {
      scheduler.close();
      await courier.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      store.close();
    },
  };
}

/** Only this machine reaches it: there is nothing here that another one should. */
function listen(
  app: Hono<{ Bindings: HttpBindings }>,
  port: number,
  onPort: (port: number) => void,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (info) => {
      onPort(info.port);
      resolve(server);
    });
    server.on("error", reject);
  });
}

function keepCalls() {
  let kept: CallRecord[] = [];
  return {
    add: (call: CallRecord) => {
      kept = [...kept.slice(-CALLS_KEPT + 1), call];
    },
    list: () => kept,
    clear: () => {
      kept = [];
    },
  };
}
