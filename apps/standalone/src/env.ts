/**
 * Everything the process is told from outside, read and checked once, before anything starts. The
 * only file that reads the environment. What is wrong is told all at once, each by its name.
 */
import { resolve } from "node:path";
import type { SellerDetails } from "@scanmeter/core/documents";
import { z } from "zod";
import { type PaymentsEnv, paymentFields, readPaymentMode } from "./env/payments.ts";
import { readSeller, sellerFields } from "./env/seller.ts";

export type { PaymentsEnv } from "./env/payments.ts";

export interface Env {
  readonly host: string;
  /** 0 asks for any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly databaseAuthToken: string | undefined;
  readonly redisUrl: string;
  /** Null where it follows from the port. */
  readonly publicUrl: string | null;
  readonly logLevel: LogLevel;
  /** Null where a sandbox makes its own. */
  readonly authSecret: string | null;
  readonly mail: { readonly smtpUrl: string | null; readonly from: string };
  /** Null outside the sandbox: with a real Stripe's keys, and in production, no sandbox feature exists. */
  readonly sandbox: { readonly seed: "demo" | "none" } | null;
  /** Null where nothing can be bought; everything else works. */
  readonly payments: PaymentsEnv | null;
  /** Null where nothing can be bought and nobody said who sells. */
  readonly seller: SellerDetails | null;
}

export type OpsEnv = Pick<Env, "dataDir" | "databaseUrl" | "databaseAuthToken">;

type LogLevel = (typeof logLevels)[number];
const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** One message that names everything that is bad or missing. */
export class BadEnvironment extends Error {
  override readonly name = "BadEnvironment";
}

const SECRET_LENGTH_MIN = 32;

function urlWith(schemes: readonly string[]) {
  const named = `must be an address that starts with ${schemes.join(" or ")}`;
  return z
    .string()
    .refine((value) => schemes.some((scheme) => value.startsWith(scheme)) && URL.canParse(value), {
      error: named,
      abort: true,
    });
}

function originWith(schemes: readonly string[]) {
  return urlWith(schemes)
    .refine((value) => isOrigin(value), "must be an address without a path")
    .transform((value) => new URL(value).origin);
}

const opsSchema = z.object({
  DATA_DIR: z.string().default(".data"),
  DATABASE_URL: z
    .string()
    .regex(
      /^(file:.+|(https?|libsql):\/\/.+)$/,
      "must start with file:, http://, https:// or libsql://",
    )
    .optional(),
  DATABASE_AUTH_TOKEN: z.string().optional(),
});

const schema = opsSchema.extend({
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, "must be a host name or an address")
    .default("127.0.0.1"),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, "must be a port, 0 to 65535")
    .transform(Number)
    .refine((port) => port <= 65_535, "must be a port, 0 to 65535")
    .default(3000),
  REDIS_URL: z
    .string("is missing; npm start sets it, or name a Redis such as redis://127.0.0.1:6379")
    .pipe(urlWith(["redis://", "rediss://"])),
  PUBLIC_URL: originWith(["http://", "https://"]).optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info"),
  AUTH_SECRET: z
    .string()
    .min(SECRET_LENGTH_MIN, `must have at least ${SECRET_LENGTH_MIN} characters`)
    .optional(),
  SMTP_URL: urlWith(["smtp://", "smtps://"]).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^([^<>\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, "must be a mail address")
    .default("Scanmeter <no-reply@scanmeter.test>"),
  STRIPE_API_BASE: originWith(["http://", "https://"]).optional(),
  ...paymentFields,
  ...sellerFields,
  SANDBOX_SEED: z.enum(["demo", "none"], "must be demo or none").optional(),
  NODE_ENV: z.string().optional(),
});

type Source = Readonly<Record<string, string | undefined>>;

export function readEnv(source: Source = process.env): Env {
  const parsed = schema.safeParse(withoutEmpty(source));
  const values = withoutEmpty(source);
  const problems = parsed.success ? [] : problemsOf(parsed.error);

  const mode = readPaymentMode(values);
  const seller = readSeller(values, mode);
  problems.push(...mode.problems, ...seller.problems);
  if (!mode.isSandbox) {
    if (values.AUTH_SECRET === undefined)
      problems.push("AUTH_SECRET is missing; it is required outside the sandbox");
  }
  if (!parsed.success || problems.length > 0) throw badEnvironment(problems);

  const env = parsed.data;
  return {
    host: env.HOST,
    port: env.PORT,
    ...opsEnvOf(env),
    redisUrl: env.REDIS_URL,
    publicUrl: env.PUBLIC_URL ?? null,
    logLevel: env.LOG_LEVEL,
    authSecret: env.AUTH_SECRET ?? null,
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
    sandbox: mode.isSandbox ? { seed: env.SANDBOX_SEED ?? "demo" } : null,
    payments: mode.payments,
    seller: seller.seller,
  };
}

export type OpsPayments = PaymentsEnv & { readonly seller: SellerDetails };

/** The part the operator's commands need. */
export function readOpsEnv(source: Source = process.env): OpsEnv {
  const parsed = opsSchema.safeParse(withoutEmpty(source));
  if (!parsed.success) throw badEnvironment(problemsOf(parsed.error));
  return opsEnvOf(parsed.data);
}

/**
 * The part an operator's command needs that speaks to the payment gateway itself, without a running
 * instance. Null in a sandbox, whose local Stripe runs only while the sandbox does.
 */
export function readOpsPayments(source: Source = process.env): OpsPayments | null {
  const values = withoutEmpty(source);
  const mode = readPaymentMode(values);
  const { seller, problems } = readSeller(values, mode);
  if (mode.isSandbox || mode.payments === null || seller === null) return null;
  const wrong = [...mode.problems, ...problems];
  if (wrong.length > 0) throw badEnvironment(wrong);
  return { ...mode.payments, seller };
}

function opsEnvOf(env: z.output<typeof opsSchema>): OpsEnv {
  const dataDir = resolve(env.DATA_DIR);
  return {
    dataDir,
    databaseUrl: env.DATABASE_URL ?? `file:${pathInUrl(dataDir)}/scanmeter.db`,
    databaseAuthToken: env.DATABASE_AUTH_TOKEN,
  };
}

// A folder may have a name that means something else in an address.
const pathInUrl = (path: string) => path.split("/").map(encodeURIComponent).join("/");

// A variable that is set to nothing was meant to be left out.
function withoutEmpty(source: Source): Record<string, string> {
  return Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) =>
      value?.trim() ? [[name, value.trim()]] : [],
    ),
  );
}

function problemsOf(error: z.ZodError): string[] {
  return error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
}

function badEnvironment(problems: readonly string[]): BadEnvironment {
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  return new BadEnvironment(`The environment is not usable:\n${list}`);
}

function isOrigin(value: string): boolean {
  const { pathname, search, hash, username } = new URL(value);
  return pathname === "/" && search === "" && hash === "" && username === "";
}
