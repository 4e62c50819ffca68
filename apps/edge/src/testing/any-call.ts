import type { ErrorShape } from "../trpc/error-shape.ts";
import { openBareSocket } from "./clients.ts";
import type { KnownProcedure } from "./procedures.ts";
import { askWith, commandWith, type Headered } from "./raw-calls.ts";

export interface Caller {
  readonly url: string;
  /** How the caller proves who they are over HTTP. */
  readonly headers: Headered;
  /** And over WebSocket. */
  readonly socket: {
    readonly headers?: Headered;
    readonly runnerKey?: string;
  };
}

export interface CallAnswer {
  readonly data?: unknown;
  readonly error?: ErrorShape;
}

/** Calls a procedure by the way its kind is called, with input that is JSON but otherwise anything. */
export async function callAny(
  caller: Caller,
  { path, type }: Pick<KnownProcedure, "path" | "type">,
  json: string | undefined,
): Promise<CallAnswer> {
  if (type === "subscription") return subscribe(caller, path, json);
  const send = type === "query" ? askWith : commandWith;
  const { body } = await send(caller.url, path, json, caller.headers);
  return body.error ? { error: body.error } : { data: body.result?.data };
}

interface SocketMessage {
  readonly id: number | null;
  readonly error?: ErrorShape;
  readonly result?: { readonly type: string; readonly data?: { readonly data: unknown } };
}

async function subscribe(caller: Caller, path: string, json: string | undefined) {
  const { runnerKey, headers = {} } = caller.socket;
  const bare = await openBareSocket(caller.url, {
    path: runnerKey === undefined ? "/trpc" : "/trpc?connectionParams=1",
    headers,
  });
  try {
    if (runnerKey !== undefined) {
      bare.send({ method: "connectionParams", data: { authorization: `Bearer ${runnerKey}` } });
    }
    const input = json === undefined ? "" : `,"input":${json}`;
    bare.send(`{"id":1,"method":"subscription","params":{"path":${JSON.stringify(path)}${input}}}`);
    const answer = await bare.until<SocketMessage>(
      ({ error, result }) => error !== undefined || result?.type === "data",
    );
    return answer.error ? { error: answer.error } : { data: answer.result?.data?.data };
  } finally {
    bare.socket.terminate();
  }
}
