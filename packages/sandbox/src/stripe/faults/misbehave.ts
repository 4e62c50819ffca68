/** Answers that are none: a cut connection, a proxy's page, half of the truth. */
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { keyInUse, rateLimited } from "../api/errors.ts";
import { type Reply, respond } from "../api/reply.ts";
import type { Fault } from "./fault-rules.ts";

/** @param reply what would have been answered; null if nothing was executed */
export function misbehave(fault: Fault, reply: Reply | null, node: HttpBindings): Response {
  switch (fault.kind) {
    case "reset":
      node.incoming.socket.resetAndDestroy();
      return RESPONSE_ALREADY_SENT;
    case "truncate":
      return truncate(reply?.body ?? '{"object": "nothing was executed"}', node);
    case "html_502":
      return new Response("<html><body><h1>502 Bad Gateway</h1></body></html>\n", {
        status: 502,
        headers: { "content-type": "text/html" },
      });
    // What a proxy says when it is asked for JSON. The SDK takes it for a success.
    case "json_502":
      return Response.json({ message: "Bad Gateway" }, { status: 502 });
    case "error_409":
      return respond({ status: 409, body: JSON.stringify(keyInUse("unknown").body) }, fault);
    case "error_429":
      return respond({ status: 429, body: JSON.stringify(rateLimited().body) }, fault);
    case "delay":
    case "error_500":
      throw new Error(`${fault.kind} is part of the execution`);
  }
}

function truncate(body: string, { incoming, outgoing }: HttpBindings): Response {
  const bytes = Buffer.from(body);
  outgoing.writeHead(200, { "content-type": "application/json", "content-length": bytes.length });
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => incoming.socket.destroy());
  return RESPONSE_ALREADY_SENT;
}
