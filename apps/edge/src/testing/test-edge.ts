/** The real thing for tests: operations on a file, a private Redis, and the edge on a free port. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeLiveNotices, LIVE_CHANNEL } from "@scanmeter/contracts/jobs";
import { demoSeller } from "@scanmeter/core/documents";
import { putMigratedFile, skipFlushing } from "@scanmeter/db/testing";
import {
  type Announcement,
  type OpenOptions,
  type Operations,
  openOperations,
} from "@scanmeter/operations";
import { type LocalStripe, startLocalStripe } from "@scanmeter/operations/testing";
import { Redis } from "ioredis";
import { type Logger, pino } from "pino";
import { startRedis } from "../../../../scripts/redis.mjs";
import { createEdge, type Edge, type EdgeLimits, logOptions, type MailMessage } from "../edge.ts";
import type { SandboxControls } from "../sandbox-controls.ts";
import { People, type TestCustomer } from "./people.ts";

export type { TestCustomer } from "./people.ts";

export interface TestEdge {
  readonly url: string;
  readonly edge: Edge;
  readonly operations: Operations;
  readonly databasePath: string;
  /** The local Stripe, if one was asked for. */
  readonly stripe: LocalStripe | null;
  /** What deliveries are signed with when buying is on. */
  readonly webhookSecret: string;
  readonly redis: Redis;
  /** Where changes are announced, unless a test sends them elsewhere. */
  readonly publish: (changes: readonly Announcement[]) => void;
  readonly mails: readonly MailMessage[];
  /** What was logged, line by line. */
  readonly logged: readonly string[];
  signUp(name: string): Promise<TestCustomer>;
  /** Another session of somebody who signed up; answers its cookie. */
  openSession(userId: string): Promise<string>;
  stop(): Promise<void>;
}

export interface TestEdgeOptions {
  readonly limits?: Partial<EdgeLimits>;
  readonly clock?: OpenOptions["clock"];
  /** Absent, nothing can be bought. A local Stripe is a process and takes a second to start. */
  readonly payments?: "over a local Stripe" | "over a silent gateway";
  readonly sandbox?: (operations: Operations) => SandboxControls;
  readonly webDir?: string;
  readonly addressHeader?: string;
  readonly ready?: () => Promise<{ database: boolean; queue: boolean }>;
}

/** Nobody listens on the first port there is. */
const silentGateway = {
  url: "http://127.0.0.1:1",
  secretKey: "sk_test_standin_of_a_test",
  webhookSecret: "whsec_of_a_test",
};

const AUTH_SECRET = "a secret that only this test knows, long enough";

export async function startTestEdge(options: TestEdgeOptions = {}): Promise<TestEdge> {
  const { payments } = options;
  const dir = await mkdtemp(join(tmpdir(), "scanmeter-edge-"));
  const [server, stripe] = await Promise.all([
    startRedis({ dir: join(dir, "redis") }),
    payments === "over a local Stripe" ? startLocalStripe() : null,
  ]);
  const gateway = stripe ?? silentGateway;
  const databasePath = join(dir, "scanmeter.db");
  await putMigratedFile(databasePath);
  let listening = "";
  const operations = await openOperations({
    databaseUrl: `file:${databasePath}`,
    clock: options.clock ?? "system",
    ...(payments && {
      payments: {
        secretKey: gateway.secretKey,
        apiBase: gateway.url,
        webhookSecrets: [gateway.webhookSecret],
        seller: demoSeller,
        publicUrl: () => listening,
      },
    }),
  });
  await skipFlushing(operations.database);
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
    authSecret: AUTH_SECRET,
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
  listening = url;
  const people = new People({ url, operations, secret: AUTH_SECRET });

  return {
    url,
    edge,
    operations,
    databasePath,
    stripe,
    webhookSecret: gateway.webhookSecret,
    redis,
    publish,
    mails,
    logged,
    signUp: (name) => people.signUp(name),
    openSession: (userId) => people.openSession(userId),
    async stop() {
      await edge.drain();
      redis.disconnect();
      await operations.close();
      await server.stop();
      await stripe?.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Tests sign up more people a minute than a real address does. */
const generous: Partial<EdgeLimits> = {
  signUp: { windowSeconds: 60, max: 1_000 },
  signIn: { windowSeconds: 60, max: 1_000 },
};

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
