/**
 * `npm run demo`: what Scanmeter does, shown on a sandbox to whoever watches. Each thing that is said
 * to happen is waited for and checked, so a tour that ends well has seen all of it.
 */
import { demoSignIn } from "@scanmeter/sandbox/seed";
import { TRPCClientError } from "@trpc/client";
import { type Calls, openClient } from "./client.ts";
import { letCreditsEnd } from "./let-credits-end.ts";
import { type LiveAccount, watchAccount } from "./live-account.ts";
import { neverExpire } from "./never-expire.ts";
import { neverRunOut } from "./never-run-out.ts";
import { Sightings } from "./sightings.ts";
import { TourStop } from "./tour-stop.ts";
import { frameWords, type Say } from "./words.ts";
import type { RunnerCli } from "./wrapped-command.ts";

export interface Tour {
  readonly url: string;
  readonly runner: RunnerCli;
  readonly calls: Calls;
  readonly account: LiveAccount;
  readonly seen: Sightings;
  readonly say: Say;
}

export interface TourOptions {
  readonly url: string;
  readonly runner: RunnerCli;
  readonly say: Say;
  /** Ends the tour before its end. */
  readonly signal: AbortSignal;
}

/** The exit code: 0 when everything that was promised was seen. */
export async function runTour(options: TourOptions): Promise<number> {
  const { url, say, signal } = options;
  const { email, password } = demoSignIn;
  say(`A tour of Scanmeter on ${url}`);
  say(`Sign in there as ${email} with the password ${password} to watch the page meanwhile.\n`);
  const startedAt = performance.now();
  try {
    await show(options);
  } catch (error) {
    if (error instanceof TourStop) say(`\n${error.message}`);
    else if (error instanceof TRPCClientError) say(`\nThe tour cannot go on: ${error.message}.`);
    else throw error;
    return signal.aborted ? 130 : 1;
  }
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  say(`\nAll of it was seen, in ${seconds} s.`);
  return 0;
}

async function show({ url, runner, say, signal }: TourOptions): Promise<void> {
  const seen = new Sightings();
  const interrupt = () => seen.end(new TourStop("Interrupted."));
  signal.addEventListener("abort", interrupt);
  if (signal.aborted) interrupt();
  const client = await openClient(url);
  try {
    const { calls } = client;
    const account = await watchAccount({ calls, seen, say });
    say(frameWords(account.frame));
    const tour = { url, runner, calls, account, seen, say };
    await letCreditsEnd(tour);
    await neverRunOut(tour);
    await neverExpire(tour);
    account.close();
  } finally {
    signal.removeEventListener("abort", interrupt);
    await client.close();
  }
}
