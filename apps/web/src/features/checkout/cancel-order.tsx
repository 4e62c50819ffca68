import { useNavigate } from "@solidjs/router";
import { api } from "../../api/client.ts";
import { createCommand } from "../../api/create-command.ts";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { Button } from "../../ui/button.tsx";
import { FailureNotice } from "../../ui/notice.tsx";
import { useCheckout } from "./checkout-context.tsx";

/** The way out. Nothing typed is lost by it, and a payment that is being decided refuses it. */
export function CancelOrder(props: { checkoutId: string; isPaying: boolean }) {
  const navigate = useNavigate();
  const notices = usePassingNotices();
  const { checkout } = useCheckout();
  const command = createCommand();

  async function cancel(): Promise<void> {
    if (props.isPaying) return;
    try {
      const answer = await api.checkout.cancel.mutate({ checkoutId: props.checkoutId });
      if (answer.status === "canceled") {
        notices.leave({ path: "/account", text: "The order was canceled. Nothing was charged." });
        navigate("/account", { replace: true });
      } else {
        await checkout.after(Promise.resolve(answer));
      }
    } catch (error) {
      void checkout.refresh();
      throw error;
    }
  }

  return (
    <>
      <FailureNotice text={command.problem()} />
      <Button
        look="quiet"
        isBusy={command.isBusy()}
        busyText="Canceling…"
        onClick={() => void command.run(cancel)}
      >
        Cancel the order
      </Button>
    </>
  );
}
