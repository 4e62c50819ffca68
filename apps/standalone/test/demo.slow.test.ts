/** `npm run demo` from the outside: what it shows, what it leaves, and that it does not claim what it did not see. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { accepted, query } from "./support/call.ts";
import { overviewOf } from "./support/customer.ts";
import { isThere, launch, stopLaunched } from "./support/launched.ts";
import { buildProduct, runOps } from "./support/product.ts";
import { endPrograms, Program } from "./support/program.ts";

const script = fileURLToPath(new URL("../../../scripts/demo.mjs", import.meta.url));

let dir: string;
let server: Server | undefined;

beforeAll(() => buildProduct("web", "standalone", "runner", "local-stripe"));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "demo-"));
});

afterEach(async () => {
  server?.close();
  server = undefined;
  await stopLaunched();
  await endPrograms();
  rmSync(dir, { recursive: true, force: true });
});

/** Whatever it starts itself keeps its files here. */
const ownFolder = () => join(dir, "tmp");

function demo(port: string): Program {
  mkdirSync(ownFolder());
  const env = { HOME: process.env.HOME ?? "/", TMPDIR: ownFolder(), PORT: port };
  return new Program(process.execPath, [script], { env });
}

test("a running sandbox is shown around in, from credits that end to credits that are renewed, and its books close", async () => {
  const { url, demo: customer } = await launch({ DATA_DIR: join(dir, "data") });
  const { code, output, errors } = await demo(new URL(url).port).ended;
  expect({ code, errors }, output).toEqual({ code: 0, errors: "" });

  const story = [
    `A tour of Scanmeter on ${url}`,
    /^\S+ \S+ +-50 +0 left {2}Credits expired$/,
    "No credits are left, so it charges at once.",
    /\+2 +2 left {2}Credits added: purchase$/,
    /-1 +0 left {2}Hour 2 of tour$/,
    /\+2 +2 left {2}Credits added: purchase$/,
    /^scanmeter: paused: no credits left/,
    /^The page says: The bank declined the payment\..* It is tried again at /,
    /^scanmeter: resumed/,
    "scanmeter: scan finished: 5 credits for 4 h ",
    /\+25 +26 left {2}Credits added: purchase$/,
    "The receipt: 2 credits for EUR 23.80",
    /^ {2}25 credits +until \S+ \S+ +now until /,
    /^ {2}EUR 23\.80 will be charged on /,
    /^ {2}Receipt for EUR 23\.80, invoice /,
    /28 left {2}28 of them until /,
    "All of it was seen, in ",
    "The account stays as it is: ",
  ];
  const lines = output.split("\n");
  for (const part of story) {
    const isIt = (line: string) =>
      typeof part === "string" ? line.startsWith(part) : part.test(line);
    const at = lines.findIndex(isIt);
    expect(at, `${part} is missing from the rest:\n${output}`).toBeGreaterThanOrEqual(0);
    lines.splice(0, at + 1);
  }

  // The page would show the same, and time goes on as before.
  expect((await overviewOf(customer)).balance).toMatchObject({ available: 28, paid: 28 });
  expect(await accepted(query(customer, "sandbox.clock"))).toMatchObject({ rate: 1 });
  expect(readdirSync(ownFolder())).toEqual([]);
  expect(await runOps(join(dir, "data"), "audit")).toMatchObject({ code: 0 });
});

test("where no sandbox runs it brings its own, and nothing of it is left when it is interrupted", async () => {
  const program = demo("0");
  const first = await program.says(/^A tour of Scanmeter on /, 60_000);
  await program.says(/Hour 1 of tour$/);
  const { code, output } = await program.stop();
  expect(code, output).toBe(130);
  expect(output).toMatch(/^Interrupted\.$/m);
  expect(await isThere(first.split(" ").at(-1) ?? "")).toBe(false);
  expect(readdirSync(ownFolder())).toEqual([]);
});

test("a sandbox without the demo customer is told apart from a tour that was seen", async () => {
  server = createServer((request, response) => {
    const isAsked = request.url?.startsWith("/trpc/sandbox.info");
    response.writeHead(isAsked ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ result: { data: { stripeUrl: "http://127.0.0.1:1" } } }));
  });
  await new Promise<void>((resolve) => server?.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  const { code, output } = await demo(String(port)).ended;
  expect(code).toBe(1);
  expect(output).toMatch(/^Nobody can sign in to .+ as demo@scanmeter\.test \(status 401\)/m);
});
