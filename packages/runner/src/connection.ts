/**
 * Where the platform is and what proves who we are, checked before anything is sent. The sentences
 * repeat neither: a wrong key is often a right one with a typing error, and a wrong url may be a key.
 */
export class BadConnection extends Error {
  override readonly name = "BadConnection";
}

export interface Endpoints {
  /** As people know it, without a slash at the end. */
  readonly origin: string;
  readonly http: string;
  readonly ws: string;
}

export function endpointsOf(url: string): Endpoints {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) {
    throw new BadConnection("the url of Scanmeter must start with http:// or https://");
  }
  if (parsed.username || parsed.password) {
    throw new BadConnection("the url must not carry a user name or a password");
  }
  const origin = `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, "");
  const http = `${origin}/trpc`;
  return { origin, http, ws: http.replace(/^http/, "ws") };
}

export function runnerKeyOf(key: string): string {
  const trimmed = key.trim();
  if (trimmed === "") throw new BadConnection("the runner key is empty");
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new BadConnection("the runner key holds a character that no runner key has");
  }
  return trimmed;
}
