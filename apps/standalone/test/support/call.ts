/** tRPC over plain HTTP, the way any client in any language would speak it. */

export interface Refused {
  readonly message: string;
  readonly data: {
    readonly code: string;
    readonly refusal?: { readonly code: string; readonly [fact: string]: unknown };
  };
}

export type Answer<Data> =
  | { readonly ok: true; readonly status: number; readonly data: Data }
  | { readonly ok: false; readonly status: number; readonly error: Refused };

export interface Caller {
  readonly url: string;
  /** A session cookie or a runner key. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Longer than anything should take, even a database that is waited for. */
const ANSWER_WITHIN_MS = 20_000;

export function query<Data>({ url, headers }: Caller, path: string, input?: object) {
  const search = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return send<Data>(`${url}/trpc/${path}${search}`, { headers: { ...headers } });
}

export function mutate<Data>({ url, headers }: Caller, path: string, input: object) {
  return send<Data>(`${url}/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(input),
  });
}

async function send<Data>(address: string, request: RequestInit): Promise<Answer<Data>> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(address, { ...request, signal });
  const { status } = response;
  const text = await response.text();
  const body = JSON.parse(text === "" ? "{}" : text) as {
    result?: { data: Data };
    error?: Refused;
  };
  if (body.result !== undefined) return { ok: true, status, data: body.result.data };
  const error = body.error ?? { message: text, data: { code: "UNREADABLE" } };
  return { ok: false, status, error };
}

/** What a test cannot go on without. */
export async function accepted<Data>(answer: Answer<Data> | Promise<Answer<Data>>): Promise<Data> {
  const settled = await answer;
  if (settled.ok) return settled.data;
  throw new Error(`Refused with ${settled.status}: ${JSON.stringify(settled.error)}`);
}
