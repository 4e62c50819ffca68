/**
 * The edge: everything that speaks to browsers and runners. Whoever composes a process opens the
 * database and the queue, hands over what is open, and ends the edge before what it stands on.
 */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import type { Operations } from "@scanmeter/operations";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { createApp } from "./app.ts";
import { createAuth } from "./auth/auth.ts";
import { createAuthEndpoint } from "./auth/endpoint.ts";
import { Sessions } from "./auth/sessions.ts";
import { Calls } from "./calls.ts";
import { createInvoiceDownload } from "./documents/invoice-download.ts";
import { createExports } from "./exports/exports.ts";
import { originsOf } from "./http/own-origin.ts";
import { loadWebBuild } from "./http/web-build.ts";
import { defaultLimits, type EdgeLimits } from "./limits.ts";
import { BalanceHub } from "./live/balance-hub.ts";
import { type ConnectedScan, ConnectedScans } from "./live/connected-scans.ts";
import { subscribeLiveNotices } from "./live/live-notices.ts";
import type { Mail } from "./mail.ts";
import { createMetrics } from "./metrics.ts";
import { readinessOf } from "./readiness.ts";
import type { SandboxControls } from "./sandbox-controls.ts";
import type { Services } from "./services.ts";
import { Sockets } from "./sockets/sockets.ts";
import { createTrpcEndpoint } from "./trpc/endpoint.ts";
import { productRouter, sandboxedRouter } from "./trpc/router.ts";
import { Views } from "./views.ts";
import { createStripeWebhook } from "./webhooks/stripe.ts";

export { defaultLimits, type EdgeLimits } from "./limits.ts";
export type { ConnectedScan } from "./live/connected-scans.ts";
export { logOptions } from "./log.ts";
export type { Mail, MailMessage } from "./mail.ts";
export type { ClockReading, SandboxControls, TimeSpan } from "./sandbox-controls.ts";

export interface EdgeDeps {
  readonly operations: Operations;
  readonly redisUrl: string;
  /** Where people reach it; null for `http://localhost` with the port that was listened on. */
  readonly publicUrl: string | null;
  readonly authSecret: string;
  /** The built web app; a folder that does not exist is an app without pages. */
  readonly webDir: string;
  readonly sandbox: SandboxControls | null;
  readonly log: Logger;
  readonly mail: Mail;
  readonly ready: () => Promise<{ readonly database: boolean; readonly queue: boolean }>;
  readonly limits?: Partial<EdgeLimits>;
  /** Behind a proxy: the header, in lower case, in which it says who the client is. */
  readonly addressHeader?: string;
}

export interface Edge {
  listen(where: {
    readonly host: string;
    readonly port: number;
  }): Promise<{ readonly url: string }>;
  /** The scans whose runner holds a line open right now. */
  connectedScans(): readonly ConnectedScan[];
  /** Finishes what is being answered, sends everybody away and stops listening. */
  drain(): Promise<void>;
  readonly metrics: Registry;
}

/** How long a closing socket may take to say goodbye. */
const GOODBYE_WITHIN_MS = 1_000;

export function createEdge(deps: EdgeDeps): Edge {
  const { operations, sandbox, log } = deps;
  const limits: EdgeLimits = { ...defaultLimits, ...deps.limits };
  const metrics = createMetrics();
  const calls = new Calls(metrics);
  const views = new Views(operations);
  const connectedScans = new ConnectedScans();
  const hub = new BalanceHub({
    source: {
      liveFrame: (accountId) => views.liveFrame(accountId),
      versionsOf: (accountIds) => operations.listVersions(accountIds),
      now: () => operations.clock.now(),
    },
    log,
    frameEveryMs: limits.frameEveryMs,
    checkEveryMs: limits.liveCheckEveryMs,
    onRead: () => metrics.frameReads.inc(),
    onFrame: (listeners) => metrics.framesSent.inc(listeners),
  });
  const notices = subscribeLiveNotices({
    redisUrl: deps.redisUrl,
    log,
    onNotices: (received) => hub.notice(received),
    onBack: () => void hub.check(),
  });
  let running: { readonly server: Server; readonly sockets: Sockets } | null = null;
  let draining: Promise<void> | null = null;

  /** Made once the port is known, because the public address may depend on it. */
  function compose(server: Server, publicUrl: string) {
    const origins = originsOf(publicUrl);
    const auth = createAuth({
      database: operations.database,
      publicUrl,
      secret: deps.authSecret,
      limits,
      log,
      mail: deps.mail,
    });
    const sessions = new Sessions({ auth, operations, limits });
    const sessionsChanged = () => {
      sessions.forget();
      sockets.checkSoon();
    };
    const router = sandbox === null ? productRouter : sandboxedRouter;
    const addressHeader = deps.addressHeader ?? null;
    const services: Services = {
      operations,
      views,
      hub,
      connectedScans,
      calls,
      checkIdentitiesSoon: () => sockets.checkSoon(),
      sessionsChanged,
      publicUrl,
      sandbox,
      limits,
      log,
    };
    const sockets = new Sockets({
      router,
      services,
      sessions,
      origins,
      addressHeader,
      metrics,
      log,
    });
    const app = createApp({
      publicUrl,
      addressHeader,
      authEndpoint: createAuthEndpoint({
        auth,
        origins,
        bodyBytesMax: limits.bodyBytesMax,
        onChange: sessionsChanged,
      }),
      trpcEndpoint: createTrpcEndpoint({ router, services, sessions, origins }),
      stripeWebhook: operations.buying && createStripeWebhook(operations.buying),
      invoiceDownload: createInvoiceDownload({ operations, sessions }),
      exports: createExports({ operations, sessions, limits, log }),
      webBuild: loadWebBuild(deps.webDir),
      sandboxPage: sandbox && ((request) => sandbox.page(request)),
      readiness: () => readinessOf(deps.ready, { isDraining: draining !== null }),
      metrics,
      log,
    });
    sockets.attachTo(server);
    return { app, sockets };
  }

  async function drain(): Promise<void> {
    if (running !== null) {
      const { server, sockets } = running;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await sockets.drain();
      server.closeIdleConnections();
      await Promise.race([closed, wait(GOODBYE_WITHIN_MS, undefined, { ref: false })]);
      sockets.close();
      server.closeAllConnections();
      await closed;
    }
    hub.close();
    await notices.close();
  }

  return {
    async listen({ host, port }) {
      let fetch: ReturnType<typeof createApp>["fetch"] = () => new Response(null, { status: 503 });
      const server = createAdaptorServer({
        fetch: (request, env) => fetch(request, env),
        serverOptions: { requestTimeout: limits.requestWithinMs, headersTimeout: 10_000 },
      }) as Server;
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, host, () => {
          server.off("error", reject);
          resolve();
        });
      });
      const { port: listening } = server.address() as AddressInfo;
      const url = deps.publicUrl ?? `http://localhost:${listening}`;
      const { app, sockets } = compose(server, url);
      fetch = app.fetch;
      running = { server, sockets };
      return { url };
    },
    connectedScans: () => connectedScans.list(),
    drain() {
      draining ??= drain();
      return draining;
    },
    metrics: metrics.registry,
  };
}
