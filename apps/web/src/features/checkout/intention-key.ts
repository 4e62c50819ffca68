/**
 * One intention to buy, one key: a second press, or a try after a lost answer, opens no second
 * checkout. Another quantity is another intention.
 */
let intention: { quantity: number; key: string } | null = null;

export function intentionKey(quantity: number): string {
  if (intention?.quantity !== quantity) intention = { quantity, key: randomKey() };
  return intention.key;
}

/** It was answered; whoever buys the same again later means it. */
export function forgetIntention(): void {
  intention = null;
}

/** `crypto.randomUUID` is missing on plain http. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
