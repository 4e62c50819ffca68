import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/**
 * The address limits are counted under. Whatever a client says about itself is not believed: only
 * the socket, or the one header that whoever runs the edge behind a proxy says the proxy sets.
 * An IPv6 network is one address, because its holder has all of them.
 */
export function clientAddressOf(request: IncomingMessage, addressHeader: string | null): string {
  const said = addressHeader === null ? undefined : request.headers[addressHeader];
  const forwarded = typeof said === "string" ? said.split(",").at(-1)?.trim() : undefined;
  return networkOf(forwarded || request.socket.remoteAddress || "unknown");
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address) || address === "::1") return address;
  const [head = "", tail = ""] = address.split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === "" ? [] : tail.split(":");
  const isShort = address.includes("::");
  const zeros = isShort
    ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill("0")
    : [];
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(":")}::`;
}
