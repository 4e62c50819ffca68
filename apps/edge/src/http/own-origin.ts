/**
 * Whether a request that may carry a cookie comes from our own pages. Browsers say where a request
 * comes from and pages cannot make them lie; programs that are not browsers say nothing, and nobody
 * can make them send a cookie they were not given.
 */
export interface Origins {
  /** As browsers write it: scheme, host and port, nothing after. */
  readonly own: string;
}

export function originsOf(publicUrl: string): Origins {
  return { own: new URL(publicUrl).origin };
}

export function isOwnOrigin({ own }: Origins, origin: string | undefined): boolean {
  return origin === own;
}

/** For requests that change something. A missing Origin is a program, unless the browser says more. */
export function isFromElsewhere(
  origins: Origins,
  headers: { readonly origin: string | undefined; readonly fetchSite: string | undefined },
): boolean {
  if (headers.origin !== undefined) return !isOwnOrigin(origins, headers.origin);
  return headers.fetchSite !== undefined && headers.fetchSite !== "same-origin";
}
