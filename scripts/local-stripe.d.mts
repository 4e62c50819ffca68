export interface LocalStripeProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Signs what it delivers; kept beside its state. */
  readonly webhookSecret: string;
  /** Settles with the exit code when it ends, asked to or not. */
  readonly exited: Promise<number>;
  /** Ends it and waits until it is gone; more than once is fine. */
  stop(): Promise<void>;
}

export const STAND_IN_KEY: string;

/** Starts the local Stripe from its bundle with its state in `dir`; without a port the last one, or a free one. */
export function startLocalStripe(options: {
  program: string;
  dir: string;
  port?: number;
  /** Ends the wait for one that is still on its way out. */
  signal?: AbortSignal;
}): Promise<LocalStripeProcess>;
