/** Builds the named targets if their sources changed, all of them by default. */
export function buildIfStale(names?: readonly string[]): Promise<void>;
