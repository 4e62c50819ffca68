/** The tour cannot go on; its message is one sentence for whoever watches. */
export class TourStop extends Error {
  override readonly name = "TourStop";
}
