import { describe, expect, test } from "vitest";
import { runnerCommand, shellWord, targetUrlOf } from "./runner-command.ts";

const parts = {
  serverUrl: "http://localhost:3000",
  runnerKey: "rk_live_abc123",
  targetUrl: "https://shop.acme.test",
};

describe("the runner command", () => {
  test("carries the server, the key, the target and the scanner", () => {
    expect(runnerCommand({ ...parts, scanner: "nmap -sV shop.acme.test" })).toBe(
      [
        "SCANMETER_URL=http://localhost:3000 \\",
        "SCANMETER_RUNNER_KEY=rk_live_abc123 \\",
        "npm run runner -- run --target https://shop.acme.test -- nmap -sV shop.acme.test",
      ].join("\n"),
    );
  });

  test("says where the scanner goes as long as none was typed", () => {
    expect(runnerCommand({ ...parts, scanner: " " })).toMatch(/-- <your scanner>$/);
  });

  test("says where the key and the target go when they are not known", () => {
    const command = runnerCommand({ ...parts, runnerKey: null, targetUrl: null, scanner: "nmap" });
    expect(command).toContain("SCANMETER_RUNNER_KEY=<key> ");
    expect(command).toContain("--target <address> -- nmap");
  });

  test("an address with shell characters stays one word", () => {
    expect(shellWord("https://a.test/?a=1&b=$HOME")).toBe("'https://a.test/?a=1&b=$HOME'");
    expect(shellWord("it's")).toBe(`'it'\\''s'`);
    expect(shellWord("")).toBe("''");
  });
});

describe("a typed target", () => {
  test("without a scheme is taken as https", () => {
    expect(targetUrlOf("shop.acme.test")).toBe("https://shop.acme.test");
    expect(targetUrlOf(" localhost:8080/app ")).toBe("https://localhost:8080/app");
  });

  test("with a scheme is left as it was typed", () => {
    expect(targetUrlOf("http://10.0.0.1")).toBe("http://10.0.0.1");
  });

  test("that no scanner could reach is refused", () => {
    for (const bad of ["", "  ", "two words", "ftp://acme.test", "javascript://x", "https://"]) {
      expect(targetUrlOf(bad), bad).toBeUndefined();
    }
  });
});
