/**
 * Asks a Redis on this machine who it is, without a client library. Used to know
 * when a server is ready, and that a process left behind really is ours before
 * it is touched.
 */
import { connect } from "node:net";

const PATIENCE_MS = 2_000;

/** @returns {Promise<{ pid: number, dir: string } | null>} null when nothing there answers as a Redis */
export async function identifyRedis(port) {
  const info = await ask(port, "INFO server");
  const dir = await ask(port, "CONFIG GET dir");
  const pid = /^process_id:(\d+)/m.exec(info ?? "")?.[1];
  const folder = dir?.split("\r\n")[4];
  return pid && folder ? { pid: Number(pid), dir: folder } : null;
}

export async function isReady(port) {
  return (await ask(port, "PING")) === "+PONG\r\n";
}

// The server closes the connection after QUIT, so the whole reply is what came before its +OK.
function ask(port, command) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let reply = "";
    socket.setEncoding("utf8").setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.once("connect", () => socket.write(`${command}\r\nQUIT\r\n`));
    socket.on("data", (chunk) => {
      reply += chunk;
    });
    socket.once("error", () => resolve(null));
    socket.once("close", () =>
      resolve(reply.endsWith("+OK\r\n") ? reply.slice(0, -"+OK\r\n".length) : null),
    );
  });
}
