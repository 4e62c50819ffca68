import { createEffect, createSignal, createUniqueId, on, Show } from "solid-js";
import { dayAsText, dayFromText, dayInShort, dayInWords, type Span } from "./days.ts";

interface DayChoiceProps {
  span: Span;
  today: number;
  day: number;
  onChoose: (day: number) => void;
}

/** One day, by a slider to look around and by a date field for those who know which. */
export function DayChoice(props: DayChoiceProps) {
  const id = createUniqueId();
  let slider!: HTMLInputElement;
  let date!: HTMLInputElement;
  const [hasProblem, setProblem] = createSignal(false);

  // In this order: a slider moves a value that it does not reach yet.
  createEffect(() => {
    slider.min = String(props.span.first);
    slider.max = String(props.span.last);
    slider.value = String(props.day);
  });
  createEffect(
    on(
      () => props.day,
      (day) => {
        setProblem(false);
        const text = dayAsText(day);
        // A field that is being typed into says so already.
        if (date.value !== text) date.value = text;
      },
    ),
  );

  const isWithin = (day: number | null): day is number =>
    day !== null && day >= props.span.first && day <= props.span.last;

  function typed(): void {
    const day = dayFromText(date.value);
    // Half a year is a year too, and nobody means it before it is whole.
    if (!isWithin(day)) return;
    setProblem(false);
    props.onChoose(day);
  }

  return (
    <div class="time-travel__choice">
      <div class="field time-travel__slider">
        <label class="field__label" for={`${id}-slider`}>
          Day
        </label>
        <input
          ref={slider}
          id={`${id}-slider`}
          type="range"
          class="time-travel__range"
          aria-valuetext={
            props.day === props.today ? `${dayInWords(props.day)}, now` : dayInWords(props.day)
          }
          onInput={() => props.onChoose(Number(slider.value))}
        />
        <div class="time-travel__ruler" aria-hidden="true">
          <span>{dayInShort(props.span.first)}</span>
          <span class="time-travel__now">Now</span>
          <span>{dayInShort(props.span.last)}</span>
        </div>
      </div>
      <div class="field">
        <label class="field__label" for={`${id}-date`}>
          Date
        </label>
        <input
          ref={date}
          id={`${id}-date`}
          type="date"
          class="input"
          min={dayAsText(props.span.first)}
          max={dayAsText(props.span.last)}
          aria-invalid={hasProblem() ? "true" : undefined}
          aria-describedby={hasProblem() ? `${id}-problem` : undefined}
          onInput={typed}
          onBlur={() => setProblem(!isWithin(dayFromText(date.value)))}
        />
        <Show when={hasProblem()}>
          <p id={`${id}-problem`} class="field__problem">
            Choose a date from {dayInWords(props.span.first)} to {dayInWords(props.span.last)}.
          </p>
        </Show>
      </div>
    </div>
  );
}
