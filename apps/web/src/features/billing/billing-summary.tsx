import type { BillingView } from "@scanmeter/contracts/checkout";
import { For, Show } from "solid-js";
import { countryName } from "./countries.ts";
import { taxIdLabel } from "./entered-billing.ts";

/** Billing details as they will be printed. */
export function BillingSummary(props: { billing: BillingView }) {
  const lines = () => {
    const { name, company, address } = props.billing;
    const { line1, line2, postalCode, city, state, country } = address;
    return [
      company,
      name,
      line1,
      line2,
      [postalCode, city, state].filter(Boolean).join(" "),
      countryName(country),
    ].filter((line) => line !== null && line !== "");
  };
  return (
    <>
      <p class="breakable">
        <For each={lines()}>
          {(line, index) => (
            <>
              <Show when={index() > 0}>
                <br />
              </Show>
              {line}
            </>
          )}
        </For>
      </p>
      <dl class="pairs">
        <Show when={props.billing.taxId}>
          {(taxId) => (
            <div>
              <dt>{taxIdLabel(props.billing.address.country)}</dt>
              <dd class="breakable">{taxId()}</dd>
            </div>
          )}
        </Show>
        <div>
          <dt>Receipts to</dt>
          <dd class="breakable">{props.billing.email}</dd>
        </div>
      </dl>
    </>
  );
}
