/**
 * The WebSocket adapter's encoder. It speaks the same JSON as the library's own, but a frame that
 * many sockets are sent is made into text once: the message around it differs by the call's id only,
 * and nearly all clients use the same few ids.
 */
import type { LiveFrame } from "@scanmeter/contracts/live";
import { type Encoder, jsonEncoder } from "@trpc/server/adapters/ws";

/** What the adapter hands over for a tracked value. Its frame is recognised by identity. */
interface TrackedMessage {
  readonly id: number | string;
  readonly jsonrpc?: "2.0";
  readonly result: {
    readonly type: "data";
    readonly id: string;
    readonly data: { readonly id: string; readonly data: LiveFrame };
  };
}

interface Encoded {
  readonly frame: string;
  /** The whole message by its beginning, as bytes, so that sending it copies nothing. */
  readonly messages: Map<string, Uint8Array<ArrayBuffer>>;
}

/** Clients count their calls from one; whoever picks odd ids gets text of their own. */
const MESSAGES_MAX = 32;

export function createSharedEncoder(onEncoding: () => void = () => {}): Encoder {
  const encoded = new WeakMap<LiveFrame, Encoded>();

  const encodedFrame = (frame: LiveFrame): Encoded => {
    let known = encoded.get(frame);
    if (known === undefined) {
      onEncoding();
      known = { frame: JSON.stringify(frame), messages: new Map() };
      encoded.set(frame, known);
    }
    return known;
  };

  return {
    encode(message) {
      if (!isTrackedFrame(message)) return jsonEncoder.encode(message);
      const { frame, messages } = encodedFrame(message.result.data.data);
      const beginning = beginningOf(message);
      let bytes = messages.get(beginning);
      if (bytes === undefined) {
        bytes = Buffer.from(beginning + restOf(message, frame));
        if (messages.size < MESSAGES_MAX) messages.set(beginning, bytes);
      }
      return bytes;
    },
    decode: (data) => jsonEncoder.decode(data),
  };
}

/** The part of the message that differs between sockets. */
function beginningOf({ id, jsonrpc }: TrackedMessage): string {
  const rpc = jsonrpc === undefined ? "" : `,"jsonrpc":"${jsonrpc}"`;
  return `{"id":${JSON.stringify(id)}${rpc}`;
}

function restOf({ result }: TrackedMessage, frame: string): string {
  const eventId = JSON.stringify(result.id);
  return `,"result":{"type":"data","id":${eventId},"data":{"id":${eventId},"data":${frame}}}}`;
}

function isTrackedFrame(message: unknown): message is TrackedMessage {
  const frame = (message as { result?: { data?: { data?: unknown } } }).result?.data?.data;
  return (
    typeof frame === "object" && frame !== null && "runningScans" in frame && "reason" in frame
  );
}
