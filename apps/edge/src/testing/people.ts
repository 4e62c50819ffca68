/**
 * People who have signed up already, for tests that are not about signing up. The sign-in library puts
 * them there, as behind its door; only their password, the same for all of them, is hashed just once,
 * because hashing is slow on purpose and would take longer than what is tested.
 */
import { createHmac } from "node:crypto";
import { credits } from "@scanmeter/core";
import type { Operations } from "@scanmeter/operations";
import { pino } from "pino";
import { type Auth, createAuth } from "../auth/auth.ts";
import { defaultLimits } from "../limits.ts";
import { type HttpClient, httpClient } from "./clients.ts";

export interface TestCustomer {
  readonly email: string;
  readonly password: string;
  readonly cookie: string;
  readonly userId: string;
  readonly accountId: string;
  readonly api: HttpClient;
}

const PASSWORD = "a password of a test";

let people = 0;
let hash: Promise<string> | null = null;

export class People {
  readonly #url: string;
  readonly #operations: Operations;
  readonly #secret: string;
  readonly #auth: Auth;

  constructor(on: { readonly url: string; operations: Operations; readonly secret: string }) {
    this.#url = on.url;
    this.#operations = on.operations;
    this.#secret = on.secret;
    this.#auth = createAuth({
      database: on.operations.database,
      publicUrl: on.url,
      secret: on.secret,
      limits: defaultLimits,
      log: pino({ enabled: false }),
      mail: () => Promise.reject(new Error("Nobody here asks for a mail.")),
    });
  }

  /** Somebody with an account of their own and ten credits. */
  async signUp(name: string): Promise<TestCustomer> {
    people += 1;
    const email = `${name.toLowerCase()}-${people}@example.test`;
    const userId = await this.#addUser(name, email);
    const cookie = await this.openSession(userId);
    const api = httpClient(this.#url, { cookie, origin: this.#url });
    const { account } = await api.me.query();
    await this.#operations.grantCredits({
      accountId: account.id,
      credits: credits(10),
      kind: "paid",
      source: "a test",
      key: `welcome-${account.id}`,
    });
    return { email, password: PASSWORD, cookie, userId, accountId: account.id, api };
  }

  /** As signing in once more does, from another browser; answers the cookie. */
  async openSession(userId: string): Promise<string> {
    const { internalAdapter, authCookies } = await this.#auth.$context;
    const { token } = await internalAdapter.createSession(userId);
    const signature = createHmac("sha256", this.#secret).update(token).digest("base64");
    return `${authCookies.sessionToken.name}=${encodeURIComponent(`${token}.${signature}`)}`;
  }

  async #addUser(name: string, email: string): Promise<string> {
    const { internalAdapter, password } = await this.#auth.$context;
    hash ??= password.hash(PASSWORD);
    const user = await internalAdapter.createUser(
      { name, email, emailVerified: false },
      { method: "email-password" },
    );
    await internalAdapter.linkAccount({
      userId: user.id,
      providerId: "credential",
      accountId: user.id,
      password: await hash,
    });
    return user.id;
  }
}
