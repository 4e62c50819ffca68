/**
 * Runs the application beside the Redis it needs, and ends both in order: the
 * application first, because it still has something to say to Redis, then Redis.
 *
 * The application is told to stop by SIGTERM. Should this process be killed
 * outright, the application notices that its channel to the launcher closed
 * ("disconnect") and stops by itself; Redis is ended by the next start.
 */
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { exitCodeOf } from "./command.mjs";
import { startRedis } from "./redis.mjs";

const STOP_LIMIT_MS = 30_000;
const RESTART_PAUSE_MS = 2_000;
// npm passes on a Ctrl-C that the terminal has already sent to everybody: what
// arrives together is one wish, not an impatient second one.
const SAME_WISH_MS = 1_000;
const PARENT_CHECK_MS = 250;

/**
 * @param {{
 *   program: string,
 *   redisDir: string,
 *   redisUrl?: string,
 *   env?: Record<string, string>,
 *   stopsWithParent?: boolean,
 * }} options
 * @returns {Promise<number>} the application's exit code
 */
export async function launch({ program, redisDir, redisUrl, env = {}, stopsWithParent = false }) {
  const wish = listenForStop({ stopsWithParent });
  const redis = redisUrl ? undefined : await keepRedis(redisDir);
  try {
    if (wish.isStopping()) return 0;
    const app = spawn(process.execPath, ["--enable-source-maps", program], {
      env: { ...process.env, ...env, REDIS_URL: redisUrl ?? redis.url },
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
    await redis?.stop();
    wish.forget();
  }
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

/** A private Redis that comes back on the same port when it dies; its clients reconnect by themselves. */
async function keepRedis(dir) {
  let isStopping = false;
  let current = await startRedis({ dir });
  const { url, port } = current;
  const kept = keep();
  return { url, stop };

  async function keep() {
    for (;;) {
      const code = await current.exited;
      if (isStopping) return;
      console.error(`Redis ended unexpectedly (${code}); starting it again.`);
      const next = await startAgain();
      if (!next) return;
      current = next;
      if (isStopping) await current.stop();
    }
  }

  async function startAgain() {
    while (!isStopping) {
      try {
        return await startRedis({ dir, port });
      } catch (error) {
        console.error(error.message);
        await delay(RESTART_PAUSE_MS);
      }
    }
    return undefined;
  }

  async function stop() {
    isStopping = true;
    await current.stop();
    await kept;
  }
}
