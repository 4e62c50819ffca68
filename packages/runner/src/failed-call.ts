import { TRPCClientError } from "@trpc/client";
import { RunnerRefusal } from "./refusal.ts";

/** Why one attempt failed, and whether another may go better. */
export type FailedCall =
  | { readonly again: false; readonly refusal: RunnerRefusal }
  | { readonly again: true; readonly reason: string; readonly waitAtLeastMs: number };

/** Something answered, but not Scanmeter: a proxy while the edge restarts, or a wrong address. */
export class NotScanmeter extends Error {
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(response: Response) {
    super(`HTTP ${response.status} that is not an answer of Scanmeter`);
    this.status = response.status;
    this.retryAfterMs = retryAfterMs(response);
  }
}

const RETRY_AFTER_MAX_MS = 60_000;

/**
 * Sorts a failure. The status decides first: 408, 429 and 5xx may go better next time whatever the
 * body says. Then whatever else Scanmeter itself answered is a no. All that remains (no connection, a
 * proxy's page, half an answer) is the road between us, and worth another try.
 */
export function failedCallOf(error: unknown): FailedCall {
  const data = error instanceof TRPCClientError ? recordOf(error.data) : undefined;
  if (!data) return { again: true, reason: reasonOf(error), waitAtLeastMs: waitOf(error) };

  const status = typeof data.httpStatus === "number" ? data.httpStatus : 500;
  if (status === 408 || status === 429 || status >= 500) {
    return { again: true, reason: `HTTP ${status}`, waitAtLeastMs: waitOf(error) };
  }
  const { code, ...facts } = recordOf(data.refusal) ?? {};
  const said = typeof code === "string" ? code : String(data.code ?? "refused").toLowerCase();
  const sentence = error instanceof Error ? error.message : "";
  return { again: false, refusal: new RunnerRefusal({ code: said, facts, sentence }) };
}

/** The innermost cause that says something; fetch wraps "ECONNREFUSED" in "fetch failed". */
function reasonOf(error: unknown): string {
  let reason = "no connection";
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = "code" in at && typeof at.code === "string" ? at.code : undefined;
    if (at.name === "TimeoutError") return "no answer in time";
    reason = code ?? (at.message || reason);
  }
  return reason;
}

function waitOf(error: unknown): number {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof NotScanmeter) return at.retryAfterMs;
    if (at instanceof TRPCClientError) {
      const response = at.meta?.response;
      if (response instanceof Response) return retryAfterMs(response);
    }
  }
  return 0;
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return seconds > 0 ? Math.min(seconds * 1_000, RETRY_AFTER_MAX_MS) : 0;
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? { ...value } : undefined;
}
