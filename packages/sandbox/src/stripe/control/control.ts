/**
 * The hands of a test: what goes wrong, when, and what happens at the bank. One table of doors under
 * one prefix, open only when the process was started for tests.
 */

import type { CallRecord } from "../api/calls.ts";
import { ApiError } from "../api/errors.ts";
import type { FaultRules } from "../faults/fault-rules.ts";
import { matchesPattern } from "../patterns.ts";
import type { Scheduler } from "../scheduler.ts";
import type { DeliveryRules } from "../webhooks/delivery-rules.ts";
import type { Recorder } from "../webhooks/record-event.ts";
import type { World } from "../world.ts";
import { BadControl, type Body, readBody } from "./body.ts";
import { clockControls } from "./clock-controls.ts";
import { faultControls } from "./fault-controls.ts";
import { newsControls } from "./news-controls.ts";
import { objectControls } from "./object-controls.ts";

export const CONTROL_PREFIX = "/_control";

export interface ControlDeps {
  readonly world: World;
  readonly faults: FaultRules;
  readonly rules: DeliveryRules;
  readonly recorder: Recorder;
  readonly scheduler: Scheduler;
  readonly calls: { list(): readonly CallRecord[]; clear(): void };
  /** Sets up again what a reset took away: the endpoints named at the start. */
  readonly seed: () => void;
}

export interface Control {
  readonly method: "GET" | "POST" | "DELETE";
  /** `*` is the id. */
  readonly path: string;
  readonly does: string;
  readonly fields?: readonly string[];
  run(deps: ControlDeps, body: Body, id: string): unknown;
}

const controls: readonly Control[] = [
  ...clockControls,
  ...faultControls,
  ...newsControls,
  ...objectControls,
];

export async function respondToControl(deps: ControlDeps, request: Request): Promise<Response> {
  // A page in the browser must not pull these levers, and only a page sends an origin.
  if (request.headers.has("origin")) return Response.json({ error: "no pages" }, { status: 403 });
  const path = new URL(request.url).pathname.slice(CONTROL_PREFIX.length);
  if (path === "" || path === "/") return Response.json(index());
  const control = controls.find(
    (one) => one.method === request.method && matchesPattern(one.path, path),
  );
  if (control === undefined)
    return Response.json(
      { error: `No such control; GET ${CONTROL_PREFIX} lists them.` },
      { status: 404 },
    );
  try {
    const body = readBody(await request.text(), control.fields ?? []);
    deps.world.cause = { requestId: null, idempotencyKey: null };
    const done = await control.run(deps, body, idIn(control.path, path));
    deps.scheduler.tick();
    return Response.json(done ?? { done: true });
  } catch (error) {
    if (error instanceof ApiError) return Response.json(error.body, { status: error.status });
    if (error instanceof BadControl || error instanceof RangeError)
      return Response.json({ error: error.message }, { status: 400 });
    throw error;
  }
}

function index() {
  return controls.map(({ method, path, does, fields = [] }) => ({
    control: `${method} ${CONTROL_PREFIX}${path}`,
    does,
    fields,
  }));
}

function idIn(pattern: string, path: string): string {
  const at = pattern.split("/").indexOf("*");
  return at === -1 ? "" : decodeURIComponent(path.split("/")[at] ?? "");
}
