/** The least that anybody could do: a page with one number and a button, and a socket that changes it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";

const PAGE = `<!doctype html>
<html lang="en">
<title>Bare</title>
<p class="chip__number balance__number">0</p>
<a href="/checkout/order">BUY CREDITS</a>
<script>
  const number = document.querySelector("p").firstChild;
  const socket = new WebSocket("ws://" + location.host);
  socket.addEventListener("message", ({ data }) => { number.textContent = data; });
</script>
</html>`;

export interface BarePage {
  readonly url: string;
  tell(text: string): void;
  close(): Promise<void>;
}

export async function openBarePage(): Promise<BarePage> {
  const server = createServer((_request, response) =>
    response.setHeader("content-type", "text/html").end(PAGE),
  );
  const sockets = new WebSocketServer({ server });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell(text) {
      for (const socket of sockets.clients) socket.send(text);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}
