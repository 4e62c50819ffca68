import { DatabaseUnavailable } from "./failures.ts";

/** A server that stalls for longer than this is told from one that is only slow. */
const ANSWER_LIMIT_MS = 30_000;

/**
 * How the client asks a server: whatever keeps it from an answer in the server's language becomes a
 * `DatabaseUnavailable` here, where it is known that it was the database that was asked.
 */
export async function askServer(request: Request, limitMs = ANSWER_LIMIT_MS): Promise<Response> {
  const answer = await read(request, limitMs);
  if (answer.status === 429) {
    const sentence = "The database server takes no more requests just now; try again.";
    throw new DatabaseUnavailable("overloaded", sentence);
  }
  if (answer.status === 401 || answer.status === 403) {
    const sentence = "The database server refuses the token; check DATABASE_AUTH_TOKEN.";
    throw new DatabaseUnavailable("unreachable", sentence);
  }
  const isJson = answer.headers.get("content-type")?.includes("json") === true;
  if (!isJson) throw unreachable(new Error(`It answered ${answer.status}, and not in JSON.`));
  return answer;
}

/** With its whole body, so that a connection that breaks off shows here and not in a parser. */
async function read(request: Request, limitMs: number): Promise<Response> {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(limitMs) });
    const { status, headers } = response;
    return new Response(await response.arrayBuffer(), { status, headers });
  } catch (error) {
    throw unreachable(error);
  }
}

function unreachable(cause: unknown): DatabaseUnavailable {
  const sentence = "The database server does not answer; check DATABASE_URL and that it runs.";
  return new DatabaseUnavailable("unreachable", sentence, cause);
}
