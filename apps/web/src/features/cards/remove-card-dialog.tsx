import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { createEffect, createSignal, on, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { cardInWords } from "./card-words.ts";

/** A removed card has to be typed in again, so it is asked for twice. */
export function RemoveCardDialog(props: { card: PaymentMethodView | null; onClose: () => void }) {
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);

  createEffect(
    on(
      () => props.card?.id,
      () => setProblem(null),
    ),
  );

  async function remove({ id }: PaymentMethodView): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await api.paymentMethods.remove.mutate({ paymentMethodId: id });
      props.onClose();
    } catch (error) {
      const failure = callFailureOf(error);
      // Gone is gone, whoever removed it.
      if (failure.is === "refused" && failure.refusal.code === "payment_method_not_found") {
        props.onClose();
      } else {
        setProblem(sentenceOf(failure));
      }
    }
    setBusy(false);
  }

  return (
    <Dialog isOpen={props.card !== null} title="Remove this card?" onClose={props.onClose}>
      <Show when={props.card}>
        {(card) => (
          <>
            <p>
              <strong>{cardInWords(card())}</strong>
            </p>
            <p>
              It is deleted here and at Stripe, and nothing can be charged to it any more. Past
              purchases and your credits stay as they are.
            </p>
            <Show when={problem()}>
              {(sentence) => <Notice tone="failure">{sentence()}</Notice>}
            </Show>
            <div class="dialog__actions">
              <Button onClick={props.onClose}>Keep the card</Button>
              <Button
                look="danger"
                isBusy={isBusy()}
                busyText="Removing…"
                onClick={() => void remove(card())}
              >
                Remove the card
              </Button>
            </div>
          </>
        )}
      </Show>
    </Dialog>
  );
}
