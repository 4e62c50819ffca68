import type { ScanMode, ScanView } from "@scanmeter/contracts/scans";
import type { AppRouter } from "@scanmeter/edge/router";
import { createTRPCClient, createWSClient, httpLink, splitLink, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { type Backoff, backoffMs } from "./backoff.ts";
import { endpointsOf, runnerKeyOf } from "./connection.ts";
import { type DirectivesListener, type Line, openLine } from "./directives.ts";
import { NotScanmeter } from "./failed-call.ts";
import { askUntilAnswered } from "./retry.ts";
import { systemTimers, type Timers } from "./timers.ts";

export interface RunnerTarget {
  readonly id: string;
  readonly url: string;
  readonly name: string | null;
  readonly mode: ScanMode;
}

export interface StartScan {
  readonly targetId: string;
  /** Chosen once, by whoever wants the scan; the same key never starts, nor costs, a second one. */
  readonly idempotencyKey: string;
  readonly label?: string;
}

export interface FinishScan {
  readonly scanId: string;
  readonly outcome: "completed" | "failed" | "stopped";
  readonly fault?: "platform" | "target" | "runner";
}

export interface CallOptions {
  /** How long to go on asking when nobody answers; 0 asks once. */
  readonly patienceMs?: number;
  readonly onRetry?: (reason: string) => void;
  /** Gives up between two attempts. */
  readonly signal?: AbortSignal;
}

/**
 * What a scan runner can say to Scanmeter. Each call is safe to repeat and repeats itself while
 * nobody answers; it ends in the answer, a `RunnerRefusal` or `RunnerUnreachable`.
 */
export interface RunnerClient {
  targets(options?: CallOptions): Promise<readonly RunnerTarget[]>;
  startScan(command: StartScan, options?: CallOptions): Promise<ScanView>;
  heartbeat(scan: { readonly scanId: string }, options?: CallOptions): Promise<ScanView>;
  pauseScan(scan: { readonly scanId: string }, options?: CallOptions): Promise<ScanView>;
  resumeScan(scan: { readonly scanId: string }, options?: CallOptions): Promise<ScanView>;
  finishScan(command: FinishScan, options?: CallOptions): Promise<ScanView>;
  /** Every change of a scan as it happens, across reconnections, until the line is closed. */
  directives(scanId: string, listener: DirectivesListener): Line;
  close(): Promise<void>;
}

export interface RunnerClientOptions {
  readonly url: string;
  readonly key: string;
  readonly timers?: Timers;
}

const PATIENCE_MS = 30_000;
const ATTEMPT_MAX_MS = 10_000;
const callBackoff: Backoff = { firstMs: 500, maxMs: 15_000 };
const lineBackoff: Backoff = { firstMs: 1_000, maxMs: 30_000 };
const LINE_DELAY_MIN_MS = 500;

export function createRunnerClient(options: RunnerClientOptions): RunnerClient {
  const { http, ws } = endpointsOf(options.url);
  const authorization = `Bearer ${runnerKeyOf(options.key)}`;
  const timers = options.timers ?? systemTimers;

  // Opened by the first subscription: a runner that only lists its targets needs no socket.
  let socket: ReturnType<typeof createWSClient> | undefined;
  const socketClient = () => {
    socket ??= createWSClient({
      url: ws,
      connectionParams: { authorization },
      WebSocket: LineSocket as unknown as typeof globalThis.WebSocket,
      keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5_000 },
      retryDelayMs: (attempt) =>
        LINE_DELAY_MIN_MS + backoffMs(attempt + 1, lineBackoff, timers.random()),
    });
    return socket;
  };

  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: (runtime) => (operation) =>
          wsLink<AppRouter>({ client: socketClient() })(runtime)(operation),
        false: httpLink({ url: http, headers: { authorization }, fetch: fetchAnswer }),
      }),
    ],
  });

  const ask = <Answer>(attempt: () => Promise<Answer>, call: CallOptions | undefined) =>
    askUntilAnswered(attempt, {
      timers,
      backoff: callBackoff,
      patienceMs: call?.patienceMs ?? PATIENCE_MS,
      onRetry: call?.onRetry,
      signal: call?.signal,
    });

  return {
    targets: (call) => ask(() => trpc.runner.targets.query(), call),
    startScan: (command, call) => ask(() => trpc.runner.startScan.mutate(command), call),
    heartbeat: (scan, call) => ask(() => trpc.runner.heartbeat.mutate(scan), call),
    pauseScan: (scan, call) => ask(() => trpc.runner.pauseScan.mutate(scan), call),
    resumeScan: (scan, call) => ask(() => trpc.runner.resumeScan.mutate(scan), call),
    finishScan: (command, call) => ask(() => trpc.runner.finishScan.mutate(command), call),
    directives: (scanId, listener) =>
      openLine({
        timers,
        listener,
        subscribe: (lastEventId, observer) =>
          trpc.runner.directives.subscribe(
            lastEventId === undefined ? { scanId } : { scanId, lastEventId },
            observer,
          ),
      }),
    close: async () => {
      await socket?.close();
    },
  };
}

/**
 * A fetch that gives up on a silent server, follows nobody elsewhere with the key in its hand, and
 * calls an answer that is not JSON what it is.
 */
async function fetchAnswer(
  input: Parameters<typeof fetch>[0],
  init?: { readonly signal?: AbortSignal | null | undefined },
): Promise<Response> {
  const timeout = AbortSignal.timeout(ATTEMPT_MAX_MS);
  const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const response = await fetch(input, { ...(init as RequestInit), signal, redirect: "error" });
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  if (isJson) return response;
  await response.body?.cancel();
  throw new NotScanmeter(response);
}

/** `ws` waits long for a dead peer and takes messages of 100 MiB, unless told otherwise. */
class LineSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    const limits = {
      handshakeTimeout: ATTEMPT_MAX_MS,
      closeTimeout: ATTEMPT_MAX_MS,
      maxPayload: 256 * 1024,
    };
    super(url, protocols, limits);
  }
}
