/** Calls as anybody could make them, without a client that keeps to the rules. */
import type { ErrorShape } from "../trpc/error-shape.ts";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly result?: { readonly data: unknown }; readonly error?: ErrorShape };
}

export type Headered = Record<string, string>;

export async function ask(url: string, path: string, input: unknown, headers: Headered = {}) {
  return askWith(url, path, input === undefined ? undefined : JSON.stringify(input), headers);
}

/** With an input that no client would write, such as a number larger than numbers are. */
export async function askWith(
  url: string,
  path: string,
  json: string | undefined,
  headers: Headered = {},
) {
  const query = json === undefined ? "" : `?input=${encodeURIComponent(json)}`;
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
