import { Show } from "solid-js";
import { BillingSummary } from "./billing-summary.tsx";
import type { Billing } from "./create-billing.ts";

/** Whom the account is billed to. */
export function BillingSection(props: { details: Billing; mayChange: boolean }) {
  const billing = () => props.details.billing();
  return (
    <section class="card" aria-labelledby="billing-title">
      <div class="card__head">
        <h2 id="billing-title" class="card__title">
          Billing details
        </h2>
        <Show when={props.mayChange && billing() !== undefined}>
          <a class="link--target" href="/settings/billing">
            {billing() ? "Edit" : "Fill in"}
            <span class="visually-hidden"> the billing details</span>
          </a>
        </Show>
      </div>
      <Show
        when={billing()}
        fallback={
          <p class="empty">
            {billing() === null
              ? "None yet. They go on your invoices and are asked for with the first purchase."
              : "The billing details could not be loaded. Trying again…"}
          </p>
        }
      >
        {(known) => <BillingSummary billing={known()} />}
      </Show>
    </section>
  );
}
