/**
 * Runs the application beside what it needs, a Redis and in a sandbox the local
 * Stripe, and ends all in order: the application first, because it still has
 * something to say to the others, then the local Stripe, then Redis.
 *
 * The application is told to stop by SIGTERM. Should this process be killed
 * outright, the application and the local Stripe notice that their channel to
 * the launcher closed ("disconnect") and stop by themselves; Redis is ended by
 * the next start.
 */
import { spawn } from "node:child_process";
import { exitCodeOf } from "./command.mjs";
import { keepRunning } from "./keep-running.mjs";
import { STAND_IN_KEY, startLocalStripe } from "./local-stripe.mjs";
import { startRedis } from "./redis.mjs";

const STOP_LIMIT_MS = 30_000;
// npm passes on a Ctrl-C that the terminal has already sent to everybody: what
// arrives together is one wish, not an impatient second one.
const SAME_WISH_MS = 1_000;
const PARENT_CHECK_MS = 250;
/** Longer than a launcher takes whose application was killed: the local Stripe may have to finish. */
const FOLDER_FREE_WITHIN_MS = 10_000;

/**
 * @param {{
 *   program: string,
 *   redisDir: string,
 *   redisUrl?: string,
 *   localStripe?: { program: string, dir: string },
 *   env?: Record<string, string>,
 *   stopsWithParent?: boolean,
 * }} options
 * @returns {Promise<number>} the application's exit code
 */
export async function launch({
  program,
  redisDir,
  redisUrl,
  localStripe,
  env = {},
  stopsWithParent = false,
}) {
  const wish = listenForStop({ stopsWithParent });
  const [redis, stripe] = await startAll([
    redisUrl
      ? undefined
      : () =>
          keepRunning("Redis", (port) =>
            startRedis({ dir: redisDir, port, freeWithinMs: FOLDER_FREE_WITHIN_MS }),
          ),
    localStripe &&
      ((signal) =>
        keepRunning("The local Stripe", (port) =>
          startLocalStripe({ ...localStripe, port, signal }),
        )),
  ]);
  try {
    if (wish.isStopping()) return 0;
    const app = spawn(process.execPath, ["--enable-source-maps", program], {
      env: { ...process.env, ...env, REDIS_URL: redisUrl ?? redis.url, ...stripeEnv(stripe) },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Its own process group: a Ctrl-C reaches it once, from here.
      detached: true,
    });
    const exited = new Promise((resolve) => {
      app.once("error", (error) => {
        console.error(error.message);
        resolve(1);
      });
      app.once("exit", (code, signal) => resolve(exitCodeOf(code, signal)));
    });
    const killWithProcess = () => app.kill("SIGKILL");
    process.once("exit", killWithProcess);
    wish.deliverTo(app);
    const code = await exited;
    process.off("exit", killWithProcess);
    return code;
  } finally {
    await stripe?.stop();
    await redis?.stop();
    wish.forget();
  }
}

/** Side by side, because each takes its time; if one of them cannot start, none is left running. */
async function startAll(starts) {
  const giveUp = new AbortController();
  const results = await Promise.allSettled(
    starts.map(async (start) => {
      try {
        return await start?.(giveUp.signal);
      } catch (error) {
        giveUp.abort();
        throw error;
      }
    }),
  );
  const failed = results.find(({ status }) => status === "rejected");
  if (!failed) return results.map(({ value }) => value);
  await Promise.all(results.map(({ value }) => value?.stop()));
  throw failed.reason;
}

/** The key tells the application that this Stripe is a stand-in: it stays a sandbox. */
function stripeEnv(stripe) {
  return (
    stripe && {
      STRIPE_API_BASE: stripe.url,
      STRIPE_SECRET_KEY: STAND_IN_KEY,
      STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    }
  );
}

/** The first wish to stop is passed on gently, a later one, or too long a wait, by force. */
function listenForStop({ stopsWithParent }) {
  let firstAt;
  let deliver = () => {};
  const onSignal = () => {
    if (firstAt === undefined) {
      firstAt = Date.now();
      deliver("SIGTERM");
      setTimeout(() => deliver("SIGKILL"), STOP_LIMIT_MS).unref();
    } else if (Date.now() - firstAt > SAME_WISH_MS) {
      deliver("SIGKILL");
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, onSignal);

  // npm puts a shell in between, and a shell that is told to stop dies alone.
  const parent = process.ppid;
  const parentCheck = setInterval(() => {
    if (stopsWithParent && process.ppid !== parent && firstAt === undefined) onSignal();
  }, PARENT_CHECK_MS);
  parentCheck.unref();

  return {
    isStopping: () => firstAt !== undefined,
    deliverTo(app) {
      deliver = (signal) => app.kill(signal);
      if (firstAt !== undefined) deliver("SIGTERM");
    },
    forget() {
      clearInterval(parentCheck);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
