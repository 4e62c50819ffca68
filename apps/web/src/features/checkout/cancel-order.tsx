import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { callFailureOf } from "../../api/call-failure.ts";
import { api } from "../../api/client.ts";
import { sentenceOf } from "../../api/failure-sentences.ts";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useCheckout } from "./checkout-context.tsx";

/** The way out. Nothing typed is lost by it, and a payment that is being decided refuses it. */
export function CancelOrder(props: { checkoutId: string; isPaying: boolean }) {
  const navigate = useNavigate();
  const notices = usePassingNotices();
  const { checkout } = useCheckout();
  const [isBusy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);

  async function cancel(): Promise<void> {
    if (isBusy() || props.isPaying) return;
    setBusy(true);
    setProblem(null);
    try {
      const answer = await api.checkout.cancel.mutate({ checkoutId: props.checkoutId });
      if (answer.status === "canceled") {
        notices.leave({ path: "/account", text: "The order was canceled. Nothing was charged." });
        navigate("/account", { replace: true });
        return;
      }
      await checkout.after(Promise.resolve(answer));
    } catch (error) {
      setProblem(sentenceOf(callFailureOf(error)));
      void checkout.refresh();
    }
    setBusy(false);
  }

  return (
    <>
      <Show when={problem()}>{(sentence) => <Notice tone="failure">{sentence()}</Notice>}</Show>
      <Button look="quiet" isBusy={isBusy()} busyText="Canceling…" onClick={() => void cancel()}>
        Cancel the order
      </Button>
    </>
  );
}
