import { For, Show } from "solid-js";
import { canOpen, type Standing, type Step, stepPath, steps, stepTitles } from "./steps.ts";

/** Where one is, and the way back to what is done. */
export function StepsNav(props: {
  current: Step;
  checkout: Standing | null;
  checkoutId: string | null;
}) {
  const isDone = (step: Step) => steps.indexOf(step) < steps.indexOf(props.current);
  const isLink = (step: Step) => step !== props.current && canOpen(step, props.checkout);
  return (
    <nav aria-label="Steps of the checkout">
      <ol class="steps">
        <For each={steps}>
          {(step, index) => (
            <li
              class="steps__step"
              data-state={step === props.current ? "current" : isDone(step) ? "done" : "ahead"}
              aria-current={step === props.current ? "step" : undefined}
            >
              <Show
                when={isLink(step)}
                fallback={
                  <span class="steps__content">
                    <StepText step={step} number={index() + 1} isDone={isDone(step)} />
                  </span>
                }
              >
                <a class="steps__content" href={stepPath(step, props.checkoutId)}>
                  <StepText step={step} number={index() + 1} isDone={isDone(step)} />
                </a>
              </Show>
            </li>
          )}
        </For>
      </ol>
    </nav>
  );
}

function StepText(props: { step: Step; number: number; isDone: boolean }) {
  return (
    <>
      <span class="steps__number" aria-hidden="true">
        <Show when={props.isDone} fallback={props.number}>
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="M2.5 6.5 5 9l4.5-6" />
          </svg>
        </Show>
      </span>
      <span class="steps__title">
        {stepTitles[props.step]}
        <Show when={props.isDone}>
          <span class="visually-hidden">, done</span>
        </Show>
      </span>
    </>
  );
}
