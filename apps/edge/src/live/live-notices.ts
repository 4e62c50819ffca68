import { decodeLiveNotices, LIVE_CHANNEL, type LiveNotice } from "@scanmeter/contracts/jobs";
import { Redis } from "ioredis";
import type { Logger } from "pino";

export interface LiveNotices {
  close(): Promise<void>;
}

interface LiveNoticesDeps {
  readonly redisUrl: string;
  readonly log: Logger;
  readonly onNotices: (notices: LiveNotice[]) => void;
  /** The line is back; notices may have been missed. */
  readonly onBack: () => void;
}

const RETRY_MAX_MS = 2_000;

/** The process's one subscription. Without Redis the feeds go on, at the pace of the version check. */
export function subscribeLiveNotices({
  redisUrl,
  log,
  onNotices,
  onBack,
}: LiveNoticesDeps): LiveNotices {
  const redis = new Redis(redisUrl, {
    maxRetriesPerRequest: null,
    // Below: nobody would hear of it if the library's own were cut off.
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(attempt * 100, RETRY_MAX_MS),
  });
  let isAway = false;
  redis.on("error", (error) => {
    // One line per outage; the library reports every attempt.
    if (!isAway)
      log.warn({ err: error }, "redis is away; live feeds fall back to the version check");
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) log.info("redis is back");
    isAway = false;
    redis.subscribe(LIVE_CHANNEL).then(onBack, (error: unknown) => {
      // What a lost line has cut off is asked again when it is back.
      if (redis.status === "ready")
        log.error({ err: error }, "live notices cannot be subscribed to");
    });
  });
  redis.on("message", (_channel, message: string) => onNotices(decodeLiveNotices(message)));
  return {
    async close() {
      redis.disconnect();
    },
  };
}
