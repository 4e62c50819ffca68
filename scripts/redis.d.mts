export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles with the exit code when the server ends, asked to or not. */
  readonly exited: Promise<number>;
  /** Ends the server and waits until it is gone; more than once is fine. */
  stop(): Promise<void>;
}

/**
 * Starts a Redis that keeps its data in `dir`; without a port it takes a free one. A folder that
 * somebody else uses is waited for as long as `freeWithinMs` says, which is not at all.
 */
export function startRedis(options: {
  dir: string;
  port?: number;
  freeWithinMs?: number;
}): Promise<PrivateRedis>;
