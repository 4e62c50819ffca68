import { expect, test } from "vitest";
import { endpointsOf, runnerKeyOf } from "./connection.ts";

test.each([
  ["http://localhost:3000", "http://localhost:3000/trpc", "ws://localhost:3000/trpc"],
  ["https://meter.example/", "https://meter.example/trpc", "wss://meter.example/trpc"],
  ["https://example.com/meter/", "https://example.com/meter/trpc", "wss://example.com/meter/trpc"],
])("%s is spoken to at %s and %s", (url, http, ws) => {
  expect(endpointsOf(url)).toMatchObject({ http, ws });
});

test.each(["", "localhost:3000", "ftp://meter.example", "rk_secret"])(
  "the url %j is refused without being repeated",
  (url) => {
    expect(() => endpointsOf(url)).toThrow(/^the url of Scanmeter must start with https?:\/\//);
  },
);

test("a url that carries a password is refused", () => {
  expect(() => endpointsOf("https://me:secret@meter.example")).toThrow(/^the url must not carry/);
});

test("a key read from a file may end in a newline", () => {
  expect(runnerKeyOf("rk_secret\n")).toBe("rk_secret");
});

// A newline within would make fetch fail with a message that holds the whole header.
test.each(["", "  ", "rk_a\nrk_b", "rk_ä"])(
  "the key %j is refused without being repeated",
  (key) => {
    expect(() => runnerKeyOf(key)).toThrow(/^the runner key (is empty|holds a character)/);
  },
);
