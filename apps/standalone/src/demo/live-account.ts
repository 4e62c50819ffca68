/**
 * The account as an open page sees it: pushed at each change. Every posting becomes a line, with the
 * test clock's time, what it did to the balance and why, and stays known for whoever checks the tour.
 */
import type { ActivityItem, LiveFrame } from "@scanmeter/contracts/live";
import type { Calls } from "./client.ts";
import type { Sightings } from "./sightings.ts";
import { postingWords, type Say } from "./words.ts";

/** Far more than happens between two frames. */
const POSTINGS_MAX = 200;

export interface LiveAccount {
  /** The newest that was pushed, and said. */
  readonly frame: LiveFrame;
  /** Since the tour began, the oldest first. */
  readonly postings: readonly ActivityItem[];
  close(): void;
}

export async function watchAccount(deps: {
  readonly calls: Calls;
  readonly seen: Sightings;
  readonly say: Say;
}): Promise<LiveAccount> {
  const { calls, seen, say } = deps;
  const postings: ActivityItem[] = [];
  let newest: LiveFrame | undefined;
  let told: number | undefined;
  let turn = Promise.resolve();

  // A frame is complete, so one may stand for several changes; the history has each of them.
  const tell = async (frame: LiveFrame) => {
    told ??= frame.version;
    if (frame.version > told) {
      const { items } = await calls.account.activity.query({ limit: POSTINGS_MAX });
      for (const posting of items.reverse()) {
        if (posting.version <= told) continue;
        told = posting.version;
        postings.push(posting);
        say(postingWords(posting));
      }
    }
    newest = frame;
    seen.look();
  };
  const line = calls.account.live.subscribe(undefined, {
    onData: ({ data }) => {
      turn = turn.then(() => tell(data)).catch((error) => seen.end(error));
    },
    onError: (error) => seen.end(error),
  });
  const first = await seen.until("the account, live", () => newest);
  return {
    postings,
    get frame() {
      return newest ?? first;
    },
    close: () => line.unsubscribe(),
  };
}
