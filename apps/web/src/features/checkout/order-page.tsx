import { useNavigate } from "@solidjs/router";
import { createMemo, createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { isPending } from "../../live/last-answer.ts";
import { Button } from "../../ui/button.tsx";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { OrderEffect } from "../expiry/order-effect.tsx";
import { AutoTopUpPlace } from "./auto-top-up-place.tsx";
import { useCheckout } from "./checkout-context.tsx";
import { createQuote } from "./create-quote.ts";
import { enteredQuantity } from "./entered-quantity.ts";
import { ExpiryEffect } from "./expiry-effect.tsx";
import { forgetIntention, intentionKey } from "./intention-key.ts";
import { QuantityCard } from "./quantity-card.tsx";
import { QuoteLines } from "./quote-lines.tsx";
import { stepPath } from "./steps.ts";
import { WaitingTopUp } from "./waiting-top-up.tsx";

/** Before anybody has chosen: the smallest quantity with a discount. */
const FIRST_CHOICE = 10;

const ORDER_FORM = "order";

/** The first step: how many credits, and what they cost as one types; and the next ones by themselves. */
export default function OrderPage() {
  const navigate = useNavigate();
  const { checkout, prices } = useCheckout();
  const [text, setText] = createSignal(String(checkout.view()?.quantity ?? quantityOfAddress()));
  const [hasUnsavedTopUp, setUnsavedTopUp] = createSignal(false);

  const entered = createMemo(() => enteredQuantity(text(), prices().quantityMax));
  const quantity = createMemo(() => {
    const answer = entered();
    return answer.ok ? answer.quantity : null;
  });
  const quote = createQuote(quantity);
  const quoteProblem = () => {
    const { failure } = quote();
    return failure && sentenceOf(failure);
  };
  const quoteOfTyped = () => {
    const { shown } = quote();
    return shown?.quantity === quantity() ? shown : null;
  };
  const unsaved = () => {
    const view = checkout.view();
    return [
      ...(view !== null && quantity() !== view.quantity && !form.isBusy()
        ? ["The new number of credits is not saved."]
        : []),
      ...(hasUnsavedTopUp() ? ["What you changed of auto top-up is not saved."] : []),
    ];
  };

  function type(typed: string): void {
    setText(typed);
    form.solve("quantity");
    form.forget();
    // So that a reload, or coming back, finds what was typed.
    const wanted = quantity();
    if (checkout.view() === null && wanted !== null) keepInAddress(wanted);
  }

  const form = createSubmission<"quantity">({
    check() {
      const answer = entered();
      return { quantity: answer.ok ? undefined : answer.problem };
    },
    async send() {
      const wanted = quantity();
      if (wanted === null) return;
      try {
        navigate(stepPath("billing", await save(wanted)));
      } catch (error) {
        void checkout.refresh();
        const failure = callFailureOf(error);
        const text = sentenceOf(failure);
        const isOfField = failure.is === "refused" && failure.refusal.code === "invalid_quantity";
        return isOfField ? { field: "quantity", text } : { text };
      }
    },
  });

  /** Answers the id of the checkout that now has this quantity. */
  async function save(wanted: number): Promise<string> {
    const view = checkout.view();
    if (view?.quantity === wanted) return view.id;
    if (view !== null) {
      const command = { checkoutId: view.id, quantity: wanted };
      return (await checkout.after(api.checkout.setQuantity.mutate(command))).id;
    }
    const command = { quantity: wanted, idempotencyKey: intentionKey(wanted) };
    const opened = await checkout.after(api.checkout.open.mutate(command));
    forgetIntention();
    // The back button leads to this checkout and not to the beginning of another one.
    window.history.replaceState(window.history.state, "", stepPath("order", opened.id));
    return opened.id;
  }

  return (
    <div class="checkout__columns">
      <div class="checkout__column">
        <form id={ORDER_FORM} noValidate onSubmit={form.submit}>
          <QuantityCard
            prices={prices()}
            text={text()}
            quantity={quantity()}
            problem={form.fieldProblems().quantity}
            quote={quoteOfTyped()}
            onInput={type}
            onCommit={() => form.check("quantity")}
          />
        </form>
        <AutoTopUpPlace onDirty={setUnsavedTopUp} />
        <Show when={quote().shown}>
          {(shown) => (
            <Show when={shown().quantity > 0 && shown().extends.length > 0}>
              <OrderEffect quote={shown()} />
            </Show>
          )}
        </Show>
      </div>
      <section class="card checkout__card checkout__summary" aria-labelledby="summary-title">
        <h2 id="summary-title" class="card__title">
          Your order
        </h2>
        <div class="live-quote live-quote--steady" aria-busy={isPending(quote())}>
          <Show
            when={quote().shown}
            fallback={<p class="live-quote__first quiet">Asking for the price…</p>}
          >
            {(shown) => (
              <Show when={shown().quantity > 0} fallback={<OnlyCard />}>
                <QuoteLines quote={shown()} />
                <ExpiryEffect quote={shown()} />
              </Show>
            )}
          </Show>
        </div>
        <WaitingTopUp />
        <FailureNotice text={quoteProblem() ?? form.problem()} />
        <Button
          look="primary"
          type="submit"
          form={ORDER_FORM}
          isBusy={form.isBusy()}
          busyText="Saving…"
        >
          Continue
        </Button>
        <Show when={quantity() !== 0}>
          <p class="sums__note">
            Nothing of this order is charged before you confirm in the last step. Tax follows the
            billing address.
          </p>
        </Show>
      </section>
      <LeaveGuard isDirty={unsaved().length > 0} what={unsaved().join(" ")} />
    </div>
  );
}

function OnlyCard() {
  return (
    <>
      <p>
        <strong>No credits, nothing to pay.</strong>
      </p>
      <p>
        The next steps save your billing details and a card for later purchases. This order does not
        charge it.
      </p>
    </>
  );
}

function quantityOfAddress(): number {
  const wanted = Number(new URLSearchParams(window.location.search).get("quantity") ?? Number.NaN);
  return Number.isInteger(wanted) && wanted >= 0 ? wanted : FIRST_CHOICE;
}

function keepInAddress(quantity: number): void {
  const query = new URLSearchParams({ quantity: String(quantity) });
  window.history.replaceState(window.history.state, "", `/checkout/order?${query}`);
}
