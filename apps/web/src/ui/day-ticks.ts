/** Which days get a label below a drawing: few, at even distances, and one of them is given. */
const STEPS = [1, 2, 7, 14, 28, 56, 112] as const;

/** Days so far from `anchor` that `labelPx` fit between them, within the span. */
export function dayTicks(span: {
  readonly first: number;
  readonly last: number;
  readonly anchor: number;
  readonly dayPx: number;
  readonly labelPx: number;
}): number[] {
  const { first, last, anchor, dayPx, labelPx } = span;
  const step = STEPS.find((days) => days * dayPx >= labelPx) ?? Math.max(1, last - first);
  const ticks: number[] = [];
  for (let day = anchor - Math.floor((anchor - first) / step) * step; day <= last; day += step) {
    ticks.push(day);
  }
  return ticks;
}
