import { randomBytes } from "node:crypto";
import { type IdKind, idOf } from "@scanmeter/core";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

let lastMs = 0;
let lastRandom = 0n;

/**
 * A new id whose text sorts by the time it was minted: 48 bits of milliseconds and 80 random ones,
 * as in the ULID specification, in lower case. Within a millisecond the random part counts up.
 */
export function mintId<Kind extends IdKind>(kind: Kind) {
  const ms = Math.max(lastMs, Date.now());
  lastRandom =
    ms === lastMs
      ? lastRandom + 1n
      : randomBytes(10).reduce((n, byte) => (n << 8n) | BigInt(byte), 0n) >> 1n;
  lastMs = ms;
  let value = (BigInt(ms) << 80n) | lastRandom;
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return idOf(kind, text);
}
