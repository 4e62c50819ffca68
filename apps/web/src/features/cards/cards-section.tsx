import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { createSignal, For, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { cardExpiry, cardInWords, hasExpired } from "./card-words.ts";
import type { Cards } from "./create-cards.ts";
import { RemoveCardDialog } from "./remove-card-dialog.tsx";

/** The saved cards: which one is used by itself, and the way out for each. */
export function CardsSection(props: { list: Cards; mayChange: boolean }) {
  const time = useServerTime();
  const [removing, setRemoving] = createSignal<PaymentMethodView | null>(null);
  const command = createCommand<string>();
  let title!: HTMLHeadingElement;

  async function makeDefault({ id }: PaymentMethodView): Promise<void> {
    try {
      await api.paymentMethods.setDefault.mutate({ paymentMethodId: id });
      // The button that had the focus goes.
      title.focus();
    } finally {
      props.list.refresh();
    }
  }

  function closeDialog(): void {
    setRemoving(null);
    props.list.refresh();
    queueMicrotask(() => {
      if (document.activeElement === document.body) title.focus();
    });
  }

  return (
    <section class="card" aria-labelledby="cards-title">
      <h2 ref={title} id="cards-title" class="card__title" tabIndex={-1}>
        Saved cards
      </h2>
      <FailureNotice text={command.problem()} />
      <Show
        when={props.list.cards()}
        fallback={
          <p class="empty">
            The cards could not be loaded.
            <Button size="small" onClick={props.list.refresh}>
              Try again
            </Button>
          </p>
        }
      >
        {(cards) => (
          <Show when={cards().length > 0} fallback={<p class="empty">No card is saved.</p>}>
            <ul class="cards">
              <For each={cards()}>
                {(card) => (
                  <li class="cards__card">
                    <div>
                      <p>
                        <strong>{cardInWords(card)}</strong>{" "}
                        <Show when={card.isDefault}>
                          <span class="tag tag--accent">Default</span>
                        </Show>
                      </p>
                      <p class="quiet">
                        {hasExpired(card, time.now()) ? "Expired" : "Expires"} {cardExpiry(card)}
                      </p>
                    </div>
                    <Show when={props.mayChange}>
                      <div class="cards__buttons">
                        <Show when={!card.isDefault}>
                          <Button
                            size="small"
                            isBusy={command.isBusy(card.id)}
                            onClick={() => void command.run(() => makeDefault(card), card.id)}
                          >
                            Make default
                            <span class="visually-hidden">: {cardInWords(card)}</span>
                          </Button>
                        </Show>
                        <Button size="small" onClick={() => setRemoving(card)}>
                          Remove<span class="visually-hidden"> {cardInWords(card)}</span>
                        </Button>
                      </div>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Show>
      <Show when={props.mayChange}>
        <p class="card__last">
          <a class="link--target" href="/checkout/order?quantity=0">
            Add a card
          </a>
        </p>
      </Show>
      <RemoveCardDialog card={removing()} onClose={closeDialog} />
    </section>
  );
}
