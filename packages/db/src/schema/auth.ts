/**
 * Who signs in: people, their sessions and what proves them. The columns are the auth library's; the
 * ledger knows a person only by the id. Instants are epoch milliseconds here as everywhere. A column that
 * is ours is unknown to the library, which neither sets nor shows it.
 */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const instantColumn = (name: string) => integer(name, { mode: "timestamp_ms" });

export const authUser = sqliteTable("auth_user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text("image"),
  createdAt: instantColumn("created_at").notNull(),
  updatedAt: instantColumn("updated_at").notNull(),
  /** Ours: the account chosen last, in whichever session. The next session begins with it. */
  lastAccountId: text("last_account_id"),
});

export const authSession = sqliteTable(
  "auth_session",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: text("user_id")
      .notNull()
      .references(() => authUser.id, { onDelete: "cascade" }),
    expiresAt: instantColumn("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: instantColumn("created_at").notNull(),
    updatedAt: instantColumn("updated_at").notNull(),
    /** Ours: the account this session acts for, if one was chosen. `sessions_begin` sets it at sign-in. */
    activeAccountId: text("active_account_id"),
  },
  (table) => [index("auth_session_user").on(table.userId)],
);

/** A way to sign in (here: a password). The library calls it an account; it owns no credits. */
export const authAccount = sqliteTable(
  "auth_account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => authUser.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instantColumn("access_token_expires_at"),
    refreshTokenExpiresAt: instantColumn("refresh_token_expires_at"),
    scope: text("scope"),
    /** A salted scrypt hash; the password itself is nowhere. */
    password: text("password"),
    createdAt: instantColumn("created_at").notNull(),
    updatedAt: instantColumn("updated_at").notNull(),
  },
  (table) => [index("auth_account_user").on(table.userId)],
);

/** One-time values, such as a password reset that was mailed. */
export const authVerification = sqliteTable(
  "auth_verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instantColumn("expires_at").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    updatedAt: instantColumn("updated_at").notNull(),
  },
  (table) => [index("auth_verification_identifier").on(table.identifier)],
);

/** By the names the auth library's adapter looks them up under. */
export const authSchema = {
  user: authUser,
  session: authSession,
  account: authAccount,
  verification: authVerification,
};
