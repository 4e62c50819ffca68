/**
 * One process at a time for a folder. The lock is a listening local socket, so
 * the kernel lets go of it when its holder dies, even by SIGKILL: there is no
 * stale lock to judge. On Linux the name lives in no file system at all.
 */
import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * @param {string} folder
 * @returns {Promise<{ release(): void } | null>} null while another process holds it
 */
export async function lockFolder(folder) {
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 32);
  if (process.platform === "linux") return listenAt(`\0scanmeter-${name}`);

  const path = join(tmpdir(), `scanmeter-${name}.sock`);
  const lock = await listenAt(path);
  if (lock || (await answers(path))) return lock;
  rmSync(path, { force: true });
  return listenAt(path);
}

function listenAt(path) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(path, () => resolve({ release: () => server.close() }));
  });
}

function answers(path) {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
