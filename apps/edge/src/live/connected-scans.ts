export interface ConnectedScan {
  readonly accountId: string;
  readonly scanId: string;
}

/** The scans whose runner holds a line open right now, each once, however many lines it has. */
export class ConnectedScans {
  readonly #lines = new Map<string, { readonly scan: ConnectedScan; count: number }>();

  connect(scan: ConnectedScan): () => void {
    const line = this.#lines.get(scan.scanId) ?? { scan, count: 0 };
    line.count += 1;
    this.#lines.set(scan.scanId, line);
    let isConnected = true;
    return () => {
      if (!isConnected) return;
      isConnected = false;
      line.count -= 1;
      if (line.count === 0) this.#lines.delete(scan.scanId);
    };
  }

  list(): ConnectedScan[] {
    return [...this.#lines.values()].map(({ scan }) => scan);
  }
}
