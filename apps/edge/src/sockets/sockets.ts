/**
 * tRPC over WebSocket on the server that also answers HTTP. The library speaks the protocol; this
 * file decides who may open a socket, how much it may hold and when it ends.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { AnyRouter } from "@trpc/server";
import { getWSConnectionHandler } from "@trpc/server/adapters/ws";
import type { Logger } from "pino";
import { type Server as SocketServer, WebSocketServer } from "ws";
import type { Sessions } from "../auth/sessions.ts";
import type { Origins } from "../http/own-origin.ts";
import { requestIdFor } from "../http/request-id.ts";
import { createSharedEncoder } from "../live/shared-encoding.ts";
import type { Metrics } from "../metrics.ts";
import type { Services } from "../services.ts";
import { type Context, runnerKeyOf } from "../trpc/context.ts";
import { isUnexpected } from "../trpc/error-shape.ts";
import { logUnexpected } from "../trpc/log-unexpected.ts";
import { refusedError } from "../trpc/refusals.ts";
import type { CloseReason } from "./close-codes.ts";
import { Connection } from "./connection.ts";
import { GuardedSocket } from "./guarded-socket.ts";
import { identityCheckOver } from "./identity-check.ts";
import { SocketRegistry } from "./socket-registry.ts";
import { type Admitted, decideUpgrade, refuseUpgrade, withinLimits } from "./upgrade.ts";
import { watchWords } from "./watch-words.ts";

export interface SocketsDeps {
  readonly router: AnyRouter;
  readonly services: Services;
  readonly sessions: Sessions;
  readonly origins: Origins;
  readonly addressHeader: string | null;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What the library's client takes as "open a new connection, then let go of this one". */
const RECONNECT = JSON.stringify({ id: null, method: "reconnect" });

export class Sockets {
  readonly #deps: SocketsDeps;
  readonly #registry: SocketRegistry;
  readonly #wss: SocketServer<typeof GuardedSocket>;
  readonly #serve: (socket: GuardedSocket, request: IncomingMessage) => void;
  readonly #connectionOf = new WeakMap<object, Connection>();
  readonly #check: NodeJS.Timeout;
  #checking: Promise<void> | null = null;
  #isDraining = false;

  constructor(deps: SocketsDeps) {
    this.#deps = deps;
    const { limits } = deps.services;
    this.#registry = new SocketRegistry({ limits, metrics: deps.metrics });
    const options = {
      noServer: true,
      clientTracking: false,
      WebSocket: GuardedSocket,
      maxPayload: limits.socketPayloadBytesMax,
      maxFragments: limits.socketFragmentsMax,
      // Compressing costs memory for each socket, and frames are small.
      perMessageDeflate: false,
      closeTimeout: limits.socketGoodbyeWithinMs,
    };
    this.#wss = new WebSocketServer(options);
    this.#serve = getWSConnectionHandler({
      wss: this.#wss,
      router: deps.router,
      maxBatchSize: limits.batchSizeMax,
      keepAlive: { enabled: true, pingMs: limits.pingEveryMs, pongWaitMs: limits.pongWithinMs },
      experimental_encoder: createSharedEncoder(() => deps.metrics.frameEncodings.inc()),
      createContext: ({ res, info }) => this.#contextOf(res, info.connectionParams?.authorization),
      onError: ({ error, path, ctx }) => {
        // Without a path it is the connection that broke, which connections do.
        if (path === undefined || !isUnexpected(error)) return;
        logUnexpected(deps.log, {
          error,
          path,
          requestId: (ctx as Context | undefined)?.requestId ?? "",
        });
      },
    });
    this.#check = setInterval(() => this.checkSoon(), limits.identityCheckEveryMs);
    this.#check.unref();
  }

  get open(): number {
    return this.#registry.connections.size;
  }

  attachTo(server: Server): void {
    server.on("upgrade", (request, socket, head) => {
      socket.on("error", () => socket.destroy());
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        this.#deps.log.error({ err: error }, "an upgrade failed");
        socket.destroy();
      });
    });
  }

  /** Looks now for sockets whose session ended or key was revoked. */
  checkSoon(): void {
    this.#checking ??= this.#registry
      .check(identityCheckOver(this.#deps.services.operations))
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, "the holders of open sockets could not be checked");
      })
      .finally(() => {
        this.#checking = null;
      });
  }

  /**
   * Takes no more sockets and asks the open ones to come back, in slices, so that they do not all
   * knock on the next process's door at once. Calls that are being answered are answered first.
   */
  async drain(): Promise<void> {
    this.#isDraining = true;
    clearInterval(this.#check);
    const { drainSlice, drainSliceEveryMs } = this.#deps.services.limits;
    const connections = [...this.#registry.connections];
    for (let from = 0; from < connections.length; from += drainSlice) {
      if (from > 0) await wait(drainSliceEveryMs);
      for (const { socket } of connections.slice(from, from + drainSlice)) socket.send(RECONNECT);
    }
    await Promise.race([
      this.#answered(),
      wait(this.#deps.services.limits.drainWithinMs, undefined, { ref: false }),
    ]);
    for (const connection of this.#registry.connections) this.#end(connection, "comeBack");
  }

  /** Whoever has not closed properly by now is cut off. */
  close(): void {
    clearInterval(this.#check);
    for (const { socket } of this.#registry.connections) socket.terminate();
    this.#wss.close();
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { sessions, origins, addressHeader, log, metrics } = this.#deps;
    const startedAt = performance.now();
    const requestId = requestIdFor(headerOf(request, "x-request-id"));
    const asked = await decideUpgrade(
      {
        sessions,
        origins,
        addressHeader,
        registry: this.#registry,
        isDraining: () => this.#isDraining,
      },
      request,
    );
    const decided = withinLimits(asked, this.#registry);
    const status = "status" in decided ? decided.status : 101;
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    log.info({ requestId, method: request.method, path: pathOf(request), status, ms }, "request");
    if ("status" in decided) {
      metrics.upgradesRefused.inc({ status: decided.status });
      refuseUpgrade(socket, decided, requestId);
      return;
    }
    this.#wss.handleUpgrade(request, socket, head, (client) => {
      this.#open(client, { request, requestId, admitted: decided });
    });
  }

  #open(
    socket: GuardedSocket,
    opened: {
      readonly request: IncomingMessage;
      readonly requestId: string;
      readonly admitted: Admitted;
    },
  ): void {
    const { services, metrics } = this.#deps;
    const { limits } = services;
    const { request, requestId, admitted } = opened;
    const connection = new Connection({
      requestId,
      socket,
      address: admitted.address,
      cookie: admitted.cookie,
      openedAt: performance.now(),
      onSubscriptions: (change) => metrics.subscriptions.inc(change),
    });
    connection.identity = admitted.identity;
    this.#connectionOf.set(socket, connection);
    this.#registry.add(connection);
    socket.once("close", () => this.#registry.remove(connection));
    socket.guard({
      bufferedBytesMax: limits.socketBufferedBytesMax,
      congestedBytes: limits.socketCongestedBytes,
      onCutOff: () => metrics.socketsEnded.inc({ reason: "tooSlow" }),
    });
    watchWords(connection, limits, (why) => this.#end(connection, why));
    this.#serve(socket, request);
  }

  /** Every call has its answer, and the answer has been handed to its socket. */
  async #answered(): Promise<void> {
    const { calls } = this.#deps.services;
    do {
      await calls.idle();
      await new Promise(setImmediate);
    } while (calls.inFlight > 0);
  }

  #end(connection: Connection, why: CloseReason): void {
    this.#registry.end(connection, why);
  }

  /** Never throws: a refusal belongs to a call, where its reason can be told. */
  #contextOf(socket: object, authorization: unknown): Context {
    const { services, sessions } = this.#deps;
    const connection = this.#connectionOf.get(socket) as Connection;
    const secret = runnerKeyOf(authorization);
    const { identity } = connection;
    return {
      requestId: connection.requestId,
      address: connection.address,
      services,
      connection,
      // What is subscribed to would go on when the session acts for the socket's account again.
      meantAccountId: identity?.is === "session" ? identity.accountId : null,
      async signedIn() {
        return (await sessions.find(connection.cookie)).signedIn;
      },
      runner: async () => {
        if (secret === null) return null;
        const runner = await services.operations.authenticateRunnerKey(secret);
        if (runner === null) return null;
        const { runnerKeyId } = runner;
        if (!this.#registry.identify(connection, { is: "runner-key", runnerKeyId, secret })) {
          const max = services.limits.socketsPerRunnerKeyMax;
          throw refusedError({ code: "too_many", what: "connections with one runner key", max });
        }
        return runner;
      },
    };
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0]?.slice(0, 200) ?? "";
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" ? value : undefined;
}
