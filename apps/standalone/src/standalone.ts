/**
 * The whole product in one process over one database: opened in the order things stand on each
 * other, closed in the opposite one.
 */
import { fileURLToPath } from "node:url";
import { findService } from "@scanmeter/db";
import { createEdge } from "@scanmeter/edge";
import { openOperations, type PaymentOptions } from "@scanmeter/operations";
import { demoSignIn, seedDemo } from "@scanmeter/sandbox/seed";
import { createWorker } from "@scanmeter/worker";
import type { Logger } from "pino";
import { keptAuthSecret } from "./auth-secret.ts";
import { openDataDir } from "./data-dir.ts";
import type { Env } from "./env.ts";
import { openMail } from "./mail.ts";
import { openOpsSocket } from "./ops/socket.ts";
import { openSandbox } from "./sandbox.ts";
import { signUpOrIn } from "./sign-up.ts";
import { listenFailure } from "./start-failure.ts";

export interface Standalone {
  readonly url: string;
  /** How to sign in, in a sandbox with demo data. */
  readonly demo: {
    readonly email: string;
    readonly password: string;
    readonly runnerKey: string | null;
  } | null;
  close(): Promise<void>;
}

/** The built web app, beside the sources as well as beside the bundle. */
const WEB_DIR = fileURLToPath(new URL("../../web/dist", import.meta.url));

export async function startStandalone(env: Env, log: Logger): Promise<Standalone> {
  const opened: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (let closeLast = opened.pop(); closeLast !== undefined; closeLast = opened.pop()) {
      await closeLast();
    }
  };
  try {
    const started = await open(env, log, opened);
    return { ...started, close };
  } catch (error) {
    await close().catch((closing) => log.error({ err: closing }, "Closing failed as well"));
    throw error;
  }
}

async function open(
  env: Env,
  log: Logger,
  opened: (() => Promise<void> | void)[],
): Promise<Omit<Standalone, "close">> {
  openDataDir(env.dataDir);
  sayWhereMoneyGoes(env, log);
  const { databaseUrl, databaseAuthToken, redisUrl } = env;
  const clock = env.sandbox === null ? "system" : "test";
  let url = env.publicUrl ?? "";
  const operations = await openOperations({
    databaseUrl,
    databaseAuthToken,
    clock,
    payments: paymentsFor(env, () => url, log),
  });
  opened.push(() => operations.close());

  const sandbox =
    operations.testClock === null
      ? null
      : await openSandbox({
          dataDir: env.dataDir,
          operations,
          clock: operations.testClock,
          localStripe: env.payments,
          connectedScans: () => edge.connectedScans(),
          publicUrl: () => url,
          deliver: () => mail.deliver,
          rearm: () => worker.rearm(),
          log,
        });
  if (sandbox !== null) opened.push(sandbox.close);
  const mail = openMail({
    smtpUrl: env.mail.smtpUrl ?? sandbox?.smtpUrl ?? null,
    from: env.mail.from,
    log,
  });
  opened.push(mail.close);

  const edge = createEdge({
    operations,
    redisUrl,
    publicUrl: env.publicUrl,
    authSecret: env.authSecret ?? keptAuthSecret(env.dataDir),
    webDir: WEB_DIR,
    sandbox: sandbox?.controls ?? null,
    log,
    mail: mail.send,
    ready: async () => ({
      database: (await findService(operations.database)) !== null,
      queue: worker.isReady(),
    }),
  });
  const { metrics } = edge;
  const worker = createWorker({ operations, deliver: mail.deliver, redisUrl, log, metrics });
  operations.announceTo(worker.announce);
  operations.wakeThrough(worker.wake);
  opened.push(worker.close, edge.drain);
  await worker.start();

  const { host, port } = env;
  const listening = await edge.listen({ host, port }).catch((error) => {
    throw listenFailure(error, { host, port });
  });
  url = listening.url;
  await sandbox?.receiveWebhooksAt(`${localUrlOf(env, url)}/webhooks/stripe`);
  const ops = await openOpsSocket({ dataDir: env.dataDir, operations, log });
  opened.push(ops.close);

  if (env.sandbox?.seed !== "demo") return { url, demo: null };
  const door = { localUrl: localUrlOf(env, url), publicUrl: url };
  const { runnerKey } = await seedDemo({
    operations,
    signUp: (signIn) => signUpOrIn(door, signIn),
  });
  return { url, demo: { email: demoSignIn.email, password: demoSignIn.password, runnerKey } };
}

function paymentsFor(
  { payments, seller }: Env,
  publicUrl: () => string,
  log: Logger,
): PaymentOptions | null {
  if (payments === null || seller === null) return null;
  return {
    ...payments,
    seller,
    publicUrl,
    // Which call, what came of it, and the name under which the provider finds it in its records.
    report({ key, ...exchange }) {
      const isOdd = exchange.end === "unknown" || exchange.end === "rejected";
      const level = isOdd ? "warn" : "debug";
      log[level]({ ...exchange, idempotencyKey: key }, "The payment provider was asked");
    },
  };
}

function sayWhereMoneyGoes({ payments, seller, sandbox }: Env, log: Logger): void {
  if (payments?.apiBase)
    log.info(
      { localStripe: payments.apiBase },
      "This is a sandbox with its local Stripe: test payments, no money moves",
    );
  else if (payments !== null && seller === null)
    log.warn(
      "Nothing can be bought here: an invoice needs a seller; set SELLER_NAME and its neighbours",
    );
  else if (payments === null)
    log.warn(
      sandbox === null
        ? "Nothing can be bought here: no Stripe keys are set"
        : "Nothing can be bought in this sandbox: it was started without its local Stripe, which npm start brings along",
    );
}

// An address that means "every address" is not one to connect to.
function localUrlOf({ host, port, publicUrl }: Env, url: string): string {
  if (publicUrl === null) return url;
  const own =
    { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[host] ?? (host.includes(":") ? `[${host}]` : host);
  return `http://${own}:${port}`;
}
