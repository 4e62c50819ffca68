/** The product as `npm start` runs it: the launcher with everything it brings along. */
import { execFileSync } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { accepted, type Caller, query } from "./call.ts";
import { Program } from "./program.ts";

const startScript = fileURLToPath(new URL("../../../../scripts/start.mjs", import.meta.url));

export interface Launched {
  readonly url: string;
  readonly program: Program;
  readonly stripeUrl: string | null;
  /** The demo person, signed in. */
  readonly demo: Caller;
}

const running = new Set<Program>();

/** For the end of a test. Killed, they would leave their Redis for a next start that never comes. */
export async function stopLaunched(): Promise<void> {
  await Promise.all([...running].map((program) => program.stop()));
}

export function launcher(env: Readonly<Record<string, string>>): Program {
  const program = new Program(process.execPath, [startScript], {
    env: { HOME: process.env.HOME ?? "/", PORT: "0", LOG_LEVEL: "warn", ...env },
  });
  running.add(program);
  void program.ended.finally(() => running.delete(program));
  return program;
}

export async function launch(env: Readonly<Record<string, string>>): Promise<Launched> {
  const program = launcher(env);
  const ready = "Scanmeter is ready on ";
  const url = (await program.says(new RegExp(`^${ready}`), 60_000)).slice(ready.length);
  await program.says(/^Sign in as /);
  const { stripeUrl } = await accepted(
    query<{ stripeUrl: string | null }>({ url, headers: {} }, "sandbox.info"),
  );
  return { url, program, stripeUrl, demo: await signInDemo(url) };
}

export async function signInDemo(url: string): Promise<Caller> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: "demo@scanmeter.test", password: "demo-scanmeter" }),
  });
  const cookies = response.headers.getSetCookie().map((one) => one.split(";", 1)[0]);
  return { url, headers: { cookie: cookies.join("; ") } };
}

export function isThere(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

/** The processes somebody started, by what is in their command line. */
export function childrenOf(pid: number, pattern: RegExp): number[] {
  const args = ["-o", "pid=,args=", "--ppid", String(pid)];
  const lines = execFileSync("ps", args, { encoding: "utf8" }).split("\n");
  return lines.filter((line) => pattern.test(line)).map((line) => Number.parseInt(line, 10));
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
