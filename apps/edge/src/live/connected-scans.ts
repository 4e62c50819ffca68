/** The scans whose runner holds a line open right now, each as often as it does. */
export class ConnectedScans {
  readonly #lines = new Map<string, number>();

  connect(scanId: string): () => void {
    this.#lines.set(scanId, (this.#lines.get(scanId) ?? 0) + 1);
    let isConnected = true;
    return () => {
      if (!isConnected) return;
      isConnected = false;
      const left = (this.#lines.get(scanId) ?? 1) - 1;
      if (left > 0) this.#lines.set(scanId, left);
      else this.#lines.delete(scanId);
    };
  }

  ids(): Iterable<string> {
    return this.#lines.keys();
  }
}
