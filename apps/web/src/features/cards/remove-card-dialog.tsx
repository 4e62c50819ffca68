import type { PaymentMethodView } from "@scanmeter/contracts/checkout";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { Confirmation } from "../../shell/confirmation.tsx";
import { cardInWords } from "./card-words.ts";

/** A removed card has to be typed in again, so it is asked for twice. */
export function RemoveCardDialog(props: { card: PaymentMethodView | null; onClose: () => void }) {
  async function remove({ id }: PaymentMethodView): Promise<void> {
    try {
      await api.paymentMethods.remove.mutate({ paymentMethodId: id });
    } catch (error) {
      const failure = callFailureOf(error);
      // Gone is gone, whoever removed it.
      const isGone =
        failure.is === "refused" && failure.refusal.code === "payment_method_not_found";
      if (!isGone) throw error;
    }
    props.onClose();
  }

  return (
    <Confirmation
      about={props.card}
      isDanger
      title="Remove this card?"
      act="Remove the card"
      busyText="Removing…"
      cancel="Keep the card"
      onConfirm={remove}
      onClose={props.onClose}
    >
      {(card) => (
        <>
          <p>
            <strong>{cardInWords(card())}</strong>
          </p>
          <p>
            It is deleted here and at Stripe, and nothing can be charged to it any more. Past
            purchases and your credits stay as they are.
          </p>
        </>
      )}
    </Confirmation>
  );
}
