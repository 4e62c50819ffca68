import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ScanView } from "@scanmeter/contracts/scans";
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import type { StartScan } from "../client.ts";
import { aScan, ended } from "./a-scan.ts";

/** The only key the stand-in accepts. */
export const standInKey = "rk_stand_in_secret";

interface Refusal {
  readonly code: string;
  readonly [fact: string]: unknown;
}

interface Context {
  readonly authorization: string | undefined;
}

/** What travels as `error.data.refusal`. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const endedBy = { completed: "finished", failed: "failed", stopped: "stopped" } as const;

/**
 * A platform with one account, its runner procedures over real HTTP and WebSocket, and state that
 * outlives a restart of the server. It stands in for what the runner does not own; that the real one
 * behaves the same is shown where the real one lives.
 */
export class StandInPlatform {
  credits = 10;
  heartbeatEverySeconds = 30;
  readonly targets = [
    { id: "tgt_1", url: "https://shop.example/", name: "Shop", mode: "credits" as const },
  ];
  readonly scans = new Map<string, ScanView>();
  readonly calls: { readonly path: string; readonly input: unknown }[] = [];
  subscribers = 0;
  /** Answers of a proxy in front, used up one by one before requests reach the platform. */
  readonly proxyAnswers: { readonly status: number; readonly retryAfter?: number }[] = [];
  /** What the platform itself stumbles over next, one call each. */
  readonly troubles: TRPCError["code"][] = [];
  #scanByKey = new Map<string, string>();
  #version = 0;
  #listeners = new Set<() => void>();
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Opens at the address it had before, if it had one. */
  async open(): Promise<void> {
    const router = this.#router();
    const handler = createHTTPHandler({
      router,
      basePath: "/trpc/",
      createContext: ({ req }): Context => ({ authorization: req.headers.authorization }),
    });
    const server = createServer((request, response) => {
      const answer = this.proxyAnswers.shift();
      if (answer) refuseLikeAProxy(response, answer);
      else handler(request, response);
    });
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    const wss = new WebSocketServer({ server });
    applyWSSHandler({
      wss,
      router,
      createContext: ({ info }): Context => ({
        authorization: info.connectionParams?.authorization,
      }),
    });
    server.listen(this.#port, "127.0.0.1");
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As abrupt as a crash: every connection is cut. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** The scan there is, when there is exactly one. */
  get scan(): ScanView {
    const [scan, ...others] = this.scans.values();
    if (!scan || others.length > 0) throw new Error(`there are ${this.scans.size} scans, not one`);
    return scan;
  }

  change(change: Partial<ScanView>, scanId = this.scan.scanId): ScanView {
    const scan = this.scans.get(scanId);
    if (!scan) throw new Error(`no scan ${scanId}`);
    const changed = { ...scan, ...change };
    this.scans.set(scanId, changed);
    this.#announce();
    return changed;
  }

  callsTo(path: string): readonly unknown[] {
    return this.calls.filter((call) => call.path === path).map((call) => call.input);
  }

  /** Resolves as soon as something that happens here makes the condition true. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#listeners.delete(check);
        resolve();
      };
      this.#listeners.add(check);
      check();
    });
  }

  #announce(): void {
    this.#version += 1;
    for (const listener of [...this.#listeners]) listener();
  }

  #openScan(scanId: string): ScanView {
    const scan = this.scans.get(scanId);
    if (!scan) throw refused("NOT_FOUND", { code: "scan_not_found" });
    if (scan.endedAt) throw refused("CONFLICT", { code: "scan_already_ended", state: scan.state });
    return scan;
  }

  #start(input: StartScan): ScanView {
    const replay = this.scans.get(this.#scanByKey.get(input.idempotencyKey) ?? "");
    if (replay) return replay;
    if (this.credits < 1) {
      throw refused("PAYMENT_REQUIRED", {
        code: "insufficient_credits",
        required: 1,
        available: 0,
      });
    }
    const target = this.targets.find(({ id }) => id === input.targetId);
    if (!target) throw refused("NOT_FOUND", { code: "target_not_found" });
    if ((input.label?.length ?? 0) > 100) {
      throw new TRPCError({ code: "BAD_REQUEST", message: "label is at most 100 characters" });
    }
    this.credits -= 1;
    const scan = aScan({
      scanId: `scan_${this.scans.size + 1}`,
      targetId: target.id,
      targetUrl: target.url,
      label: input.label ?? null,
      heartbeatEverySeconds: this.heartbeatEverySeconds,
    });
    this.scans.set(scan.scanId, scan);
    this.#scanByKey.set(input.idempotencyKey, scan.scanId);
    return scan;
  }

  async *#directives(scanId: string, signal: AbortSignal | undefined) {
    this.#openScan(scanId);
    this.subscribers += 1;
    this.#announce();
    try {
      let told = -1;
      while (!signal?.aborted) {
        const scan = this.scans.get(scanId);
        if (scan && told !== this.#version) {
          told = this.#version;
          yield tracked(String(told), scan);
        }
        await this.#nextChangeAfter(told, signal);
      }
    } finally {
      this.subscribers -= 1;
      this.#announce();
    }
  }

  #nextChangeAfter(version: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#version !== version || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.#listeners.add(done);
      signal?.addEventListener("abort", done);
    });
  }

  #router() {
    const t = initTRPC.context<Context>().create({
      errorFormatter: ({ shape, error }) => ({
        ...shape,
        data: {
          ...shape.data,
          ...(error.cause instanceof Refused ? { refusal: error.cause.refusal } : {}),
        },
      }),
    });
    const procedure = t.procedure.use(async ({ ctx, path, getRawInput, next }) => {
      if (ctx.authorization !== `Bearer ${standInKey}`) {
        throw new TRPCError({ code: "UNAUTHORIZED" });
      }
      this.calls.push({ path, input: await getRawInput() });
      this.#announce();
      const trouble = this.troubles.shift();
      if (trouble) throw new TRPCError({ code: trouble, cause: new Refused({ code: "trouble" }) });
      return next();
    });
    const taking = <Input>() => procedure.input((input: unknown) => input as Input);
    type OfScan = { scanId: string; lastEventId?: string };

    return t.router({
      runner: t.router({
        targets: procedure.query(() => this.targets),
        startScan: taking<StartScan>().mutation(({ input }) => this.#start(input)),
        heartbeat: taking<OfScan>().mutation(({ input }) => this.#openScan(input.scanId)),
        pauseScan: taking<OfScan>().mutation(({ input }) => {
          this.#openScan(input.scanId);
          const paused = { state: "paused", pausedFor: "runner", directive: "pause" } as const;
          return this.change(paused, input.scanId);
        }),
        resumeScan: taking<OfScan>().mutation(({ input }) => {
          this.#openScan(input.scanId);
          return this.change({ state: "running", directive: "continue" }, input.scanId);
        }),
        finishScan: taking<OfScan & { outcome: keyof typeof endedBy }>().mutation(({ input }) => {
          this.#openScan(input.scanId);
          return this.change(ended(endedBy[input.outcome]), input.scanId);
        }),
        directives: taking<OfScan>().subscription(({ input, signal }) =>
          this.#directives(input.scanId, signal),
        ),
      }),
    });
  }
}

function refused(code: TRPCError["code"], refusal: Refusal) {
  return new TRPCError({ code, cause: new Refused(refusal) });
}

function refuseLikeAProxy(
  response: ServerResponse,
  { status, retryAfter }: { readonly status: number; readonly retryAfter?: number },
): void {
  const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  response.writeHead(status, { "content-type": "text/html", ...headers });
  response.end("<h1>Bad gateway</h1>");
}
