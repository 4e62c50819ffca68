/** Names are chosen by customers; control characters in one would draw on the operator's terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
