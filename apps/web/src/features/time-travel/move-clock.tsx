import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { instantWithZone } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { usePlace } from "../../session/use-place.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { movedInWords } from "./balance-at-words.ts";
import type { DayEnd } from "./create-balance-at.ts";

/**
 * In a sandbox, a day ahead is not only looked at: the test clock goes there, and everything that
 * would have happened until then happens. Where time is real, nobody renders this.
 */
export function MoveClock(props: { to: DayEnd | null; onMoved: () => void }) {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const place = usePlace();
  const [isMoving, setMoving] = createSignal(false);
  const [news, setNews] = createSignal("");
  const [problem, setProblem] = createSignal<string | null>(null);

  async function move(): Promise<void> {
    const end = props.to;
    if (end === null) return;
    setMoving(true);
    setNews("");
    setProblem(null);
    try {
      const to = new Date(end.at).toISOString();
      const { now, ran } = await api.sandbox.advance.mutate({ to });
      time.follow({ serverMs: Date.parse(now) });
      setNews(movedInWords(instantWithZone(Date.parse(now), place()), ran));
      props.onMoved();
    } catch (error) {
      const failure = callFailureOf(error);
      setProblem(
        failure.is === "unreachable"
          ? "There was no answer yet. The test clock may still be on its way."
          : sentenceOf(failure),
      );
    }
    setMoving(false);
    feed.refresh();
  }

  return (
    <>
      {/* The clock may pass the day before the answer is here. */}
      <Show when={props.to !== null || isMoving()}>
        <Button isBusy={isMoving()} busyText="Moving the test clock…" onClick={() => void move()}>
          Move the test clock here
        </Button>
      </Show>
      <p class="time-travel__news" role="status">
        {news()}
      </p>
      <Show when={problem()}>
        <p class="field__problem time-travel__news" role="alert">
          {problem()}
        </p>
      </Show>
    </>
  );
}
