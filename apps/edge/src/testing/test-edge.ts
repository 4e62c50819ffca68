/** The real thing for tests: operations on a file, a private Redis, and the edge on a free port. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeLiveNotices, LIVE_CHANNEL } from "@scanmeter/contracts/jobs";
import { credits } from "@scanmeter/core";
import {
  type Announcement,
  type OpenOptions,
  type Operations,
  openOperations,
} from "@scanmeter/operations";
import { Redis } from "ioredis";
import { type Logger, pino } from "pino";
import { startRedis } from "../../../../scripts/redis.mjs";
import { createEdge, type Edge, type EdgeLimits, logOptions, type MailMessage } from "../edge.ts";
import type { SandboxControls } from "../sandbox-controls.ts";
import { type HttpClient, httpClient } from "./clients.ts";

export interface TestEdge {
  readonly url: string;
  readonly edge: Edge;
  readonly operations: Operations;
  readonly redis: Redis;
  /** Where changes are announced, unless a test sends them elsewhere. */
  readonly publish: (changes: readonly Announcement[]) => void;
  readonly mails: readonly MailMessage[];
  /** What was logged, line by line. */
  readonly logged: readonly string[];
  signUp(name: string): Promise<TestCustomer>;
  stop(): Promise<void>;
}

export interface TestCustomer {
  readonly email: string;
  readonly password: string;
  readonly cookie: string;
  readonly userId: string;
  readonly accountId: string;
  readonly api: HttpClient;
}

export interface TestEdgeOptions {
  readonly limits?: Partial<EdgeLimits>;
  readonly clock?: OpenOptions["clock"];
  readonly sandbox?: (operations: Operations) => SandboxControls;
  readonly webDir?: string;
  readonly addressHeader?: string;
  readonly ready?: () => Promise<{ database: boolean; queue: boolean }>;
}

export async function startTestEdge(options: TestEdgeOptions = {}): Promise<TestEdge> {
  const dir = await mkdtemp(join(tmpdir(), "scanmeter-edge-"));
  const server = await startRedis({ dir: join(dir, "redis") });
  const operations = await openOperations({
    databaseUrl: `file:${join(dir, "scanmeter.db")}`,
    clock: options.clock ?? "system",
  });
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on("error", () => {});
  const publish = (changes: readonly Announcement[]) => {
    redis.publish(LIVE_CHANNEL, encodeLiveNotices(changes)).catch(() => {});
  };
  operations.announceTo(publish);
  const mails: MailMessage[] = [];
  const logged: string[] = [];
  const edge = createEdge({
    operations,
    redisUrl: server.url,
    publicUrl: null,
    authSecret: "a secret that only this test knows, long enough",
    webDir: options.webDir ?? join(dir, "no-web-build"),
    sandbox: options.sandbox?.(operations) ?? null,
    log: logInto(logged),
    mail: async (message) => {
      mails.push(message);
    },
    ready: options.ready ?? (async () => ({ database: true, queue: true })),
    limits: { ...generous, ...options.limits },
    ...(options.addressHeader && { addressHeader: options.addressHeader }),
  });
  const { url } = await edge.listen({ host: "127.0.0.1", port: 0 });

  return {
    url,
    edge,
    operations,
    redis,
    publish,
    mails,
    logged,
    signUp: (name) => signUp({ url, operations, name }),
    async stop() {
      await edge.drain();
      redis.disconnect();
      await operations.close();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Tests sign up more people a minute than a real address does. */
const generous: Partial<EdgeLimits> = {
  signUp: { windowSeconds: 60, max: 1_000 },
  signIn: { windowSeconds: 60, max: 1_000 },
};

let people = 0;

async function signUp(who: {
  readonly url: string;
  readonly operations: Operations;
  readonly name: string;
}): Promise<TestCustomer> {
  const { url, operations, name } = who;
  people += 1;
  const email = `${name.toLowerCase()}-${people}@example.test`;
  const password = "a password of a test";
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ name, email, password }),
  });
  if (!response.ok) throw new Error(`signing up failed: ${await response.text()}`);
  const { user } = (await response.json()) as { user: { id: string } };
  const cookie = cookieOf(response);
  const api = httpClient(url, { cookie, origin: url });
  const { account } = await api.me.query();
  await operations.grantCredits({
    accountId: account.id,
    credits: credits(10),
    kind: "paid",
    source: "a test",
    key: `welcome-${account.id}`,
  });
  return { email, password, cookie, userId: user.id, accountId: account.id, api };
}

/** The cookies an answer sets, as a browser would send them back. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

function logInto(lines: string[]): Logger {
  return pino(
    { ...logOptions, level: "trace" },
    { write: (line: string) => void lines.push(line) },
  );
}
