/**
 * Remembers over the trip to the bank's page that this tab was paying, so that it can tell coming
 * back from a payment from opening an old address again.
 */
const KEY = "scanmeter.paying";

export function markPaying(checkoutId: string): void {
  try {
    sessionStorage.setItem(KEY, checkoutId);
  } catch {
    // Without it, the page says that the order is complete instead of leading on by itself.
  }
}

export function wasPaying(checkoutId: string | null): boolean {
  try {
    return checkoutId !== null && sessionStorage.getItem(KEY) === checkoutId;
  } catch {
    return false;
  }
}

export function forgetPaying(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept then.
  }
}
