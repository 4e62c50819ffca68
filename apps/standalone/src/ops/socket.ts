/**
 * The operator's door into the running instance: HTTP over a Unix socket that only this user can
 * open. The instance owns the database, so whoever wants to write asks it.
 */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Operations } from "@scanmeter/operations";
import type { Logger } from "pino";
import { StartFailure } from "../start-failure.ts";
import { type CommandAnswer, type CommandName, commands, isCommandName } from "./commands.ts";
import { noteSocketPath, opsSocketPath } from "./socket-path.ts";

const BODY_BYTES_MAX = 16 * 1024;
const ANSWER_WITHIN_MS = 30_000;
/** A comparison asks the payment provider about every payment of some days. */
const COMPARED_WITHIN_MS = 15 * 60_000;

export interface OpsSocket {
  close(): Promise<void>;
}

export interface OpsSocketOptions {
  readonly dataDir: string;
  readonly operations: Operations;
  readonly log: Logger;
}

export async function openOpsSocket(options: OpsSocketOptions): Promise<OpsSocket> {
  const { dataDir } = options;
  const path = opsSocketPath(dataDir);
  // Whoever answers there is alive; a socket nobody answers on was left behind by a crash.
  if ((await askInstance(dataDir, "", null)) !== null) {
    throw new StartFailure(
      `Another instance runs in DATA_DIR ${dataDir}; stop it or choose another folder.`,
    );
  }
  rmSync(path, { force: true });
  const server = createServer((incoming, outgoing) => {
    answer(incoming, options).then(
      ({ status, body }) => reply(outgoing, status, body),
      (error) => {
        options.log.error({ err: error }, "An operator's command failed");
        const said = error instanceof Error ? error.message : String(error);
        reply(outgoing, 500, { ok: false, code: "failed", said });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // Made for nobody else from the first moment; the mode is set again in case it is ignored.
    const before = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(before);
  });
  chmodSync(path, 0o600);
  noteSocketPath(dataDir, path);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function answer(
  incoming: IncomingMessage,
  { operations, log }: OpsSocketOptions,
): Promise<{ status: number; body: CommandAnswer }> {
  const name = incoming.url?.slice(1) ?? "";
  if (incoming.method !== "POST" || !isCommandName(name)) {
    return {
      status: 404,
      body: { ok: false, code: "unknown_command", said: "There is no such command." },
    };
  }
  const body = await commands[name](operations, JSON.parse(await textOf(incoming)));
  // A refusal repeats what was typed, which may be anything; that is for whoever typed it.
  if (body.ok) log.info({ command: name }, body.said);
  else log.info({ command: name, code: body.code }, "An operator's command was refused");
  return { status: body.ok ? 200 : 422, body };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of incoming.setEncoding("utf8")) {
    text += chunk;
    if (text.length > BODY_BYTES_MAX) throw new Error("The command is too long.");
  }
  return text;
}

function reply(outgoing: ServerResponse, status: number, body: CommandAnswer): void {
  outgoing.writeHead(status, { "content-type": "application/json", connection: "close" });
  outgoing.end(JSON.stringify(body));
}

/** Asks the instance that runs in this folder; null when none does. */
export function askInstance(
  dataDir: string,
  command: CommandName | "",
  input: unknown,
): Promise<CommandAnswer | null> {
  return new Promise((resolve, reject) => {
    const asking = request({
      socketPath: opsSocketPath(dataDir),
      path: `/${command}`,
      method: "POST",
      headers: { "content-type": "application/json" },
      timeout: command === "reconcile" ? COMPARED_WITHIN_MS : ANSWER_WITHIN_MS,
    });
    asking.once("timeout", () =>
      asking.destroy(new Error("The running instance does not answer.")),
    );
    asking.once("error", (error: NodeJS.ErrnoException) => {
      const isNobodyThere = ["ENOENT", "ECONNREFUSED", "ENOTSOCK"].includes(error.code ?? "");
      if (isNobodyThere) resolve(null);
      else reject(error);
    });
    asking.once("response", (response) => {
      textOf(response).then((text) => resolve(JSON.parse(text)), reject);
    });
    asking.end(JSON.stringify(input));
  });
}
