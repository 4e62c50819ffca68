/** A promise of the design was broken: a bug, not an expected no. The message states what should have held. */
export class BrokenInvariant extends Error {
  override readonly name = "BrokenInvariant";
}

export function invariant(condition: boolean, property: string): asserts condition {
  if (!condition) throw new BrokenInvariant(property);
}
