/** Everything the process is told from outside: arguments for what may be seen, the environment for the secret. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { LocalStripeOptions } from "./local-stripe.ts";

export const USAGE = `local-stripe [--port 12111] [--data-dir .data/stripe] [--webhook <url>]... [--controls]
             [--public-url <url>] [--business-name <name>] [--consequences-after-ms 1000]
  LOCAL_STRIPE_WEBHOOK_SECRET  signs what goes to every --webhook (whsec_...)`;

/** One sentence for the person at the keyboard. */
export class BadArguments extends Error {
  override readonly name = "BadArguments";
}

export function readEnv(
  argv: readonly string[] = process.argv.slice(2),
  env: NodeJS.ProcessEnv = process.env,
): LocalStripeOptions {
  const given = parse(argv);
  const secret = env.LOCAL_STRIPE_WEBHOOK_SECRET ?? "";
  const urls = given.webhook ?? [];
  if (urls.length > 0 && secret === "")
    throw new BadArguments("--webhook needs LOCAL_STRIPE_WEBHOOK_SECRET.");
  for (const url of [...urls, ...(given["public-url"] ? [given["public-url"]] : [])])
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new BadArguments(`${url} is no address.`);
  const publicUrl = given["public-url"];
  const businessName = given["business-name"];
  return {
    port: wholeNumber("--port", given.port, 65_535),
    dataDir: resolve(given["data-dir"]),
    webhooks: urls.map((url) => ({ url, secret })),
    hasControls: given.controls,
    consequencesAfterMs: wholeNumber(
      "--consequences-after-ms",
      given["consequences-after-ms"],
      86_400_000,
    ),
    ...(publicUrl !== undefined && { publicUrl: new URL(publicUrl).origin }),
    ...(businessName !== undefined && { businessName }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        port: { type: "string", default: "12111" },
        "data-dir": { type: "string", default: ".data/stripe" },
        webhook: { type: "string", multiple: true },
        controls: { type: "boolean", default: false },
        "public-url": { type: "string" },
        "business-name": { type: "string" },
        "consequences-after-ms": { type: "string", default: "1000" },
      },
    }).values;
  } catch (error) {
    throw new BadArguments(error instanceof Error ? error.message : "The arguments are wrong.");
  }
}

function wholeNumber(name: string, text: string, max: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > max)
    throw new BadArguments(`${name} must be a whole number up to ${max}.`);
  return Number(text);
}

/** The key with which the contract is held against the real Stripe; none means against our own. */
export function realStripeKey(env: NodeJS.ProcessEnv = process.env): string | null {
  const key = env.STRIPE_SECRET_KEY ?? "";
  if (key === "") return null;
  if (!key.startsWith("sk_test_") || key.startsWith("sk_test_standin_"))
    throw new BadArguments("STRIPE_SECRET_KEY must be a test key of a real Stripe account.");
  return key;
}
