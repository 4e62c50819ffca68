/** Where a lot came from, as a person would say it. Sources are short words of the server's. */
export function sourceInWords(source: string): string {
  const words = source.replaceAll(/[_:-]+/g, " ").trim();
  return words === "" ? "Unknown" : words.charAt(0).toLocaleUpperCase() + words.slice(1);
}
