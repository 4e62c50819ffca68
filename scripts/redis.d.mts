export interface PrivateRedis {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Settles with the exit code when the server ends, asked to or not. */
  readonly exited: Promise<number>;
  /** Ends the server and waits until it is gone; more than once is fine. */
  stop(): Promise<void>;
}

/** Starts a Redis that keeps its data in `dir`; without a port it takes a free one. */
export function startRedis(options: { dir: string; port?: number }): Promise<PrivateRedis>;
