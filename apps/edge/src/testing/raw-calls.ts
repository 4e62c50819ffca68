/** Calls as anybody could make them, without a client that keeps to the rules. */
import type { ErrorShape } from "../trpc/error-shape.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly result?: { readonly data: unknown }; readonly error?: ErrorShape };
}

export type Headered = Record<string, string>;

export async function ask(url: string, path: string, input: unknown, headers: Headered = {}) {
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  return answerOf(await fetch(`${url}/trpc/${path}${query}`, { headers }));
}

export async function command(url: string, path: string, input: unknown, headers: Headered = {}) {
  return commandWith(url, path, input === undefined ? undefined : JSON.stringify(input), headers);
}

/** With a body that is not what it says it is. */
export async function commandWith(
  url: string,
  path: string,
  body: string | undefined,
  headers: Headered = {},
) {
  return answerOf(
    await fetch(`${url}/trpc/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body }),
    }),
  );
}

async function answerOf(response: Response): Promise<RawAnswer> {
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as RawAnswer["body"] };
}
