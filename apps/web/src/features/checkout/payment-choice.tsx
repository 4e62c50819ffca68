import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { For, Show } from "solid-js";
import { useServerTime } from "../../time/server-time.tsx";
import { Button } from "../../ui/button.tsx";
import { CheckChoice, RadioChoice } from "../../ui/choice.tsx";
import { cardExpiry, cardInWords, hasExpired } from "../cards/card-words.ts";

/** Where the focus goes when a card is what is missing. */
export const ADD_CARD_ID = "add-card";

interface PaymentChoiceProps {
  cards: readonly PaymentMethodView[];
  chosenId: string | null;
  onChoose: (paymentMethodId: string) => void;
  problem: string | undefined;
  isAdding: boolean;
  onAdd: () => void;
  keeps: boolean;
  onKeep: (keeps: boolean) => void;
  /** Without a purchase the card is saved for later ones; there is nothing to choose. */
  onlySavesCard: boolean;
}

/** Which card pays. New ones are added on Stripe's page, so that their numbers never come here. */
export function PaymentChoice(props: PaymentChoiceProps) {
  const time = useServerTime();
  return (
    <section class="card checkout__card" aria-labelledby="payment-title">
      <h2 id="payment-title" class="card__title">
        Payment
      </h2>
      <Show
        when={props.cards.length > 0}
        fallback={props.problem ? null : <p>No card is saved yet.</p>}
      >
        <fieldset class="choices">
          <legend class="field__label">
            {props.onlySavesCard ? "Card for later purchases" : "Pay with"}
          </legend>
          <For each={props.cards}>
            {(card) => (
              <RadioChoice
                name="card"
                label={cardInWords(card)}
                note={
                  hasExpired(card, time.now())
                    ? `Expired ${cardExpiry(card)}`
                    : `Expires ${cardExpiry(card)}`
                }
                isChosen={props.chosenId === card.id}
                onChoose={() => props.onChoose(card.id)}
              />
            )}
          </For>
        </fieldset>
      </Show>
      <Show when={props.problem}>
        <p id="payment-problem" class="field__problem" role="alert">
          {props.problem}
        </p>
      </Show>
      <div class="payment__add">
        <Button
          id={ADD_CARD_ID}
          aria-describedby={props.problem ? "payment-problem" : undefined}
          look={props.cards.length === 0 ? "primary" : "plain"}
          isBusy={props.isAdding}
          busyText="Opening Stripe's page…"
          onClick={props.onAdd}
        >
          {props.cards.length === 0 ? "Add a card" : "Add another card"}
        </Button>
        <p class="field__hint">
          On Stripe's page. You come back here, and what you typed is kept. Card numbers never reach
          Scanmeter.
        </p>
      </div>
      <Show when={!props.onlySavesCard} fallback={<p class="choice__note">{mandate}</p>}>
        <CheckChoice
          name="keep"
          label="Keep this card for later purchases"
          note={mandate}
          isChosen={props.keeps}
          onChange={props.onKeep}
        />
      </Show>
    </section>
  );
}

/** What keeping a card allows, in the place where it is decided. */
const mandate =
  "You allow Scanmeter to keep the card with Stripe and to charge it for purchases you confirm, and for automatic top-ups only if you switch them on. You can remove it on Account Overview at any time.";
