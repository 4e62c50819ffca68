import { accept, type Outcome, type Refusal, refuse } from "@scanmeter/core";
import { unresolvedAttempt } from "@scanmeter/core/purchase";
import type { TopUpRow } from "@scanmeter/db";
import type { PaymentDeps } from "../deps.ts";
import { closeTopUp } from "./close-top-up.ts";
import { paymentParams } from "./gateway-params.ts";
import { moveTopUp, type TopUpName } from "./move-top-up.ts";
import { sendAttempt, storeAndSend } from "./send-attempt.ts";

/**
 * Creates a purchase's payment, unconfirmed. A creation nobody answered is asked for once more with
 * its key, and then given up: it charged nobody, and the gateway may keep an error under that key for
 * a day. The customer's next press begins anew.
 */
export async function createPayment(
  deps: PaymentDeps,
  name: TopUpName,
  row: TopUpRow,
): Promise<Outcome<TopUpRow, Refusal>> {
  const sent =
    unresolvedAttempt(row.topUp, "create")?.state === "unknown"
      ? accept(row)
      : await storeAndSend(deps, name, { action: "create", params: paymentParams(row.topUp) });
  const created = sent.ok ? await sentAgain(deps, name, sent.value) : sent;
  if (!created.ok || unresolvedAttempt(created.value.topUp, "create") === undefined) return created;
  const closed = await closeTopUp(deps, name);
  return closed.ok ? refuse({ code: "gateway_unavailable" }) : closed;
}

async function sentAgain(
  deps: PaymentDeps,
  name: TopUpName,
  row: TopUpRow,
): Promise<Outcome<TopUpRow, Refusal>> {
  const unanswered = unresolvedAttempt(row.topUp, "create");
  if (unanswered === undefined) return accept(row);
  const { number } = unanswered;
  const again = await moveTopUp(deps, name, { type: "sent_again", number });
  return again.ok ? sendAttempt(deps, name, again.value, number) : again;
}
