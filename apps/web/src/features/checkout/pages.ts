/**
 * The whole checkout is one file of its own, so that Account Overview loads without it and going
 * from step to step waits for nothing.
 */
import "../../styles/checkout.css";
import "../../styles/money.css";

export { BillingPage } from "./billing-page.tsx";
export { CheckoutFrame } from "./checkout-frame.tsx";
export { ConfirmationPage } from "./confirmation-page.tsx";
export { OrderPage } from "./order-page.tsx";
