import { randomUUID } from "node:crypto";
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
  lastRandom = ms === lastMs ? lastRandom + 1n : random80() >> 1n;
  lastMs = ms;
  let value = (BigInt(ms) << 80n) | lastRandom;
  let text = "";
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return idOf(kind, text);
}

/** Of a random UUID, whose bytes the runtime draws in advance, the parts that are random throughout. */
function random80(): bigint {
  const uuid = randomUUID();
  return BigInt(`0x${uuid.slice(0, 8)}${uuid.slice(-12)}`);
}
