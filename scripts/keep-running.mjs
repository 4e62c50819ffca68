/**
 * Keeps a program beside the application: one that dies by itself comes back at the same address, so
 * that its clients find it again without being told.
 */
import { setTimeout as delay } from "node:timers/promises";

const RESTART_PAUSE_MS = 2_000;

/**
 * @template {{ port: number, exited: Promise<number>, stop(): Promise<void> }} Server
 * @param {string} name for the one sentence that is said about it
 * @param {(port?: number) => Promise<Server>} start
 * @returns {Promise<Server>} as it was first started; its `stop` ends whichever runs by then
 */
export async function keepRunning(name, start) {
  let isStopping = false;
  const first = await start();
  let current = first;
  const kept = keep();
  return { ...first, stop };

  async function keep() {
    for (;;) {
      const code = await current.exited;
      if (isStopping) return;
      console.error(`${name} ended unexpectedly (${code}); starting it again.`);
      const next = await startAgain();
      if (!next) return;
      current = next;
      if (isStopping) await current.stop();
    }
  }

  async function startAgain() {
    while (!isStopping) {
      try {
        return await start(first.port);
      } catch (error) {
        console.error(error.message);
        await delay(RESTART_PAUSE_MS);
      }
    }
    return undefined;
  }

  async function stop() {
    isStopping = true;
    await current.stop();
    await kept;
  }
}
