import type { BillingView } from "@scanmeter/contracts/checkout";
import { type Accessor, createSignal, onCleanup } from "solid-js";
import { api } from "../../api/client.ts";
import { makeRefresher } from "../../live/make-refresher.ts";

export interface Billing {
  /** Null when none were ever saved, undefined until the first answer. */
  billing: Accessor<BillingView | null | undefined>;
  hasFailed: Accessor<boolean>;
}

/** The account's billing details. */
export function createBilling(): Billing {
  const [billing, setBilling] = createSignal<BillingView | null>();
  const [hasFailed, setFailed] = createSignal(false);
  const refresher = makeRefresher(async () => {
    try {
      setBilling(await api.account.billing.query({}));
      setFailed(false);
      return "done";
    } catch {
      setFailed(true);
      return "failed";
    }
  });
  refresher.ask();
  onCleanup(refresher.stop);
  return { billing, hasFailed };
}
