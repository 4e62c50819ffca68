import { createMemo, Show } from "solid-js";
import { SelectField, TextField } from "../../ui/field.tsx";
import { addressFormatOf } from "./address-format.ts";
import { countries } from "./countries.ts";
import {
  type BillingField,
  type BillingProblems,
  type EnteredBilling,
  taxIdAdvice,
  taxIdLabel,
} from "./entered-billing.ts";

interface BillingFieldsProps {
  entered: EnteredBilling;
  problems: BillingProblems;
  onInput: (field: BillingField, text: string) => void;
  /** A field that may change the tax was left. */
  onTaxFactChanged?: () => void;
}

/** Whom to bill. The country comes first, because the rest of the address follows from it. */
export function BillingFields(props: BillingFieldsProps) {
  const format = createMemo(() => addressFormatOf(props.entered.country));
  const options = countries().map(({ code, name }) => ({ value: code, label: name }));
  const bind = (field: BillingField) => ({
    name: field,
    get value() {
      return props.entered[field];
    },
    get problem() {
      return props.problems[field];
    },
    onInput: (text: string) => props.onInput(field, text),
  });
  return (
    <div class="billing">
      <SelectField
        {...bind("country")}
        label="Country"
        autocomplete="billing country"
        unchosen="Choose a country"
        options={options}
        onCommit={props.onTaxFactChanged}
      />
      <TextField {...bind("name")} label="Name" autocomplete="billing name" maxLength={200} />
      <TextField
        {...bind("company")}
        label="Company"
        autocomplete="billing organization"
        isOptional
        maxLength={200}
      />
      <TextField
        {...bind("line1")}
        label="Street and number"
        autocomplete="billing address-line1"
        maxLength={200}
      />
      <TextField
        {...bind("line2")}
        label="Apartment, floor, building"
        autocomplete="billing address-line2"
        isOptional
        maxLength={200}
      />
      <div class="billing__pair">
        <TextField
          {...bind("postalCode")}
          label={format().postalCode}
          autocomplete="billing postal-code"
          isOptional={format().isPostalCodeOptional}
          maxLength={20}
        />
        <TextField
          {...bind("city")}
          label={format().city}
          autocomplete="billing address-level2"
          maxLength={100}
        />
      </div>
      <Show when={format().state}>
        {(label) => (
          <TextField
            {...bind("state")}
            label={label()}
            autocomplete="billing address-level1"
            isOptional={format().isStateOptional}
            maxLength={100}
          />
        )}
      </Show>
      <TextField
        {...bind("taxId")}
        label={taxIdLabel(props.entered.country)}
        autocomplete="off"
        isOptional
        maxLength={40}
        advice={taxIdAdvice(props.entered)}
        onCommit={props.onTaxFactChanged}
      />
      <TextField
        {...bind("email")}
        label="Email for receipts"
        type="email"
        autocomplete="billing email"
        maxLength={200}
      />
    </div>
  );
}
