/** tRPC over HTTP: what is checked before a call is looked at, and the call itself. */
import type { AnyRouter } from "@trpc/server";
import { getTRPCErrorFromUnknown } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import type { Sessions } from "../auth/sessions.ts";
import { readLimitedBody, saysLengthUpTo } from "../http/limited-body.ts";
import { isFromElsewhere, type Origins } from "../http/own-origin.ts";
import type { Services } from "../services.ts";
import { type Context, runnerKeyOf } from "./context.ts";
import { type ErrorShape, errorShapeOf, isUnexpected, shapeOf } from "./error-shape.ts";
import { logUnexpected } from "./log-unexpected.ts";

export const TRPC_PATH = "/trpc";

export interface EndpointDeps {
  readonly router: AnyRouter;
  readonly services: Services;
  readonly sessions: Sessions;
  readonly origins: Origins;
}

/** Where a call comes from, and the name of the request that brings it. */
export type CallOrigin = Pick<Context, "requestId" | "address">;

export type TrpcEndpoint = (request: Request, from: CallOrigin) => Promise<Response>;

export function createTrpcEndpoint(deps: EndpointDeps): TrpcEndpoint {
  const { router, services, origins } = deps;
  const { bodyBytesMax, batchSizeMax } = services.limits;

  return async (request, from) => {
    const path = pathOf(request);
    const { requestId } = from;
    // The body was not read, so nothing more can be read from this connection.
    const refuse = (code: TRPC_ERROR_CODE_KEY, message: string) =>
      answer(shapeOf(code, message, { path, requestId }), { connection: "close" });

    if (path.split(",", batchSizeMax + 1).length > batchSizeMax) {
      return refuse("BAD_REQUEST", `A batch holds at most ${batchSizeMax} calls.`);
    }
    if (isSubscription(router, path)) {
      return refuse("METHOD_NOT_SUPPORTED", "Subscriptions are answered over WebSocket only.");
    }
    if (request.method === "GET" || request.method === "HEAD") return call(deps, request, from);
    if (request.method !== "POST") {
      return refuse("METHOD_NOT_SUPPORTED", "Ask with GET and command with POST.");
    }

    const origin = request.headers.get("origin") ?? undefined;
    const fetchSite = request.headers.get("sec-fetch-site") ?? undefined;
    if (isFromElsewhere(origins, { origin, fetchSite })) {
      return refuse("FORBIDDEN", "Commands are taken from our own pages only.");
    }
    if (!isJson(request.headers.get("content-type"))) {
      return refuse("UNSUPPORTED_MEDIA_TYPE", "Send JSON, with the content type application/json.");
    }
    if (saysLengthUpTo(request, bodyBytesMax)) return call(deps, request, from);
    const body = await readLimitedBody(request, bodyBytesMax);
    if (body === "too large") {
      return refuse("PAYLOAD_TOO_LARGE", `A request holds at most ${bodyBytesMax} bytes.`);
    }
    const { url, method, headers, signal } = request;
    return call(deps, new Request(url, { method, headers, signal, body }), from);
  };
}

async function call(deps: EndpointDeps, request: Request, from: CallOrigin): Promise<Response> {
  const { router, services, sessions } = deps;
  const { requestId } = from;
  let hasContext = false;
  let early: unknown;
  const response = await fetchRequestHandler({
    endpoint: TRPC_PATH,
    req: request,
    router,
    maxBatchSize: services.limits.batchSizeMax,
    allowMethodOverride: false,
    createContext: ({ resHeaders }): Context => {
      hasContext = true;
      return {
        ...from,
        services,
        connection: null,
        meantAccountId: request.headers.get("x-account"),
        async signedIn() {
          const { signedIn, setCookies } = await sessions.find(
            request.headers.get("cookie"),
            request.headers.get("x-time-zone") ?? undefined,
          );
          for (const cookie of setCookies) resHeaders.append("set-cookie", cookie);
          return signedIn;
        },
        async runner() {
          const key = runnerKeyOf(request.headers.get("authorization"));
          return key === null ? null : services.operations.authenticateRunnerKey(key);
        },
      };
    },
    onError({ error, path }) {
      early = error;
      if (isUnexpected(error)) logUnexpected(services.log, { error, path, requestId });
    },
  });
  // What failed before there was a context could not be given the request's id.
  if (hasContext || early === undefined) return response;
  const path = pathOf(request);
  return answer(errorShapeOf(getTRPCErrorFromUnknown(early), { path, requestId }));
}

function answer(shape: ErrorShape, headers: Record<string, string> = {}): Response {
  return Response.json({ error: shape }, { status: shape.data.httpStatus, headers });
}

function pathOf(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname.slice(TRPC_PATH.length + 1);
}

function isSubscription({ _def: { procedures } }: AnyRouter, path: string): boolean {
  const known = procedures as Record<string, { _def: { type: string } }>;
  return Object.hasOwn(known, path) && known[path]?._def.type === "subscription";
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}
