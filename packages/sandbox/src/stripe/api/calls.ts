/** The course of every call: who asks, seen before?, may it go wrong?, what is asked, do it, remember the answer. */
import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Fault, FaultRules } from "../faults/fault-rules.ts";
import { misbehave } from "../faults/misbehave.ts";
import { newId } from "../ids.ts";
import type { World } from "../world.ts";
import { authenticate } from "./authentication.ts";
import type { Endpoint, PathIds } from "./endpoint.ts";
import { ApiError, invalidRequest, keyInUse, unexpectedFailure } from "./errors.ts";
import { expand } from "./expand.ts";
import { BadForm, parseForm, type RawObject } from "./form.ts";
import { parseShape } from "./params.ts";
import { findReply, fingerprintOf, type Keyed, keepReply } from "./replies.ts";
import { type Reply, respond } from "./reply.ts";

export interface Call {
  readonly endpoint: Endpoint;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly ids: PathIds;
  readonly header: (name: string) => string | undefined;
  readonly node: HttpBindings;
}

export interface CallRecord {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly idempotencyKey: string | null;
  readonly status: number;
  readonly isReplay: boolean;
  readonly fault: string | null;
}

interface Context {
  readonly world: World;
  readonly faults: FaultRules;
  readonly record: (call: CallRecord) => void;
  /** The true address in place of the placeholder. */
  readonly wire: (text: string) => string;
  /** Something was written, so something may be due. */
  readonly onChange: () => void;
}

const KEY_LENGTH_MAX = 255;

export function makeCaller(context: Context) {
  const { world } = context;
  const underWay = new Set<string>();

  return async function answer(call: Call): Promise<Response> {
    const requestId = newId("req", 14);
    const { endpoint, path } = call;
    let fault: Fault | null = null;
    let reply: Reply;
    try {
      authenticate(call.header);
      fault = context.faults.take(endpoint.method, path);
      if (fault !== null && isInsteadOfExecution(fault)) {
        note(call, requestId, fault, null);
        return misbehave(fault, null, call.node);
      }
      reply = await once(call, requestId, fault);
    } catch (error) {
      reply = replyTo(error);
    }
    const key = call.header("idempotency-key");
    const headers = { "request-id": requestId, ...(key && { "idempotency-key": key }) };
    reply = { ...reply, body: context.wire(reply.body), headers: { ...headers, ...reply.headers } };
    note(call, requestId, fault, reply);
    if (fault?.phase === "after" && fault.kind === "delay") await wait(fault.ms);
    if (fault?.phase === "after" && !["delay", "error_500"].includes(fault.kind))
      return misbehave(fault, reply, call.node);
    return respond(reply, { shouldRetry: fault?.shouldRetry ?? null });
  };

  /** A key is taken while its request runs, so that a repetition meanwhile cannot run as well. */
  async function once(call: Call, requestId: string, fault: Fault | null): Promise<Reply> {
    const key = call.endpoint.method === "post" ? call.header("idempotency-key") : undefined;
    if (key === undefined) return run(call, requestId, null, fault);
    if (key.length > KEY_LENGTH_MAX)
      throw invalidRequest("Idempotency keys may be at most 255 characters long.");
    const fingerprint = fingerprintOf(call.endpoint.method, call.path, call.body);
    const keyed = { key, fingerprint, requestId };
    if (underWay.has(key)) throw keyInUse(key);
    const stored = findReply(world.store, world.clock, keyed);
    if (stored !== null) return stored;
    underWay.add(key);
    try {
      return await run(call, requestId, keyed, fault);
    } finally {
      underWay.delete(key);
    }
  }

  async function run(
    call: Call,
    requestId: string,
    keyed: Keyed | null,
    fault: Fault | null,
  ): Promise<Reply> {
    if (fault?.phase === "before" && fault.kind === "delay") await wait(fault.ms);
    const failure = fault?.kind === "error_500" ? replyTo(unexpectedFailure()) : null;
    // What does not parse never began to execute, so nothing is kept of it.
    const { expand: paths = [], ...params } = parse(call);
    if (failure !== null && fault?.phase === "before") return keep(keyed, failure);
    world.cause = { requestId, idempotencyKey: keyed?.key ?? null };
    try {
      return world.store.transaction(() => {
        const reply = execute(call, params, paths as string[]);
        return keep(keyed, failure ?? reply);
      });
    } catch (error) {
      console.error(`${call.endpoint.method} ${call.path} failed:`, error);
      return keep(keyed, replyTo(unexpectedFailure()));
    } finally {
      context.onChange();
    }
  }

  /** A refusal is an answer too: a decline leaves a failed charge behind, and that is committed. */
  function execute(call: Call, params: Record<string, unknown>, paths: readonly string[]): Reply {
    try {
      const done = call.endpoint.run(world, params, call.ids);
      return { status: 200, body: JSON.stringify(expand(world, done, paths)) };
    } catch (error) {
      if (error instanceof ApiError) return replyTo(error);
      throw error;
    }
  }

  function keep(keyed: Keyed | null, reply: Reply): Reply {
    if (keyed !== null) keepReply(world.store, world.clock, keyed, reply);
    return reply;
  }

  function note(call: Call, requestId: string, fault: Fault | null, reply: Reply | null): void {
    context.record({
      requestId,
      method: call.endpoint.method,
      path: call.path,
      idempotencyKey: call.header("idempotency-key") ?? null,
      status: reply?.status ?? 0,
      isReplay: reply?.headers?.["idempotent-replayed"] !== undefined,
      fault: fault === null ? null : `${fault.kind} ${fault.phase}`,
    });
  }
}

/** The answer to an address this Stripe does not have: with an error, because the SDK takes JSON without one for success. */
export function unknownPath(method: string, path: string): Response {
  const { status, body } = new ApiError(404, {
    type: "invalid_request_error",
    message: `Unrecognized request URL (${method}: ${path}).`,
  });
  return respond({ status, body: JSON.stringify(body) });
}

function parse({ endpoint, query, body }: Call): Record<string, unknown> {
  let raw: RawObject;
  try {
    raw = parseForm(endpoint.method === "post" ? body : query);
  } catch (error) {
    if (error instanceof BadForm) throw invalidRequest(error.message);
    throw error;
  }
  return parseShape(endpoint.shape, raw);
}

function isInsteadOfExecution({ phase, kind }: Fault): boolean {
  return phase === "before" && kind !== "delay" && kind !== "error_500";
}

function replyTo(error: unknown): Reply {
  if (!(error instanceof ApiError)) throw error;
  return { status: error.status, body: JSON.stringify(error.body) };
}
