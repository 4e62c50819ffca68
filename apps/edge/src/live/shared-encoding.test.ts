import { jsonEncoder } from "@trpc/server/adapters/ws";
import { describe, expect, test } from "vitest";
import { aFrame } from "../testing/frames.ts";
import { createSharedEncoder } from "./shared-encoding.ts";

const frame = aFrame({ version: 7, reason: 'a "quoted" reason \u2028 and more' });
const messageFor = (id: unknown, more: object = {}) => ({
  id,
  ...more,
  result: { type: "data", id: "7", data: { id: "7", data: frame } },
});
const textOf = (encoded: string | Uint8Array) =>
  typeof encoded === "string" ? encoded : Buffer.from(encoded).toString();

describe("a message with a frame", () => {
  test.each([
    messageFor(1),
    messageFor('a string "id"'),
    messageFor(1, { jsonrpc: "2.0" }),
    messageFor(2 ** 40),
  ])("is what the library's own encoder writes: %j", (message) => {
    const encoder = createSharedEncoder();
    expect(JSON.parse(textOf(encoder.encode(message)))).toEqual(
      JSON.parse(textOf(jsonEncoder.encode(message))),
    );
  });

  test("is made into text once, however many sockets are sent it", () => {
    let encodings = 0;
    const encoder = createSharedEncoder(() => {
      encodings += 1;
    });
    const sent = Array.from({ length: 1_000 }, (_, i) => encoder.encode(messageFor(1 + (i % 3))));
    expect(encodings).toBe(1);
    expect(new Set(sent).size).toBe(3);
  });

  test("does not take over another client's beginning", () => {
    const encoder = createSharedEncoder();
    encoder.encode(messageFor(1, { jsonrpc: "2.0" }));
    expect(textOf(encoder.encode(messageFor(1)))).not.toContain("jsonrpc");
    expect(textOf(encoder.encode(messageFor("1")))).toContain('{"id":"1"');
  });
});

test.each([
  { id: 1, result: { type: "started" } },
  { id: 1, result: { type: "data", data: { id: "7", data: null } } },
  { id: 1, result: { type: "data", data: null } },
  { id: null, error: { message: "no", code: -32600, data: { code: "BAD_REQUEST" } } },
  { id: null, method: "reconnect" },
])("any other message is what the library's own encoder writes: %j", (message) => {
  expect(createSharedEncoder().encode(message)).toBe(jsonEncoder.encode(message));
});
