/**
 * Whether Redis is there and keeps what it is given. Nothing is lost without it, everything is only
 * up to a sweep late; so its state is told to whoever asks and to the log, and stops nothing.
 */
import type { Redis } from "ioredis";
import type { Logger } from "pino";
import { addressOf } from "./redis.ts";

/** Redis is there and will not have us: nothing to wait for, somebody has to change REDIS_URL. */
export class RedisRefuses extends Error {
  override readonly name = "RedisRefuses";
}

export interface RedisHealth {
  isWell(): boolean;
  /** Throws if the last thing Redis said was that we may not come in. */
  assertWelcome(): void;
  /** Writes one small key, which a full Redis refuses and a missing one does not answer. */
  check(): Promise<boolean>;
  /** Reports how another write went, so that a trouble is known before the next check. */
  noteFailure(error: Error): void;
}

const PROBE_KEY = "scanmeter:probe";
const PROBE_TTL_SECONDS = 60;
const SAME_TROUBLE_EVERY_MS = 60_000;

export function watchRedis(
  connection: Redis,
  { url, log }: { url: string; log: Logger },
): RedisHealth {
  const address = addressOf(url);
  let trouble: string | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  let lastConnectionError: Error | undefined;
  let isChecked = false;

  const noteTrouble = (sentence: string) => {
    const isNews = sentence !== trouble;
    trouble = sentence;
    if (!isNews && performance.now() - toldAt < SAME_TROUBLE_EVERY_MS) return;
    toldAt = performance.now();
    log.warn(`${sentence} Scans are metered all the same; wake-ups may be some seconds late.`);
  };

  const noteFailure = (error: Error) => {
    if (error.message.startsWith("OOM")) {
      noteTrouble(`Redis at ${address} is full: give it more memory (maxmemory) or make room.`);
    } else {
      const reason = connection.status === "ready" ? error : (lastConnectionError ?? error);
      noteTrouble(`Redis at ${address} does not answer: ${reasonOf(reason)}.`);
    }
  };

  connection.on("error", (error) => {
    lastConnectionError = error;
    noteFailure(error);
  });
  connection.on("ready", () => {
    lastConnectionError = undefined;
    warnAboutSettings(connection, { address, log }).catch(() => {});
  });

  return {
    assertWelcome() {
      if (lastConnectionError === undefined || !isUnwelcome(lastConnectionError)) return;
      throw new RedisRefuses(
        `Redis at ${address} refuses to let Scanmeter in (${reasonOf(lastConnectionError)}): check the user and password in REDIS_URL.`,
        { cause: lastConnectionError },
      );
    },
    isWell: () => isChecked && trouble === null && connection.status === "ready",
    async check() {
      try {
        await connection.set(PROBE_KEY, "1", "EX", PROBE_TTL_SECONDS);
        isChecked = true;
        if (trouble !== null) log.info(`Redis at ${address} answers again.`);
        trouble = null;
        return true;
      } catch (error) {
        noteFailure(error as Error);
        return false;
      }
    },
    noteFailure,
  };
}

function isUnwelcome(error: Error): boolean {
  return /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(error.message);
}

// Node hides what went wrong with each address of a name behind an empty message.
function reasonOf(error: Error & { code?: string }): string {
  return error.message || error.code || error.name;
}

const WANTED = {
  appendonly: { value: "yes", why: "wake-ups survive a restart of Redis" },
  "maxmemory-policy": { value: "noeviction", why: "Redis never throws a job away" },
} as const;

async function warnAboutSettings(
  connection: Redis,
  { address, log }: { address: string; log: Logger },
): Promise<void> {
  const wrong: string[] = [];
  for (const [name, { value, why }] of Object.entries(WANTED)) {
    const [, actual] = (await connection.config("GET", name)) as string[];
    if (actual !== undefined && actual !== value)
      wrong.push(`${name} ${value} (it is ${actual}) so that ${why}`);
  }
  if (wrong.length > 0)
    log.warn(`Redis at ${address} should be set to ${wrong.join(", and to ")}.`);
}
