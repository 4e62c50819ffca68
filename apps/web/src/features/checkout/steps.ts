/** The three steps of a checkout, their addresses, and which of them may be shown when. */
import type { CheckoutStep, CheckoutView } from "@scanmeter/contracts/checkout";

export type Step = Exclude<CheckoutStep, "done">;

export const steps: readonly Step[] = ["order", "billing", "confirmation"];

export const stepTitles = {
  order: "Order",
  billing: "Billing and Payment",
  confirmation: "Confirmation",
} as const satisfies Record<Step, string>;

export function stepPath(step: Step, checkoutId: string | null): string {
  const query = checkoutId === null ? "" : `?${new URLSearchParams({ checkout: checkoutId })}`;
  return `/checkout/${step}${query}`;
}

export function stepOfPath(pathname: string): Step {
  return steps.find((step) => pathname.endsWith(`/${step}`)) ?? "order";
}

export type Standing = Pick<CheckoutView, "status" | "step">;

/** The last step that may be opened. Without a checkout, that is where one begins. */
export function furthestStep(checkout: Standing | null): Step {
  if (checkout === null) return "order";
  if (checkout.status !== "open" || checkout.step === "done") return "confirmation";
  return checkout.step;
}

/**
 * What an address shows: the step it names, or the first incomplete one when it comes too early.
 * While a payment is under way there is only its confirmation.
 */
export function stepToShow(wanted: Step, checkout: Standing | null): Step {
  const furthest = furthestStep(checkout);
  if (checkout?.status === "processing") return furthest;
  return isBefore(furthest, wanted) ? furthest : wanted;
}

/** Whether a step can be opened from where the checkout stands. */
export function canOpen(step: Step, checkout: Standing | null): boolean {
  return stepToShow(step, checkout) === step;
}

function isBefore(one: Step, other: Step): boolean {
  return steps.indexOf(one) < steps.indexOf(other);
}
