/** Everything about buying that edge and worker can ask for, where something can be bought. */
import { findBilling, listPaymentMethods } from "@scanmeter/db";
import { authenticateTopUp, cancelTopUp } from "../auto-top-up/authenticate.ts";
import { getAutoTopUp, previewAutoTopUp } from "../auto-top-up/read.ts";
import { saveAutoTopUp } from "../auto-top-up/save.ts";
import type { PaymentDeps } from "../deps.ts";
import { addTestCard, removeCard, setDefaultCard } from "./cards.ts";
import {
  addCheckoutCard,
  cancelCheckout,
  finalizeCheckout,
  getCheckout,
  openCheckout,
  saveBilling,
  setCheckoutBilling,
  setCheckoutPayment,
  setCheckoutQuantity,
} from "./checkouts.ts";
import { handleEvent, receiveEvent } from "./inbox.ts";
import type { TopUpName } from "./move-top-up.ts";
import { pursueTopUp } from "./pursue.ts";
import { type AccountPlace, quoteFor } from "./quotes.ts";
import { settleOpenTopUp } from "./read-top-ups.ts";
import { reconcile } from "./reconcile.ts";
import { startRefund } from "./refund.ts";
import { SharedCommits } from "./shared-commits.ts";
import { sweepPayments } from "./sweep-payments.ts";
import { listTopUpWakeUps } from "./top-up-wake-ups.ts";

type First<Operation> = Operation extends (deps: PaymentDeps, command: infer Command) => unknown
  ? Command
  : never;

export type Buying = ReturnType<typeof buyingOver>;

export function buyingOver(deps: PaymentDeps) {
  const { gateway, priceList } = deps.payments;
  const inbox = { ...deps, commits: new SharedCommits(deps.db) };
  return {
    priceList,
    livemode: gateway.livemode,
    quote: (account: AccountPlace, quantity: number) => quoteFor(deps, account, quantity),

    findBilling: (accountId: string) => findBilling(deps.db, accountId),
    saveBilling: (command: First<typeof saveBilling>) => saveBilling(deps, command),

    openCheckout: (command: First<typeof openCheckout>) => openCheckout(deps, command),
    getCheckout: (command: First<typeof getCheckout>) => getCheckout(deps, command),
    setCheckoutQuantity: (command: First<typeof setCheckoutQuantity>) =>
      setCheckoutQuantity(deps, command),
    setCheckoutBilling: (command: First<typeof setCheckoutBilling>) =>
      setCheckoutBilling(deps, command),
    addCheckoutCard: (command: First<typeof addCheckoutCard>) => addCheckoutCard(deps, command),
    setCheckoutPayment: (command: First<typeof setCheckoutPayment>) =>
      setCheckoutPayment(deps, command),
    finalizeCheckout: (command: First<typeof finalizeCheckout>) => finalizeCheckout(deps, command),
    cancelCheckout: (command: First<typeof cancelCheckout>) => cancelCheckout(deps, command),

    listCards: (accountId: string) => listPaymentMethods(deps.db, accountId),
    setDefaultCard: (command: First<typeof setDefaultCard>) => setDefaultCard(deps, command),
    removeCard: (command: First<typeof removeCard>) => removeCard(deps, command),
    addTestCard: (command: First<typeof addTestCard>) => addTestCard(deps, command),

    getAutoTopUp: (account: AccountPlace) => getAutoTopUp(deps, account),
    saveAutoTopUp: (command: First<typeof saveAutoTopUp>) => saveAutoTopUp(deps, command),
    previewAutoTopUp: (command: First<typeof previewAutoTopUp>) => previewAutoTopUp(deps, command),
    authenticateTopUp: (name: TopUpName) => authenticateTopUp(deps, name),
    cancelTopUp: (name: TopUpName) => cancelTopUp(deps, name),

    settleOpenTopUp: (accountId: string) => settleOpenTopUp(deps, accountId),
    startRefund: (command: First<typeof startRefund>) => startRefund(deps, command),

    /** Null when the signature, its time or the shape is not right. */
    verifyEvent: gateway.verifyEvent,
    receiveEvent: (event: First<typeof receiveEvent>) => receiveEvent(inbox, event),
    handleEvent: (eventId: string) => handleEvent(inbox, eventId),
    pursueTopUp: (name: TopUpName) => pursueTopUp(deps, name),
    sweep: (limit: number) => sweepPayments(inbox, limit),
    listWakeUps: (page: Parameters<typeof listTopUpWakeUps>[1]) => listTopUpWakeUps(deps, page),
    reconcile: () => reconcile(inbox, true),
  };
}
