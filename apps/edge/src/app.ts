/** Every path the edge answers over HTTP. Upgrades to WebSocket go another way, see `sockets`. */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Logger } from "pino";
import { AUTH_PATH, type AuthEndpoint } from "./auth/endpoint.ts";
import { INVOICES_PATH, type InvoiceDownload } from "./documents/invoice-download.ts";
import { ACTIVITY_CSV_PATH, type Exports, LEDGER_PATH } from "./exports/exports.ts";
import { clientAddressOf } from "./http/client-address.ts";
import { requestIdFor } from "./http/request-id.ts";
import { securityHeadersFor } from "./http/security-headers.ts";
import type { WebBuild } from "./http/web-build.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";
import { TRPC_PATH, type TrpcEndpoint } from "./trpc/endpoint.ts";
import { STRIPE_WEBHOOK_PATH, type WebhookEndpoint } from "./webhooks/stripe.ts";

export interface AppDeps {
  readonly publicUrl: string;
  readonly addressHeader: string | null;
  readonly authEndpoint: AuthEndpoint;
  readonly trpcEndpoint: TrpcEndpoint;
  /** Null where nothing can be bought. */
  readonly stripeWebhook: WebhookEndpoint | null;
  readonly invoiceDownload: InvoiceDownload;
  readonly exports: Exports;
  readonly webBuild: WebBuild;
  /** Null outside the sandbox, where its pages are not there. */
  readonly sandboxPage: ((request: Request) => Promise<Response>) | null;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

interface Env {
  Bindings: HttpBindings;
  Variables: { requestId: string; route: string };
}

export function createApp(deps: AppDeps): Hono<Env> {
  const {
    publicUrl,
    addressHeader,
    authEndpoint,
    trpcEndpoint,
    stripeWebhook,
    invoiceDownload,
    exports,
    webBuild,
    sandboxPage,
    metrics,
    log,
  } = deps;
  const securityHeaders = Object.entries(securityHeadersFor(publicUrl));
  // Its few fields hold no secrets, and looking for some in every line costs more than writing it.
  const requestLog = log.child({}, { redact: [] });
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const startedAt = performance.now();
    const requestId = requestIdFor(c.req.header("x-request-id"));
    c.set("requestId", requestId);
    c.set("route", "other");
    // Below the answer, whose own headers win; looking into the answer would make it a slow one.
    const { outgoing } = c.env;
    outgoing.setHeader("x-request-id", requestId);
    outgoing.setHeader("cache-control", "no-store");
    for (const [name, value] of securityHeaders) outgoing.setHeader(name, value);
    await next();

    const ms = performance.now() - startedAt;
    const { method } = c.req;
    const { status } = c.res;
    const path = loggedPath(c.req.path);
    requestLog.info({ requestId, method, path, status, ms: Math.round(ms * 10) / 10 }, "request");
    metrics.requestSeconds.observe({ route: c.get("route"), method, status }, ms / 1_000);
  });

  app.onError((error, c) => {
    const requestId = c.get("requestId");
    log.error({ requestId, path: loggedPath(c.req.path), err: error }, "a request failed");
    return c.json(
      { message: "Something went wrong on our side. Try again in a moment.", requestId },
      500,
    );
  });

  app.get("/healthz", (c) => {
    c.set("route", "/healthz");
    return c.json({ status: "alive" });
  });

  app.get("/readyz", async (c) => {
    c.set("route", "/readyz");
    const readiness = await deps.readiness();
    return c.json(readiness, readiness.status === "ready" ? 200 : 503);
  });

  app.get("/metrics", async (c) => {
    c.set("route", "/metrics");
    return c.body(await metrics.registry.metrics(), 200, {
      "content-type": metrics.registry.contentType,
    });
  });

  app.all(`${AUTH_PATH}/*`, (c) => {
    c.set("route", AUTH_PATH);
    return authEndpoint(c.req.raw, clientAddressOf(c.env.incoming, addressHeader));
  });

  app.all(`${TRPC_PATH}/*`, (c) => {
    c.set("route", TRPC_PATH);
    const address = clientAddressOf(c.env.incoming, addressHeader);
    return trpcEndpoint(c.req.raw, { requestId: c.get("requestId"), address });
  });

  if (stripeWebhook !== null) {
    app.all(STRIPE_WEBHOOK_PATH, (c) => {
      c.set("route", STRIPE_WEBHOOK_PATH);
      return stripeWebhook(c.req.raw);
    });
  }

  app.get(`${INVOICES_PATH}/*`, (c) => {
    c.set("route", INVOICES_PATH);
    return invoiceDownload(c.req.raw);
  });

  app.get(ACTIVITY_CSV_PATH, (c) => {
    c.set("route", ACTIVITY_CSV_PATH);
    return exports.activity(c.req.raw);
  });

  app.get(LEDGER_PATH, (c) => {
    c.set("route", LEDGER_PATH);
    return exports.ledger(c.req.raw);
  });

  if (sandboxPage !== null) {
    app.all("/sandbox/*", (c) => {
      c.set("route", "/sandbox");
      return sandboxPage(c.req.raw);
    });
  }

  app.get("*", (c) => {
    const acceptsGzip = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "");
    const page = isWebAddress(c.req.path) ? webBuild.answer(c.req.path, acceptsGzip) : null;
    if (page === null) return c.notFound();
    c.set("route", "web");
    return page;
  });

  app.notFound((c) => c.json({ message: "There is nothing here." }, 404));
  return app;
}

/** Addresses that are not the web app's, now or later, are missing rather than a page. */
function isWebAddress(path: string): boolean {
  return !/^\/(api|trpc|webhooks|export|sandbox|healthz|readyz|metrics)(\/|$)/.test(path);
}

const LOGGED_PATH_MAX = 200;

/** Without the token of a mailed link, which is as good as a password for an hour. */
function loggedPath(path: string): string {
  return path.replace(/(\/reset-password\/).+/, "$1[secret]").slice(0, LOGGED_PATH_MAX);
}
