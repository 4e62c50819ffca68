/**
 * What is told after the whole page was loaded anew, as it is whenever another account is acted for:
 * nothing of the last one stays in memory, and so neither would the sentence.
 */
const KEY = "scanmeter.left-notice";

/** Loads Account Overview or another page anew, for the account that the server now says it is. */
export function startAnew(told: string, path = "/account"): void {
  try {
    sessionStorage.setItem(KEY, told);
  } catch {
    // Forbidden by the reader's settings: the page then begins without the sentence.
  }
  window.location.assign(path);
}

export function takeLeftNotice(): string | null {
  try {
    const told = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return told;
  } catch {
    return null;
  }
}
