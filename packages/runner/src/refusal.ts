/**
 * The two ways a call ends without an answer one hoped for. A refusal is the platform's considered
 * no: asking again changes nothing. Unreachable means nobody answered for as long as we were willing
 * to ask, so whether the call took effect is unknown; every call is safe to repeat.
 */
export class RunnerRefusal extends Error {
  /** A stable snake_case code, for example `insufficient_credits` or `scan_already_ended`. */
  readonly code: string;
  /** What the platform said besides the code. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(refusal: {
    readonly code: string;
    readonly facts?: Readonly<Record<string, unknown>>;
    /** How the platform puts it to people. */
    readonly sentence?: string;
  }) {
    super(refusal.sentence || `refused: ${refusal.code}`);
    this.name = "RunnerRefusal";
    this.code = refusal.code;
    this.facts = refusal.facts ?? {};
  }
}

export class RunnerUnreachable extends Error {
  /** One phrase for people, such as `ECONNREFUSED` or `HTTP 503`. */
  readonly reason: string;

  constructor(reason: string, cause: unknown) {
    super(`no answer: ${reason}`, { cause });
    this.name = "RunnerUnreachable";
    this.reason = reason;
  }
}

const afterTheEnd: ReadonlySet<string> = new Set([
  "scan_not_found",
  "scan_already_ended",
  "runner_key_not_found",
  "account_not_found",
  "forbidden",
  "unauthorized",
]);

/**
 * Whether a refused heartbeat means that the scan is over for this runner. Only these codes do: an
 * unknown one is no reason to kill a scan that has been running for hours.
 */
export function endsTheScan(refusal: RunnerRefusal): boolean {
  return afterTheEnd.has(refusal.code);
}
