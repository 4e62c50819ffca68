/**
 * Looking back and ahead: what the account had at the end of a day, and what it will have if nothing
 * happens until then. A file of its own, because nobody needs it for the first look at the balance.
 */
import type { Balance } from "@scanmeter/contracts/live";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { formatCredits } from "../../format/credits.ts";
import { zoneName } from "../../format/instants.ts";
import { useBalanceFeed } from "../../live/balance-feed.tsx";
import { isPending } from "../../live/last-answer.ts";
import { usePlace } from "../../session/use-place.ts";
import "../../styles/time-travel.css";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { balanceAtInWords } from "./balance-at-words.ts";
import { createBalanceAt } from "./create-balance-at.ts";
import { DayChoice } from "./day-choice.tsx";
import { dayInWords, dayOf, endOfDay, spanAround } from "./days.ts";
import { MoveClock } from "./move-clock.tsx";

export default function TimeTravelSection() {
  const feed = useBalanceFeed();
  const time = useServerTime();
  const place = usePlace();
  let section!: HTMLElement;

  const today = createMemo(() => dayOf(time.now(), place().timeZone));
  const span = createMemo(() => spanAround(today()));
  const [chosen, setChosen] = createSignal<number | null>(null);
  /** Null is now. So is today: the page itself shows what holds today. */
  const day = createMemo(() => {
    const wanted = chosen();
    if (wanted === null || wanted === today()) return null;
    return Math.min(Math.max(wanted, span().first), span().last);
  });
  const end = createMemo(() => {
    const shown = day();
    return shown === null ? null : { day: shown, at: endOfDay(shown, place().timeZone) };
  });
  const isAhead = () => (day() ?? today()) > today();

  const version = createMemo(() => feed.state().newest?.version);
  const { state, tryAgain } = createBalanceAt(end, version);
  const [said, setSaid] = createSignal("");
  createEffect(
    on(
      () => state().shown,
      (shown) => {
        if (shown) setSaid(balanceAtInWords(`on ${dayInWords(shown.day)}`, shown.balance));
      },
      { defer: true },
    ),
  );

  const live = () => feed.state().newest?.balance;
  const figures = () => state().shown?.balance ?? live();
  const title = () => {
    const shown = state().shown;
    return shown ? `Balance on ${dayInWords(shown.day)}` : "Balance now";
  };
  const condition = () => {
    const shown = state().shown;
    if (!shown) return "Move the slider or choose a date to look back or ahead.";
    const given =
      shown.day > today()
        ? "If nothing is bought or spent until then."
        : "From what was booked by then.";
    return `${given} Counted at the end of the day in ${zoneName(place().timeZone)}.`;
  };

  function backToNow(): void {
    setChosen(null);
    const balance = live();
    if (balance) setSaid(balanceAtInWords("now", balance));
    // The button that was pressed is gone; whoever pressed it goes on from here.
    section.querySelector<HTMLElement>("input[type=range]")?.focus();
  }

  return (
    <section ref={section} class="card time-travel" aria-labelledby="time-travel-title">
      <div class="card__head">
        <h2 id="time-travel-title" class="card__title">
          Balance on another day
        </h2>
        <p class="quiet">From 12 months ago to 18 months ahead.</p>
      </div>
      <DayChoice span={span()} today={today()} day={day() ?? today()} onChoose={setChosen} />
      <Show when={state().failure}>
        {(failure) => (
          <Notice tone="failure">
            <p>
              The balance on {dayInWords(day() ?? today())} could not be loaded.{" "}
              {sentenceOf(failure())}
            </p>
            <Button size="small" class="notice__way" isBusy={isPending(state())} onClick={tryAgain}>
              Try again
            </Button>
          </Notice>
        )}
      </Show>
      <div class="time-travel__result" aria-busy={isPending(state())}>
        <div class="time-travel__head">
          <div>
            <h3 class="card__subtitle">{title()}</h3>
            <p class="quiet time-travel__condition">{condition()}</p>
          </div>
          <Show when={day() !== null}>
            <Button onClick={backToNow}>Back to now</Button>
          </Show>
        </div>
        <Show when={figures()}>{(balance) => <Figures balance={balance()} />}</Show>
      </div>
      <Show when={time.isTestClock()}>
        <div class="time-travel__actions">
          <MoveClock to={isAhead() ? end() : null} onMoved={backToNow} />
        </div>
      </Show>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
    </section>
  );
}

const kinds = [
  ["available", "Available"],
  ["paid", "Paid"],
  ["free", "Free"],
  ["frozen", "Frozen"],
  ["debt", "Owed"],
] as const;

/** All of them, always: what appears and goes while somebody slides cannot be compared. */
function Figures(props: { balance: Balance }) {
  return (
    <dl class="time-travel__figures labelled">
      <For each={kinds}>
        {([kind, label]) => (
          <div
            class="facts__fact"
            classList={{ "facts__fact--loss": kind === "debt" && props.balance.debt > 0 }}
          >
            <dt>{label}</dt>
            <dd>{formatCredits(props.balance[kind])}</dd>
          </div>
        )}
      </For>
    </dl>
  );
}
