import type { EdgeLimits } from "../limits.ts";
import type { CloseReason } from "./close-codes.ts";
import type { Connection } from "./connection.ts";

/**
 * Ends a socket that says nothing, or far too much. The first message of a socket that promised
 * connection params is the params.
 */
export function watchWords(
  { socket }: Connection,
  limits: EdgeLimits,
  end: (why: CloseReason) => void,
): void {
  const silence = setTimeout(() => end("tooQuiet"), limits.socketSpeaksWithinMs);
  silence.unref();
  let secondOf = 0;
  let messages = 0;
  socket.on("message", () => {
    clearTimeout(silence);
    const second = Math.floor(performance.now() / 1_000);
    if (second !== secondOf) {
      secondOf = second;
      messages = 0;
    }
    messages += 1;
    if (messages === limits.socketMessagesPerSecondMax + 1) end("tooChatty");
  });
  socket.once("close", () => clearTimeout(silence));
}
