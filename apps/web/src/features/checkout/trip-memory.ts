/**
 * What this tab remembers while its customer is on somebody else's page. Losing it costs a little
 * comfort and nothing else, so a browser that keeps nothing is no failure.
 */
const keyOf = (what: string): string => `scanmeter.checkout.${what}`;

function write(what: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(keyOf(what));
    else sessionStorage.setItem(keyOf(what), value);
  } catch {
    // Forbidden by the reader's settings, or full.
  }
}

function read(what: string): string | null {
  try {
    return sessionStorage.getItem(keyOf(what));
  } catch {
    return null;
  }
}

/** Tells coming back from a payment from opening an old address again. */
export const markPaying = (checkoutId: string): void => write("paying", checkoutId);
export const forgetPaying = (): void => write("paying", null);
export const wasPaying = (checkoutId: string | null): boolean =>
  checkoutId !== null && read("paying") === checkoutId;

/** Whether a card is to be kept may be said before there is one to say it of. */
export const rememberKeeping = (checkoutId: string, keeps: boolean): void =>
  write(`keeps.${checkoutId}`, String(keeps));

/** Told once; from then on the choice is on the page, and soon with the checkout. */
export function recallKeeping(checkoutId: string): boolean | null {
  const answer = read(`keeps.${checkoutId}`);
  write(`keeps.${checkoutId}`, null);
  return answer === null ? null : answer === "true";
}
