import { useNavigate, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, onMount, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { useSession } from "../../session/session.tsx";
import { Button } from "../../ui/button.tsx";
import { focusFirstProblem } from "../../ui/focus-first-problem.ts";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { BillingFields } from "../billing/billing-fields.tsx";
import {
  type BillingField,
  type BillingProblems,
  billingInput,
  billingProblems,
  type EnteredBilling,
  enteredFrom,
  hasSameTaxFacts,
  isSaved,
} from "../billing/entered-billing.ts";
import { createCards } from "../cards/create-cards.ts";
import { useCheckout } from "./checkout-context.tsx";
import { OrderAside } from "./order-aside.tsx";
import { ADD_CARD_ID, PaymentChoice } from "./payment-choice.tsx";
import { stepPath } from "./steps.ts";
import { recallKeeping, rememberKeeping } from "./trip-memory.ts";

/** The second step: whom to bill and which card pays. */
export default function BillingPage() {
  const { checkout } = useCheckout();
  return <Show when={checkout.view()?.id}>{(id) => <BillingForm checkoutId={id()} />}</Show>;
}

function BillingForm(props: { checkoutId: string }) {
  const navigate = useNavigate();
  const session = useSession();
  const [query, setQuery] = useSearchParams<{ card?: string }>();
  const { checkout, isErrorAnswered, answerError } = useCheckout();
  const cardList = createCards();
  const view = () => {
    const known = checkout.view();
    if (!known) throw new Error("the step is shown once its checkout is known");
    return known;
  };

  const person = session.me()?.user ?? { name: "", email: "" };
  const beginning = enteredFrom(view().billing, person);
  const [entered, setEntered] = createSignal<EnteredBilling>(beginning);
  const [problems, setProblems] = createSignal<BillingProblems>({});
  const [cardProblem, setCardProblem] = createSignal<string>();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [news, setNews] = createSignal<string | null>(null);
  const [busyWith, setBusyWith] = createSignal<"continue" | "card" | null>(null);
  const [isTaxPending, setTaxPending] = createSignal(false);
  const [chosenId, setChosenId] = createSignal<string | null>(null);
  const [keeps, setKeeps] = createSignal(recallKeeping(props.checkoutId) ?? view().keepsCard);
  let form!: HTMLFormElement;

  onMount(() => {
    if (query.card === "saved" && view().paymentMethod) {
      setNews("The card was added.");
      answerError();
    }
    if (query.card === "canceled") setNews("No card was added. What you typed is kept.");
    if (query.card) setQuery({ card: undefined }, { replace: true });
  });

  /** The card of this checkout belongs to the list, even one that will not be kept. */
  const cards = createMemo(() => {
    const listed = cardList.cards() ?? [];
    const own = view().paymentMethod;
    return own && !listed.some(({ id }) => id === own.id) ? [own, ...listed] : listed;
  });
  const chosen = createMemo(
    () =>
      chosenId() ??
      view().paymentMethod?.id ??
      cards().find(({ isDefault }) => isDefault)?.id ??
      cards()[0]?.id ??
      null,
  );
  const hasOtherCard = () =>
    chosen() !== (view().paymentMethod?.id ?? chosen()) || keeps() !== view().keepsCard;
  const isDirty = () => hasOtherCard() || isTyped();
  const isTyped = () =>
    !isSaved(entered(), view().billing) &&
    (Object.keys(beginning) as BillingField[]).some(
      (field) => entered()[field].trim() !== beginning[field].trim(),
    );

  function type(field: BillingField, text: string): void {
    setEntered((known) => ({ ...known, [field]: text }));
    // A problem goes as soon as it may be solved; new ones are told when the form is sent.
    setProblems((known) => ({ ...known, [field]: undefined }));
  }

  async function saveBilling(): Promise<void> {
    if (isSaved(entered(), view().billing)) return;
    const command = { checkoutId: props.checkoutId, billing: billingInput(entered()) };
    await checkout.after(api.checkout.setBilling.mutate(command));
  }

  let taxFollowed: Promise<void> = Promise.resolve();

  /** Country and tax id decide the tax, so the price beside the form follows them at once. */
  function followTax(): void {
    // One after the other: what was chosen last is what is saved last.
    taxFollowed = taxFollowed.then(async () => {
      if (busyWith() || hasSameTaxFacts(entered(), view().billing)) return;
      if (Object.keys(billingProblems(entered())).length > 0) return;
      setTaxPending(true);
      // The button below the price tries again, and tells.
      await saveBilling().catch(() => {});
      setTaxPending(false);
    });
  }

  function isFilledIn(): boolean {
    const found = billingProblems(entered());
    setProblems(found);
    if (Object.keys(found).length === 0) return true;
    focusFirstProblem(form);
    return false;
  }

  async function run(what: "continue" | "card", steps: () => Promise<void>): Promise<void> {
    if (busyWith()) return;
    setProblem(null);
    setNews(null);
    if (!isFilledIn()) return;
    setBusyWith(what);
    await taxFollowed;
    try {
      await steps();
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
      cardList.refresh();
      void checkout.refresh();
    }
    setBusyWith(null);
  }

  const addCard = () =>
    run("card", async () => {
      await saveBilling();
      const { url } = await api.checkout.addCard.mutate({ checkoutId: props.checkoutId });
      rememberKeeping(props.checkoutId, keeps());
      window.location.assign(url);
      // The button stays busy until the page is left.
      await new Promise((resolve) => addEventListener("pageshow", resolve, { once: true }));
    });

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const paymentMethodId = chosen();
    setCardProblem(paymentMethodId ? undefined : "No card is saved yet. Add one to go on.");
    void run("continue", async () => {
      if (!paymentMethodId) return document.getElementById(ADD_CARD_ID)?.focus();
      await saveBilling();
      const { paymentMethod, keepsCard, id } = view();
      if (paymentMethod?.id !== paymentMethodId || keepsCard !== keeps()) {
        const command = { checkoutId: id, paymentMethodId, keep: keeps() };
        await checkout.after(api.checkout.setPayment.mutate(command));
        if (paymentMethod?.id !== paymentMethodId) answerError();
      }
      navigate(stepPath("confirmation", id));
    });
  }

  return (
    <form ref={form} class="checkout__columns" noValidate onSubmit={submit}>
      <div class="checkout__column">
        <Show when={news()}>{(text) => <Notice tone="news">{text()}</Notice>}</Show>
        <Show when={!isErrorAnswered() && view().lastError}>
          {(error) => <Notice tone="failure">{error().message}</Notice>}
        </Show>
        <section class="card checkout__card" aria-labelledby="billing-title">
          <h2 id="billing-title" class="card__title">
            Billing details
          </h2>
          <BillingFields
            entered={entered()}
            problems={problems()}
            onInput={type}
            onTaxFactChanged={followTax}
          />
        </section>
        <PaymentChoice
          cards={cards()}
          chosenId={chosen()}
          onChoose={(id) => {
            setChosenId(id);
            setCardProblem(undefined);
          }}
          problem={cardProblem()}
          isAdding={busyWith() === "card"}
          onAdd={() => void addCard()}
          keeps={keeps()}
          onKeep={setKeeps}
          onlySavesCard={view().quantity === 0}
        />
      </div>
      <OrderAside view={view()} isPending={isTaxPending()}>
        <Show when={view().quantity > 0 && !hasSameTaxFacts(entered(), view().billing)}>
          <p class="sums__note" role="status">
            The tax is worked out anew once country and address are complete.
          </p>
        </Show>
        <FailureNotice text={problem()} />
        <Button look="primary" type="submit" isBusy={busyWith() === "continue"} busyText="Saving…">
          Continue
        </Button>
      </OrderAside>
      <LeaveGuard
        isDirty={isDirty() && busyWith() === null}
        what="What you changed here is not saved yet. Continue saves it."
      />
    </form>
  );
}
