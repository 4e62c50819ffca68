/** The header by which a receiver knows that a webhook is ours, and when it was sent. */
import { createHmac } from "node:crypto";

export function signatureHeader(body: string, secret: string, seconds: number): string {
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}
