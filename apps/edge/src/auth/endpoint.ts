/** The auth library over HTTP, with the limits every other doorway has. */
import { readLimitedBody } from "../http/limited-body.ts";
import { isFromElsewhere, type Origins } from "../http/own-origin.ts";
import { ADDRESS_HEADER, type Auth } from "./auth.ts";

export const AUTH_PATH = "/api/auth";

export interface AuthEndpointDeps {
  readonly auth: Auth;
  readonly origins: Origins;
  readonly bodyBytesMax: number;
  /** Somebody may have signed in or out, or changed what they sign in with. */
  readonly onChange: () => void;
}

export type AuthEndpoint = (request: Request, address: string) => Promise<Response>;

export function createAuthEndpoint(deps: AuthEndpointDeps): AuthEndpoint {
  const { auth, origins, bodyBytesMax, onChange } = deps;
  return async (request, address) => {
    const { url, method, signal } = request;
    const headers = new Headers(request.headers);
    headers.set(ADDRESS_HEADER, address);
    if (method === "GET") return auth.handler(new Request(url, { method, headers, signal }));
    if (method !== "POST") return refuse(405, "METHOD_NOT_ALLOWED", "This is asked with POST.");

    const origin = headers.get("origin") ?? undefined;
    const fetchSite = headers.get("sec-fetch-site") ?? undefined;
    if (isFromElsewhere(origins, { origin, fetchSite })) {
      return refuse(403, "INVALID_ORIGIN", "Signing in works from our own pages only.");
    }
    // A program that says nothing of where it comes from may pass, see there; the library asks for it.
    if (!headers.has("origin") && !headers.has("referer")) headers.set("origin", origins.own);
    const body = await readLimitedBody(request, bodyBytesMax);
    if (body === "too large") {
      return refuse(413, "PAYLOAD_TOO_LARGE", `A request holds at most ${bodyBytesMax} bytes.`);
    }
    try {
      return await auth.handler(new Request(url, { method, headers, signal, body }));
    } finally {
      onChange();
    }
  };
}

/** The body was not read, so nothing more can be read from the connection. */
function refuse(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { connection: "close" } });
}
