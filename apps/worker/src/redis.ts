/**
 * The two kinds of connection, kept apart because they fail differently: announcing must fail at
 * once (somebody's write would wait for it), taking jobs must wait for as long as it takes.
 */
import { Redis, type RedisOptions } from "ioredis";

const RECONNECT_MAX_MS = 2_000;
/** A Redis that holds replies back for this long is treated as gone, so that what waits for it is let go. */
const REPLY_LIMIT_MS = 5_000;

const common = {
  retryStrategy: (attempt: number) => Math.min(attempt * 100, RECONNECT_MAX_MS),
  connectTimeout: REPLY_LIMIT_MS,
} satisfies RedisOptions;

export function connectProducer(url: string): Redis {
  return new Redis(url, {
    ...common,
    connectionName: "scanmeter-producer",
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    socketTimeout: REPLY_LIMIT_MS,
  });
}

export function connectConsumer(url: string): Redis {
  return new Redis(url, {
    ...common,
    connectionName: "scanmeter-worker",
    // The queue library insists: its blocking reads wait through an outage.
    maxRetriesPerRequest: null,
  });
}

/** The address without the password, for people. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const address = new URL(url);
  address.password = "";
  address.username = "";
  return address.href.replace(/\/$/, "");
}
