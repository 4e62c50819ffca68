import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { clientAddressOf } from "./client-address.ts";

const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
  ({ headers, socket: { remoteAddress } }) as unknown as IncomingMessage;

describe("the address a client is counted under", () => {
  test("is the one its packets come from, whatever it says", () => {
    const request = from("203.0.113.7", { "x-forwarded-for": "10.0.0.1", "x-real-ip": "10.0.0.2" });
    expect(clientAddressOf(request, null)).toBe("203.0.113.7");
  });

  test("behind a proxy is the last one the proxy wrote down, not what came with the request", () => {
    const request = from("127.0.0.1", { "x-forwarded-for": "10.0.0.1, 203.0.113.7" });
    expect(clientAddressOf(request, "x-forwarded-for")).toBe("203.0.113.7");
  });

  test("is the proxy's when the proxy says nothing", () => {
    expect(clientAddressOf(from("127.0.0.1"), "x-forwarded-for")).toBe("127.0.0.1");
  });

  test("of an IPv4 client of an IPv6 socket is the IPv4 address", () => {
    expect(clientAddressOf(from("::ffff:203.0.113.7"), null)).toBe("203.0.113.7");
  });

  test.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"],
    ["2001:db8:1:2::9", "2001:db8:1:2::"],
    ["2001:db8::9", "2001:db8:0:0::"],
    ["fe80::1%eth0", "fe80:0:0:0::"],
    ["::1", "::1"],
  ])("of %s is its network, because its holder has all of it", (address, network) => {
    expect(clientAddressOf(from(address), null)).toBe(network);
  });
});
