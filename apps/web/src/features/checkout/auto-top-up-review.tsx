import { For, Show } from "solid-js";
import { usePlace } from "../../session/use-place.ts";
import { statusInWords } from "../auto-top-up/status-words.ts";
import { useCheckout } from "./checkout-context.tsx";
import { stepPath } from "./steps.ts";

/** What will be bought later by itself, told before anything is paid. It is saved already. */
export function AutoTopUpReview(props: { checkoutId: string }) {
  const { autoTopUp } = useCheckout();
  const place = usePlace();
  return (
    <Show when={autoTopUp.view()}>
      {(view) => {
        const words = () => statusInWords(view(), place());
        return (
          <section class="card checkout__card" aria-labelledby="auto-top-up-review-title">
            <div class="card__head">
              <h2 id="auto-top-up-review-title" class="card__title">
                Auto top-up
              </h2>
              <a class="link--target" href={stepPath("order", props.checkoutId)}>
                Edit<span class="visually-hidden"> auto top-up</span>
              </a>
            </div>
            <div class="auto-status__sentences">
              <p>
                <strong>{words().state}.</strong> {words().sentences[0]}
              </p>
              <For each={words().sentences.slice(1)}>
                {(sentence) => <p class="quiet">{sentence}</p>}
              </For>
            </div>
          </section>
        );
      }}
    </Show>
  );
}
