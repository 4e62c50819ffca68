/**
 * Signing up, in and out. The library owns passwords, sessions and their cookies; this file owns the
 * choices. Its writes go over the product's one connection, one statement each, never a transaction.
 */
import type { Database } from "@scanmeter/db";
import { authSchema } from "@scanmeter/db/schema";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { drizzle } from "drizzle-orm/libsql";
import type { Logger } from "pino";
import { line } from "../inputs.ts";
import type { EdgeLimits, RateLimit } from "../limits.ts";
import type { Mail } from "../mail.ts";
import { Attempts } from "./attempts.ts";

/**
 * The client's address as the edge saw it. Whatever a client sends under this name is replaced, so
 * nobody chooses the address they are counted under.
 */
export const ADDRESS_HEADER = "x-scanmeter-address";

const SESSION_DAYS = 7;
const DAY_SECONDS = 24 * 60 * 60;

/** Parts of the library that the product does not offer; a door that is not used is not there. */
const disabledPaths = [
  "/sign-in/social",
  "/link-social",
  "/unlink-account",
  "/get-access-token",
  "/refresh-token",
  "/account-info",
  "/list-accounts",
  "/update-session",
  "/delete-user",
  "/delete-user/callback",
  "/change-email",
  "/error",
];

export interface AuthDeps {
  readonly database: Database;
  readonly publicUrl: string;
  readonly secret: string;
  readonly limits: EdgeLimits;
  readonly log: Logger;
  readonly mail: Mail;
}

export type Auth = ReturnType<typeof createAuth>;

export function createAuth({ database, publicUrl, secret, limits, log, mail }: AuthDeps) {
  return betterAuth({
    appName: "Scanmeter",
    baseURL: publicUrl,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [publicUrl],
    disabledPaths,
    telemetry: { enabled: false },
    database: drizzleAdapter(drizzle(database.client), {
      provider: "sqlite",
      schema: authSchema,
      transaction: false,
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 8,
      maxPasswordLength: 128,
      // Whoever asked for a new password may have lost the old one to somebody else.
      revokeSessionsOnPasswordReset: true,
      // Not awaited: the answer must take as long for an address nobody has.
      sendResetPassword: async ({ user, url }) => {
        void mail({
          to: user.email,
          subject: "Choose a new password for Scanmeter",
          text: `Hello ${user.name},\n\nsomebody asked for a new password for this address. If it was you, choose one here within the hour:\n\n${url}\n\nIf it was not you, there is nothing to do.\n`,
        }).catch((error: unknown) => log.error({ err: error }, "a password reset was not mailed"));
      },
    },
    databaseHooks: {
      user: { create: { before: checkedUser }, update: { before: checkedUser } },
    },
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: true,
      customStorage: new Attempts(),
      ...rule(limits.otherAuth),
      customRules: {
        "/sign-in/*": rule(limits.signIn),
        "/sign-up/*": rule(limits.signUp),
        "/request-password-reset": rule(limits.passwordReset),
        "/reset-password": rule(limits.passwordReset),
        "/change-password": rule(limits.signIn),
        "/verify-password": rule(limits.signIn),
      },
    },
    advanced: {
      cookiePrefix: "scanmeter",
      useSecureCookies: publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      // Both checks are on whatever the environment says; the library switches them off in tests.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    // What is unexpected goes to the edge's own error handler; the library would print it, with the
    // values of the failed query.
    onAPIError: { throw: true },
    logger: {
      // No level of its own: with one, the library also writes to the console by itself.
      log(level, message, ...details: unknown[]) {
        const err = details.find((detail) => detail instanceof Error);
        log[level === "error" ? "warn" : "debug"]({ part: "auth", ...(err && { err }) }, message);
      },
    },
  });
}

const personName = line(100);

/** The library takes any text as a name and any as a picture. A name is a line; there are no pictures. */
async function checkedUser(user: { name?: string | undefined }) {
  if (user.name === undefined) return { data: { ...user, image: null } };
  const name = personName.safeParse(user.name);
  if (!name.success) {
    const message = "A name is one line of 1 to 100 characters.";
    throw new APIError("BAD_REQUEST", { code: "INVALID_NAME", message });
  }
  return { data: { ...user, name: name.data, image: null } };
}

function rule({ windowSeconds, max }: RateLimit) {
  return { window: windowSeconds, max };
}
