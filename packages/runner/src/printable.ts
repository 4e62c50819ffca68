/**
 * Text that came from elsewhere, fit for a terminal: a target's name must not be able to move the
 * cursor, change colours or forge a line of ours.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?");
}
