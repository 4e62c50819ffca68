/**
 * Reads a whole body, or nothing at all of one that is too large. What a client says about the length
 * saves work when it is honest; a body sent in pieces is counted as it arrives.
 */
export async function readLimitedBody(
  request: Request,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | "too large"> {
  const said = request.headers.get("content-length");
  if (said !== null && !(Number(said) <= bytesMax)) return "too large";
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(pieces, length));
    length += value.byteLength;
    if (length > bytesMax) {
      await reader.cancel().catch(() => {});
      return "too large";
    }
    pieces.push(value);
  }
}

/**
 * Whether the client names a length that is small enough. Node's parser holds it to that length, so
 * its body needs no counting and can be left to whoever parses it, which is much cheaper.
 */
export function saysLengthUpTo(request: Request, bytesMax: number): boolean {
  const said = request.headers.get("content-length");
  return said !== null && Number(said) <= bytesMax;
}
