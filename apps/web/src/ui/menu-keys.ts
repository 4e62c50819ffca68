/** Where the focus goes in an open menu of `count` items, by the keys of the ARIA menu pattern. */
export function focusedAfterKey(
  key: string,
  { focused, count }: { focused: number; count: number },
): number | undefined {
  switch (key) {
    case "ArrowDown":
      return (focused + 1) % count;
    case "ArrowUp":
      return (focused - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** The next item, after the focused one and around, whose label starts with the letter that was typed. */
export function focusedAfterLetter(
  letter: string,
  { focused, labels }: { focused: number; labels: readonly string[] },
): number | undefined {
  if (letter.length !== 1 || letter === " ") return undefined;
  const wanted = letter.toLocaleLowerCase();
  for (let step = 1; step <= labels.length; step += 1) {
    const index = (focused + step) % labels.length;
    if (labels[index]?.trim().toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return undefined;
}
