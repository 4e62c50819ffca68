import type { BillingView } from "@scanmeter/contracts/checkout";
import { useNavigate } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { api } from "../../api/client.ts";
import { createSubmission } from "../../api/create-submission.ts";
import { useSession } from "../../session/session.tsx";
import { usePassingNotices } from "../../shell/passing-notice.tsx";
import { WhoMay } from "../../shell/who-may.tsx";
import "../../styles/checkout.css";
import { Button } from "../../ui/button.tsx";
import { LeaveGuard } from "../../ui/leave-guard.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { PageHeading } from "../../ui/page-heading.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { BillingFields } from "./billing-fields.tsx";
import { createBilling } from "./create-billing.ts";
import {
  type BillingField,
  billingInput,
  billingProblems,
  type EnteredBilling,
  enteredFrom,
} from "./entered-billing.ts";

/** Billing details outside a purchase: they go on the next documents, past ones stay as they are. */
export default function BillingSettingsPage() {
  const details = createBilling();
  const session = useSession();
  return (
    <div class="checkout checkout--narrow">
      <PageHeading title="Billing details" />
      <Show
        when={session.me()?.role !== "member"}
        fallback={
          <Notice tone="news">
            <WhoMay who="buyers" to="change billing details" />
          </Notice>
        }
      >
        <Show when={details.hasFailed() && details.billing() === undefined}>
          <Notice tone="failure">The billing details could not be loaded. Trying again…</Notice>
        </Show>
        <Show
          when={details.billing() !== undefined && session.me()}
          fallback={
            <div class="card checkout__card">
              <Skeleton what="the billing details" rows={6} look="row" />
            </div>
          }
        >
          {(me) => <Form billing={details.billing() ?? null} person={me().user} />}
        </Show>
      </Show>
    </div>
  );
}

function Form(props: { billing: BillingView | null; person: { name: string; email: string } }) {
  const navigate = useNavigate();
  const notices = usePassingNotices();
  const beginning = enteredFrom(props.billing, props.person);
  const [entered, setEntered] = createSignal<EnteredBilling>(beginning);
  const isDirty = () =>
    (Object.keys(beginning) as BillingField[]).some(
      (field) => entered()[field] !== beginning[field],
    );

  const form = createSubmission<BillingField>({
    check: () => billingProblems(entered()),
    async send() {
      await api.account.saveBilling.mutate(billingInput(entered()));
      notices.leave({ path: "/billing", text: "Billing details saved." });
      navigate("/billing");
    },
  });

  return (
    <form class="card checkout__card" noValidate onSubmit={form.submit}>
      <p class="quiet">They go on your next invoices. Documents that exist stay as they are.</p>
      <BillingFields
        entered={entered()}
        problems={form.fieldProblems()}
        onInput={(field, text) => {
          setEntered((known) => ({ ...known, [field]: text }));
          form.solve(field);
        }}
      />
      <FailureNotice text={form.problem()} />
      <div class="checkout__ways">
        <Button look="primary" type="submit" isBusy={form.isBusy()} busyText="Saving…">
          Save
        </Button>
        <a class="button button--plain" href="/billing">
          Cancel
        </a>
      </div>
      <LeaveGuard
        isDirty={isDirty() && !form.isBusy()}
        what="The billing details you typed are not saved."
      />
    </form>
  );
}
