/** Who may open a WebSocket. Decided before the upgrade, so that a refusal is a plain HTTP answer. */
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Sessions } from "../auth/sessions.ts";
import { clientAddressOf } from "../http/client-address.ts";
import { isOwnOrigin, type Origins } from "../http/own-origin.ts";
import { TRPC_PATH } from "../trpc/endpoint.ts";
import type { Identity } from "./connection.ts";
import type { Admission, SocketRegistry } from "./socket-registry.ts";

export interface Admitted {
  readonly address: string;
  readonly identity: Identity | null;
  /** Null for a socket that does not come from our own pages: whatever it sends, it is no session. */
  readonly cookie: string | null;
}

export interface RefusedUpgrade {
  readonly status: 403 | 404 | 429 | 503;
  readonly reason: string;
}

interface UpgradeDeps {
  readonly sessions: Sessions;
  readonly origins: Origins;
  readonly registry: SocketRegistry;
  readonly addressHeader: string | null;
  readonly isDraining: () => boolean;
}

const limitAnswers: Record<Exclude<Admission, "admitted">, RefusedUpgrade> = {
  "too many here": { status: 503, reason: "This server holds as many connections as it can." },
  "too many from this address": {
    status: 429,
    reason: "There are too many connections from this address.",
  },
  "too many of this user": { status: 429, reason: "You have too many connections open." },
};

export async function decideUpgrade(
  { sessions, origins, registry, addressHeader, isDraining }: UpgradeDeps,
  request: IncomingMessage,
): Promise<Admitted | RefusedUpgrade> {
  const [path, query] = (request.url ?? "").split("?", 2);
  if (path !== TRPC_PATH) return { status: 404, reason: "There is nothing here." };
  if (isDraining()) return { status: 503, reason: "The process is shutting down." };

  const { origin, cookie } = request.headers;
  const isOurs = isOwnOrigin(origins, origin);
  // A runner is not a browser: it has no origin, and it proves itself with the key it promises here.
  const promisesParams = new URLSearchParams(query).get("connectionParams") === "1";
  if (!isOurs && (origin !== undefined || !promisesParams)) {
    return {
      status: 403,
      reason: "Connections are taken from our own pages and from runners only.",
    };
  }

  const address = clientAddressOf(request, addressHeader);
  const early = registry.admission(address, null);
  if (early !== "admitted") return limitAnswers[early];
  const ownCookie = isOurs ? (cookie ?? null) : null;
  const { signedIn } = await sessions.find(ownCookie);
  const identity: Identity | null = signedIn && {
    is: "session",
    sessionToken: signedIn.sessionToken,
    userId: signedIn.user.id,
    accountId: signedIn.account.id,
  };
  if (isDraining()) return { status: 503, reason: "The process is shutting down." };
  return { address, identity, cookie: ownCookie };
}

/**
 * Whether there is still room. Asked in the very turn in which the socket is counted: of many that
 * come at once with one session, all would find room if anything waited in between.
 */
export function withinLimits(
  decided: Admitted | RefusedUpgrade,
  registry: Pick<SocketRegistry, "admission">,
): Admitted | RefusedUpgrade {
  if ("status" in decided) return decided;
  const admission = registry.admission(decided.address, decided.identity);
  return admission === "admitted" ? decided : limitAnswers[admission];
}

export function refuseUpgrade(
  socket: Duplex,
  { status, reason }: RefusedUpgrade,
  requestId: string,
): void {
  const body = `${reason}\n`;
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(status === 429 || status === 503 ? ["Retry-After: 5"] : []),
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
}
